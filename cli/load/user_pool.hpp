// UserPool: the users of one shard, and which of them devices are at work for.
//
// A user costs nothing before it is first taken. Those that are taken for themselves have one
// device and nobody beside it; the others have as many as --devices says.
//
// Thread-safety: its shard's thread. Ownership: users live as long as the pool, at their addresses.
// Failures: null when no user is free.
#pragma once

#include "cli/load/event_loop.hpp"
#include "cli/load/ledger.hpp"
#include "cli/load/random.hpp"
#include "storage/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mentat_sync {

struct LoadUser {
  explicit LoadUser(const UserId& user_id) : id(user_id) {}

  const UserId id;
  Ledger ledger;
  std::uint64_t devices_at_work = 0;
  bool exclusive = false;
  /// What has become of it is not known: nobody is to go on with it.
  bool retired = false;
  /// It has a log that can be read.
  bool readable = false;
  std::uint32_t watchers = 0;
  /// When HEAD was asked to move where, lately, while somebody watches.
  std::vector<std::pair<TransactionId, EventLoop::Clock::time_point>> moves_asked;
  /// Of each device that is not at work: how much of the chain it has.
  std::vector<std::uint32_t> resting_devices;
};

class UserPool {
 public:
  enum class Use : std::uint8_t { shared, exclusive, readable, raced, watched, changed };

  /// The users `first`, `first` + `step`, … below `end` of the test with that seed.
  UserPool(std::uint64_t seed, std::uint64_t first, std::uint64_t step, std::uint64_t end,
           std::uint64_t devices);

  /// Has one of the users until it ends.
  class Lease {
   public:
    Lease(UserPool& pool, Use use) : pool_(pool), use_(use), user_(pool.take(use)) {}
    ~Lease() {
      if (user_) pool_.give_back(*user_, use_);
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    explicit operator bool() const { return user_ != nullptr; }
    LoadUser& user() const { return *user_; }

   private:
    UserPool& pool_;
    Use use_;
    LoadUser* user_;
  };

  /// For `read`: there is a log now.
  void set_readable(LoadUser& user);
  /// A race there has lasted long enough.
  void end_race(LoadUser& user);
  LoadUser& at(std::uint64_t index);
  std::uint64_t size() const { return size_; }
  const std::vector<LoadUser*>& touched() const { return touched_; }

 private:
  LoadUser* take(Use use);
  LoadUser* find(Use use);
  LoadUser* find_among(const std::vector<LoadUser*>& users, Use use);
  bool fits(const LoadUser* user, Use use) const;
  void give_back(LoadUser& user, Use use);

  const std::uint64_t seed_;
  const std::uint64_t first_;
  const std::uint64_t step_;
  const std::uint64_t size_;
  const std::uint64_t devices_;
  Random random_;
  std::unordered_map<std::uint64_t, std::unique_ptr<LoadUser>> users_;
  std::vector<LoadUser*> touched_;
  std::vector<LoadUser*> readable_;
  std::vector<LoadUser*> raced_;
  std::vector<LoadUser*> watched_;
};

}  // namespace mentat_sync
