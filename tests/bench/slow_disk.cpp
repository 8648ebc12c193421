// A disk that syncs as seldom as one without a cache of its own: a library to preload, under which
// whatever makes data durable takes at least so many microseconds as SLOW_DISK_SYNC_US says. On a
// disk that syncs many thousand times a second it is the processor that writes wait for, and what a
// group commit is worth does not show.
//
// What it knows of: fdatasync, fsync, and short writes to a file opened with O_DSYNC, which is how
// LMDB writes its meta page.
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

namespace {

constexpr std::size_t longest_meta_bytes = 512;
constexpr std::int64_t ns_a_second = 1'000'000'000;

std::int64_t least_ns() {
  static const std::int64_t ns = [] {
    const char* us = std::getenv("SLOW_DISK_SYNC_US");
    return us == nullptr ? 0 : std::atoll(us) * 1000;
  }();
  return ns;
}

timespec now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time;
}

void sleep_until_least(timespec begun) {
  const std::int64_t end_ns = begun.tv_nsec + least_ns();
  const timespec end{begun.tv_sec + end_ns / ns_a_second, end_ns % ns_a_second};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, nullptr) != 0) {
  }
}

template <class Call>
Call* next(const char* name) {
  return reinterpret_cast<Call*>(dlsym(RTLD_NEXT, name));
}

bool is_synced(int file, std::size_t bytes) {
  return bytes <= longest_meta_bytes && (fcntl(file, F_GETFL) & O_DSYNC) != 0;
}

template <class Call>
auto slowly(Call call) {
  const timespec begun = now();
  const auto result = call();
  sleep_until_least(begun);
  return result;
}

}  // namespace

extern "C" {

int fdatasync(int file) {
  static auto* const call = next<int(int)>("fdatasync");
  return slowly([&] { return call(file); });
}

int fsync(int file) {
  static auto* const call = next<int(int)>("fsync");
  return slowly([&] { return call(file); });
}

ssize_t pwrite(int file, const void* bytes, std::size_t count, off_t at) {
  static auto* const call = next<ssize_t(int, const void*, std::size_t, off_t)>("pwrite");
  if (!is_synced(file, count)) return call(file, bytes, count, at);
  return slowly([&] { return call(file, bytes, count, at); });
}

// The same under its other name; off_t has 64 bits.
ssize_t pwrite64(int file, const void* bytes, std::size_t count, off64_t at) {
  return pwrite(file, bytes, count, at);
}
}
