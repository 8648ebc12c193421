// BenchDirectory: where a benchmark keeps its stores, which may be large: gone with the object,
// also when the benchmark fails. What one that was killed has left goes when the next begins.
//
// Thread-safety: immutable after construction. Failures: the constructor throws
// std::filesystem::filesystem_error; the destructor ignores what it cannot remove.
#pragma once

#include <filesystem>
#include <system_error>
#include <utility>

namespace mentat_sync {

class BenchDirectory {
 public:
  explicit BenchDirectory(std::filesystem::path path) : path_(std::move(path)) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~BenchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  BenchDirectory(const BenchDirectory&) = delete;
  BenchDirectory& operator=(const BenchDirectory&) = delete;

 private:
  const std::filesystem::path path_;
};

}  // namespace mentat_sync
