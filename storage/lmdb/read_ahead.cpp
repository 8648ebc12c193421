// See read_ahead.hpp.
#include "storage/lmdb/read_ahead.hpp"

#include <algorithm>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

namespace mentat_sync {
namespace {

std::uintptr_t address_of(const void* at) {
  return reinterpret_cast<std::uintptr_t>(at);
}

std::uintptr_t page_of(std::uintptr_t address) {
  static const auto page_bytes = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  return address / page_bytes * page_bytes;
}

/// One call reads no further than the disk's own read-ahead goes, which is this by default.
constexpr std::uintptr_t step_bytes = 128 * 1024;

/// From a page's beginning on.
void advise(std::uintptr_t begin, std::uintptr_t end) {
  for (; begin < end; begin += step_bytes) {
    const std::uintptr_t size = std::min(step_bytes, end - begin);
    // Whether it is followed or not, what is read is the same.
    static_cast<void>(::madvise(reinterpret_cast<void*>(begin), size, MADV_WILLNEED));
  }
}

/// Whether this thread has had to wait for the disk of late. While all that is read is in memory,
/// advice only costs: a tenth of a GET of 64 KiB.
bool waits_for_disk() {
  constexpr unsigned looks_after = 64;
  struct Faults {
    long count = 0;
    bool had_any = true;
    unsigned calls_left = 0;
  };
  thread_local Faults faults;
  if (faults.calls_left-- == 0) {
    rusage usage{};
    getrusage(RUSAGE_THREAD, &usage);
    faults = {usage.ru_majflt, usage.ru_majflt != faults.count, looks_after};
  }
  return faults.had_any;
}

}  // namespace

void will_need(format::Bytes bytes) {
  if (bytes.size() < read_whole_bytes || !waits_for_disk()) return;
  const std::uintptr_t begin = address_of(bytes.data());
  advise(page_of(begin), begin + bytes.size());
}

void ReadAhead::following(format::Bytes bytes) {
  const std::uintptr_t begin = address_of(bytes.data());
  const std::uintptr_t end = begin + bytes.size();
  const std::uintptr_t last_end = std::exchange(last_end_, end);
  const bool is_near = begin + near_bytes >= last_end && begin <= last_end + near_bytes;
  row_bytes_ = is_near ? row_bytes_ + bytes.size() : bytes.size();
  if (begin >= begin_ && end <= end_) return;
  if (!is_near) return will_need(bytes);
  if (row_bytes_ < row_bytes_min || !waits_for_disk()) return;
  // From the page on: small payloads fill theirs from its end.
  begin_ = page_of(begin);
  end_ = end + std::min(row_bytes_, window_bytes);
  advise(begin_, end_);
}

}  // namespace mentat_sync
