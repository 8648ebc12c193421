// KillRun: one data directory that lives through hundreds of kill -9, devices at work at each of
// them, and the record of all that was acknowledged, kept in this process.
//
// After each kill the server is started again, and must have all that was acknowledged; what was in
// flight is there whole, or not at all. Every few kills `mentat-sync check` looks at the files as
// the kill left them.
//
// Thread-safety: one thread. Failures: reported through GoogleTest, in a test or outside of one;
// std::runtime_error when the server does not start again.
#pragma once

#include "push_ledger.hpp"
#include "support/server_process.hpp"
#include "upload_ledger.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <random>

namespace mentat_sync {

class KillRun {
 public:
  struct Figures {
    std::size_t kills = 0;
    std::size_t kills_while_starting = 0;
    std::size_t kills_after_an_answer = 0;
    std::size_t checks = 0;
    std::size_t acknowledged = 0;
    std::size_t verified = 0;
    /// Pushes in flight at a kill that had been applied, and that had not.
    std::size_t applied_in_flight = 0;
    std::size_t lost_in_flight = 0;
  };

  explicit KillRun(std::uint64_t seed);

  /// One round: devices at work, kill, perhaps more of them while it starts, start, verify.
  void round();
  Figures figures() const;

 private:
  void let_devices_work_and_kill();
  void await_the_moment();
  void kill_while_starting();
  void check_the_files();
  void verify();
  std::size_t acknowledged() const;

  std::mt19937_64 random_;
  std::deque<UploadLedger> uploads_;
  std::deque<PushLedger> pushes_;
  ServerProcess server_;
  std::size_t rounds_ = 0;
  Figures figures_;
};

/// Rounds until both are reached, the kills and the seconds, or until one has failed; says on
/// standard output how it goes and what came of it. Whether all is well.
bool run_kills(std::size_t kills, std::chrono::seconds at_least);

}  // namespace mentat_sync
