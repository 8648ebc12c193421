// CopyProcess: LMDB's compacting copy of a store, made by a child process and read from a pipe.
//
// In a child because LMDB follows what stands in its file: a damaged one can end the process. And
// because the child ends by itself when nobody reads the pipe any more, and frees its snapshot in
// the table of readers, however this process ended.
//
// Thread-safety: one thread, the process's only one (fork).
// Ownership: owns the child; the destructor waits for its end, which closing the pipe brings.
// Failures: a Status; corrupt when the child was ended by what it read.
// Source: lmdb.h (mdb_env_copyfd2, MDB_CP_COMPACT).
#pragma once

#include "storage/result.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <sys/types.h>

namespace mentat_sync {

class CopyProcess {
 public:
  static Result<CopyProcess> start(const std::filesystem::path& directory);
  ~CopyProcess();
  CopyProcess(CopyProcess&& other) noexcept;
  CopyProcess& operator=(CopyProcess&&) = delete;

  /// The next bytes of the copy; empty at its end.
  Result<std::string> read();
  /// At the end of the bytes: whether they are all.
  Status finish();

 private:
  CopyProcess(pid_t child, int bytes, int verdict)
      : child_(child), bytes_(bytes), verdict_(verdict) {}

  pid_t child_;
  int bytes_;
  /// What the child says at its end: LMDB's code.
  int verdict_;
};

}  // namespace mentat_sync
