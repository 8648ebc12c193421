// Progress: a bar on a terminal for what takes a while.
//
// Thread-safety: one thread. Ownership: the stream must outlive it; the destructor removes the bar.
// Failures: none; what cannot be drawn is not.
// Units: those of `total` and advance(); bytes are shown as such when there are many.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace mentat_sync {

class Progress {
 public:
  /// `total` 0: not known, then only what is done is shown. Not `enabled`: nothing is ever drawn.
  Progress(std::ostream& out, std::string label, std::uint64_t total, bool enabled);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Draws at most every 100 ms.
  void advance(std::uint64_t by);

 private:
  using Clock = std::chrono::steady_clock;

  std::string text() const;
  void draw();

  std::ostream& out_;
  const std::string label_;
  const std::uint64_t total_;
  const bool enabled_;
  std::uint64_t done_ = 0;
  bool drawn_ = false;
  Clock::time_point next_draw_;
};

/// `line` (UTF-8), cut where the terminal of standard error would wrap it: what is wrapped is not
/// erased when the line is drawn again.
std::string fitting_terminal(std::string line);
/// The same for so many columns; one of them stays free, for the cursor.
std::string fitting(std::string line, std::size_t columns);

/// Whether a bar makes sense: standard error is a terminal, and not a dumb one.
bool progress_wanted();

}  // namespace mentat_sync
