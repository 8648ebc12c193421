// Device: what is at work on one connection: it runs one iteration of its scenario after another,
// each for a user that is free for it.
//
// Scenarios stand in scenario_….cpp, told as the protocol is: "head, pull, push".
//
// Thread-safety: its shard's thread. Ownership: the shard's parts must outlive it, and it must
// outlive its coroutines. Failures: are recorded; std::bad_alloc leaves the coroutines.
#pragma once

#include "cli/load/load_connection.hpp"
#include "cli/load/load_options.hpp"
#include "cli/load/recorder.hpp"
#include "cli/load/schedule.hpp"
#include "cli/load/task.hpp"
#include "cli/load/user_pool.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

/// What the devices of a shard share.
struct ShardParts {
  ShardParts(const LoadOptions& load_options, UserPool& pool, Recorder& to, Schedule& times,
             EventLoop& event_loop, std::uint64_t id_seed)
      : options(load_options),
        users(pool),
        recorder(to),
        schedule(times),
        loop(event_loop),
        ids(id_seed) {}

  const LoadOptions& options;
  UserPool& users;
  Recorder& recorder;
  Schedule& schedule;
  EventLoop& loop;
  /// Of transactions. Another run must not use the same, though its seed be the same.
  Random ids;
  bool stopping = false;
  /// There is nobody left to ask.
  bool server_gone = false;
  /// Devices that have not ended.
  std::size_t at_work = 0;

  /// Of the preparation: who is next, whether the server has pulls and pushes, what went wrong.
  std::uint64_t next_prepared = 0;
  bool has_log = false;
  /// A log to read is more than the server takes in one push.
  bool log_is_too_large = false;
  std::string fault;
  EventLoop::Clock::time_point last_prepared;
  /// Of the verification.
  std::size_t next_verified = 0;
  EventLoop::Clock::time_point last_verified;
};

class Device {
 public:
  using Clock = EventLoop::Clock;

  /// `number`: among those of its scenario in this shard. `seed`: of what it does.
  Device(ShardParts& shard, LoadConnection& connection, Scenario scenario, std::size_t number,
         std::uint64_t seed, LoadProgress& progress);

  /// Begins at `start`, and ends when the shard is stopping.
  Task<> run(Clock::time_point start);
  /// Whether the server can do what the mix asks for. Of one device of the first shard.
  Task<> probe();
  /// Gives users a log, until `count` have one.
  Task<> prepare(std::uint64_t count);
  /// Reads users' logs again, until all that were touched have been.
  Task<> verify();

  LoadConnection& connection() { return connection_; }
  Scenario scenario() const { return scenario_; }
  /// Waits for changes, and makes none: iterations are not given to it.
  bool only_watches() const;

 private:
  enum class Outcome { done, conflict, refused, unknown };
  struct Change;
  class Resting;

  // Requests. What is asked for is recorded by settle().
  LoadConnection::Exchange get(const LoadUser& user, std::string_view path);
  LoadConnection::Exchange put(const LoadUser& user, std::string_view path, const Uuid* id,
                               std::string_view body);
  Outcome settle(LoadOperation operation, const Answer& answer);
  /// `place`: of the log, where it is about one.
  void check(const LoadUser& user, const std::string& contradiction, std::size_t place = 0);
  /// `path_` becomes `path`, and what comes after `from` is asked for.
  void set_path_from(std::string_view path, const TransactionId& from);
  void check_there(const LoadUser& user, const LedgerEntry& entry, const Answer& answer,
                   const std::string& what);
  void check_remembered(const LoadUser& user, const TransactionId& id, const Answer& answer);
  void settle_head(LoadUser& user, const TransactionId& id, Outcome outcome);

  // Steps of several scenarios.
  Task<bool> read_head(LoadUser& user);
  Task<Outcome> commit(LoadUser& user, Change& change);
  Task<Outcome> put_chunks(LoadUser& user, Change& change);
  Task<Outcome> put_transaction(LoadUser& user, const Change& change);
  Task<Outcome> put_head(LoadUser& user, const TransactionId& id);
  Task<Outcome> push(LoadUser& user, const TransactionId& base, std::uint64_t transactions);
  Task<> delete_user(LoadUser& user);
  Task<bool> get_chunk(LoadUser& user, const LedgerEntry& entry, std::uint32_t number);
  Task<bool> get_transaction(LoadUser& user, const LedgerEntry& entry);
  Task<> no_user_free();
  Change new_change(const TransactionId& parent, std::uint32_t chunks);
  TransactionId new_id();
  static void note_move(LoadUser& user, const TransactionId& id);

  // Preparation.
  Task<> probe_watching(const LoadUser& user, const TransactionId& known);
  Task<> prepare_patiently(LoadUser& user);
  Task<> prepare_user(LoadUser& user);

  // Scenarios.
  Task<> iterate();
  Task<> rest();
  Task<> sync();
  Task<bool> pull(LoadUser& user, Resting& device);
  bool read_page(const LoadUser& user, std::string_view body, std::uint32_t place,
                 std::vector<LedgerEntry>& entries);
  Task<> bootstrap();
  Task<> read();
  Task<> write();
  Task<> race();
  Task<> watch();
  Task<> poll(LoadUser& user);
  Task<> follow_events(LoadUser& user);
  Task<> change_what_is_watched();
  Task<> log();
  Task<bool> pull_log(LoadUser& user, Resting& device);
  void heard(LoadUser& user, const TransactionId& id, std::size_t floor, Clock::time_point at);
  std::string fault_of_log(LoadUser& user, std::string_view body, Resting& device);

  // Verification.
  Task<bool> verify_user(LoadUser& user);
  Task<bool> ask_patiently(const LoadUser& user, std::string_view path);
  Task<bool> verify_transaction(const LoadUser& user, const LedgerEntry& entry);
  std::string fault_of_chunk(const LedgerEntry& entry, const Uuid& chunk,
                             const Answer& answer) const;

  ShardParts& shard_;
  LoadConnection& connection_;
  const Scenario scenario_;
  const std::size_t number_;
  LoadProgress& progress_;
  Random random_;
  /// Of an open loop: when what is asked first in this iteration was due.
  std::optional<Clock::time_point> due_;
  // Of an iteration: nobody was to be reached; no user was free; a request failed.
  bool connected_ = true;
  bool idle_ = false;
  bool failed_ = false;
  /// What read_head() read.
  TransactionId head_;
  std::string body_;
  std::string path_;
  std::vector<LedgerEntry> page_;
};

/// A transaction that is about to be made.
struct Device::Change {
  TransactionId id;
  TransactionId parent;
  /// Whose chunks it has.
  TransactionId content;
  std::uint32_t chunks = 1;
  bool chunks_are_there = false;
  /// After so many requests the device is gone; nothing: it stays.
  std::optional<std::uint32_t> abandoned_after = {};
};

/// One of a user's devices, that is woken for an iteration: it knows how much of the log it has.
class Device::Resting {
 public:
  explicit Resting(LoadUser& user) : user_(user) {
    if (user.resting_devices.empty()) return;
    place = user.resting_devices.back();
    user.resting_devices.pop_back();
  }
  /// A list may have told it of more than is known for certain.
  ~Resting() {
    const auto length = static_cast<std::uint32_t>(user_.ledger.length());
    user_.resting_devices.push_back(std::min(place, length));
  }
  Resting(const Resting&) = delete;
  Resting& operator=(const Resting&) = delete;

  std::uint32_t place = 0;

 private:
  LoadUser& user_;
};

}  // namespace mentat_sync
