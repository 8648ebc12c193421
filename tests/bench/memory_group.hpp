// MemoryGroup: a control group that bounds the memory of the processes in it, what the system holds
// of their files included.
//
// Thread-safety: one thread.
// Ownership: the group is removed with the object; the processes in it must have ended before. One
// whose benchmark was killed is removed when the next is made.
// Failures: make() says why there can be none; add() throws std::system_error.
// Source: Linux' Documentation/admin-guide/cgroup-v1/memory.rst and cgroup-v2.rst.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>

namespace mentat_sync {

class MemoryGroup {
 public:
  /// Of version 1 where that has the memory, else of version 2. Nothing, and `why_not`, where this
  /// user may make none.
  static std::optional<MemoryGroup> make(std::uint64_t limit_bytes, std::string& why_not);

  ~MemoryGroup();
  MemoryGroup(MemoryGroup&& other) noexcept;
  MemoryGroup(const MemoryGroup&) = delete;
  MemoryGroup& operator=(const MemoryGroup&) = delete;

  /// What the process takes from now on is bounded; what it has already is not counted.
  void add(pid_t process) const;

 private:
  explicit MemoryGroup(std::filesystem::path directory) : directory_(std::move(directory)) {}

  std::filesystem::path directory_;
};

}  // namespace mentat_sync
