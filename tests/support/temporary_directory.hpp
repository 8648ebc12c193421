// TemporaryDirectory: an empty directory of a test's own, gone with the object.
//
// Thread-safety: immutable after construction.
// Failures: the constructor throws std::runtime_error; the destructor ignores what it cannot
// remove.
#pragma once

#include <filesystem>

namespace mentat_sync {

class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace mentat_sync
