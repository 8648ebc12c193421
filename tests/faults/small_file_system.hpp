// SmallFileSystem: a tmpfs of a given size in a mount namespace of this process's own, for tests
// that fill a disk.
//
// Thread-safety: make one while the process has a single thread: it moves the process to another
// namespace.
// Ownership and lifetime: unmounts when destroyed; end the programs that use it before.
// Failures: mounted() is false and why_not() says why, where the system does not permit it.
#pragma once

#include "support/temporary_directory.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace mentat_sync {

class SmallFileSystem {
 public:
  explicit SmallFileSystem(std::uint64_t size_bytes);
  ~SmallFileSystem();
  SmallFileSystem(const SmallFileSystem&) = delete;
  SmallFileSystem& operator=(const SmallFileSystem&) = delete;

  bool mounted() const { return mounted_; }
  const std::string& why_not() const { return why_not_; }
  const std::filesystem::path& path() const { return directory_.path(); }

 private:
  bool enter_namespace();
  bool failed(const std::string& call);

  TemporaryDirectory directory_;
  std::string why_not_;
  bool mounted_ = false;
};

}  // namespace mentat_sync
