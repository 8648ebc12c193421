// The system's functions that LMDB and the store read, map and write files with, each of which
// fails when it is its turn. A shared library calls the program's function where the program has
// one of that name.
#include "lmdb_faults.hpp"

#include <cerrno>
#include <dlfcn.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/uio.h>

using mentat_sync::faults::due;
using mentat_sync::faults::short_write;

namespace {

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

int failed(int code) {
  errno = code;
  return -1;
}

}  // namespace

extern "C" {

int fdatasync(int descriptor) {
  static const auto real = next<int(int)>("fdatasync");
  const int code = due("fdatasync");
  return code ? failed(code) : real(descriptor);
}

int fsync(int descriptor) {
  static const auto real = next<int(int)>("fsync");
  const int code = due("fsync");
  return code ? failed(code) : real(descriptor);
}

int ftruncate(int descriptor, off_t size) noexcept {
  static const auto real = next<int(int, off_t)>("ftruncate");
  const int code = due("ftruncate");
  return code ? failed(code) : real(descriptor, size);
}

int posix_fallocate(int descriptor, off_t offset, off_t size) {
  static const auto real = next<int(int, off_t, off_t)>("posix_fallocate");
  const int code = due("posix_fallocate");
  return code ? code : real(descriptor, offset, size);
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
  static const auto real = next<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  const int code = due("pwrite");
  if (code == short_write) return real(descriptor, bytes, size / 2, offset);
  return code ? failed(code) : real(descriptor, bytes, size, offset);
}

ssize_t pread(int descriptor, void* bytes, size_t size, off_t offset) {
  static const auto real = next<ssize_t(int, void*, size_t, off_t)>("pread");
  const int code = due("pread");
  return code ? failed(code) : real(descriptor, bytes, size, offset);
}

#ifndef __SANITIZE_THREAD__
void* mmap(void* at, size_t size, int protection, int flags, int descriptor,
           off_t offset) noexcept {
  static const auto real = next<void*(void*, size_t, int, int, int, off_t)>("mmap");
  const int code = due("mmap");
  if (code == 0) return real(at, size, protection, flags, descriptor, offset);
  errno = code;
  return MAP_FAILED;
}
#endif

/// Half of it: the first half of the buffers, of which LMDB has at least two.
ssize_t writev(int descriptor, const iovec* buffers, int count) {
  static const auto real = next<ssize_t(int, const iovec*, int)>("writev");
  const int code = due("writev");
  if (code == short_write && count > 1) return real(descriptor, buffers, count / 2);
  return code && code != short_write ? failed(code) : real(descriptor, buffers, count);
}
}
