// Bodies that are made while they are sent, each in a way that a test of connections wants to see.
//
// Targets: /stream/N (N pieces "0;", "1;"…), /stream-big/N (N pieces of `big_piece_bytes`),
// /stream-later (the test hands over the pieces), /stream-worker/N (as /stream, from another
// thread), /stream-empty ("a" and "b" among empty pieces), /stream-fail ("half", then a failure),
// /stream-throw ("half", then an exception each time), /endless (as /stream-big, without end),
// /endless-later, /work/N and /work-empty (as /stream/N and /stream-empty, of a source that works).
#pragma once

#include "http/body_source.hpp"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace mentat_sync {

inline constexpr std::size_t big_piece_bytes = 100'000;

/// The pieces that the sources of a test were asked for.
///
/// Thread-safety: every function may be called from any thread.
class AskedPieces {
 public:
  ~AskedPieces();

  /// How many.
  std::size_t count() const { return count_; }
  /// How many sources are alive.
  std::size_t sources() const { return sources_; }
  /// Waits for a piece to be asked of a source that leaves it to the test.
  TakePiece take_asked();

 private:
  friend class ScriptedSource;

  std::mutex mutex_;  // protects asked_
  std::condition_variable changed_;
  std::vector<TakePiece> asked_;
  std::atomic<std::size_t> count_{0};
  std::atomic<std::size_t> sources_{0};
};

/// Nothing for a target that has no such body.
std::shared_ptr<BodySource> scripted_source(const std::string& target, AskedPieces& pieces);

}  // namespace mentat_sync
