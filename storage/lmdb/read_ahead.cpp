// See read_ahead.hpp.
#include "storage/lmdb/read_ahead.hpp"

#include <algorithm>
#include <sys/mman.h>
#include <unistd.h>

namespace mentat_sync {
namespace {

std::uintptr_t address_of(const void* at) {
  return reinterpret_cast<std::uintptr_t>(at);
}

/// From the page that `begin` is on.
void advise(std::uintptr_t begin, std::uintptr_t end) {
  static const auto page_bytes = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const std::uintptr_t first = begin / page_bytes * page_bytes;
  // Whether it is followed or not, what is read is the same.
  static_cast<void>(::madvise(reinterpret_cast<void*>(first), end - first, MADV_WILLNEED));
}

}  // namespace

void will_need(format::Bytes payload) {
  if (payload.size() < read_whole_bytes) return;
  const std::uintptr_t begin = address_of(payload.data());
  advise(begin, begin + payload.size());
}

void ReadAhead::following(format::Bytes payload) {
  const std::uintptr_t begin = address_of(payload.data());
  if (begin >= begin_ && begin + payload.size() <= end_) return;
  begin_ = begin;
  end_ = begin + std::max(payload.size(), window_bytes);
  advise(begin_, end_);
}

}  // namespace mentat_sync
