// Reading ahead, by hand: LMDB's map is opened without the kernel's own (MDB_NORDAHEAD), which
// would read megabytes around each page that is not in memory and drop as much of what others use.
// Instead the store says what it is about to read: a large payload, or the payloads and the pull
// records that follow one another in a log. See docs/decisions/0029.
//
// Thread-safety: a ReadAhead belongs to its transaction's thread; will_need() is any thread's.
// Failures: none that matter: it is advice, and what is not read ahead is read when it is touched.
// It may reach beyond the map's end, where it is advice about nothing, or to others who need it.
// Source: madvise(2), MADV_WILLNEED: it begins to read, and does not wait.
#pragma once

#include "storage/lmdb/format.hpp"

#include <cstddef>
#include <cstdint>

namespace mentat_sync {

/// From this size on bytes are asked for as a whole: below it the call costs as much as the page
/// faults that it saves.
inline constexpr std::size_t read_whole_bytes = 16 * 1024;

/// Has those of them read that are not in memory, if they are many and the calling thread has had
/// to wait for the disk of late.
void will_need(format::Bytes bytes);

class ReadAhead {
 public:
  /// Bytes that follow those before them in a log: where many have lain near each other in a row,
  /// as much again is likely to. Where many logs grew side by side they do not.
  void following(format::Bytes bytes);

 private:
  /// The furthest that it reads ahead: about what a piece of a pull takes.
  static constexpr std::size_t window_bytes = 256 * 1024;

  /// A few pages of other tables and keys come between those of one log.
  static constexpr std::size_t near_bytes = 16 * 1024;
  /// A page that is there already needs no asking.
  static constexpr std::size_t row_bytes_min = 4 * 1024;

  /// Where the bytes before ended; 0: there were none.
  std::uintptr_t last_end_ = 0;
  /// How many came one near the other.
  std::size_t row_bytes_ = 0;
  /// What has been asked for; 0: nothing.
  std::uintptr_t begin_ = 0;
  std::uintptr_t end_ = 0;
};

}  // namespace mentat_sync
