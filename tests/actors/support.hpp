// What the tests of the actors share: a system with a directory over a FakeStore, and a collector
// of outcomes.
#pragma once

#include "actors/actor_gateway.hpp"
#include "actors/caf_compat.hpp"
#include "actors/directory.hpp"
#include "fake_store.hpp"

#include <caf/io/middleman.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace mentat_sync::test {

using namespace std::chrono_literals;

struct TypesReady {
  TypesReady() {
    init_messages();
    compat::init_module_types<caf::io::middleman>();
  }
};

struct Config : private TypesReady, public caf::actor_system_config {
  explicit Config(bool networked = false, std::size_t threads = 2) {
    add_messages(*this);
    compat::use_lending_scheduler(*this, threads);
    if (networked) load<caf::io::middleman>();
  }
};

/// A directory in a system of its own. Destroyed, it waits for what is in flight.
class Node {
 public:
  explicit Node(Store& store, ActorOptions options = {}, bool networked = false)
      : config_(networked),
        system_(std::make_unique<caf::actor_system>(config_)),
        directory_(spawn_directory(*system_, store, std::move(options))),
        gateway_(make_gateway(directory_)) {}
  ~Node() { stop(); }

  void end_directory() { caf::anon_send_exit(directory_, caf::exit_reason::user_shutdown); }

  void stop() {
    if (!system_) return;
    end_directory();
    gateway_.reset();
    directory_ = nullptr;
    system_.reset();
  }

  caf::actor_system& system() { return *system_; }
  const DirectoryActor& directory() const { return directory_; }
  Gateway& gateway() { return *gateway_; }

 private:
  Config config_;
  std::unique_ptr<caf::actor_system> system_;
  DirectoryActor directory_;
  std::unique_ptr<Gateway> gateway_;
};

/// Gathers outcomes by number, and notices a handler that is called twice.
class Outcomes {
 public:
  OutcomeHandler expect(std::size_t number) {
    return [this, number](Outcome outcome) {
      std::lock_guard lock{mutex_};
      order_.push_back(number);
      if (!outcomes_.emplace(number, std::move(outcome)).second) ++repeated_;
      changed_.notify_all();
    };
  }

  /// Whether so many have come, before `limit` is over.
  bool wait_for(std::size_t count, std::chrono::milliseconds limit = 20s) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, limit, [&] { return outcomes_.size() >= count; });
  }

  std::size_t count() const {
    std::lock_guard lock{mutex_};
    return outcomes_.size();
  }
  std::size_t count(Verdict verdict) const {
    std::lock_guard lock{mutex_};
    std::size_t found = 0;
    for (const auto& [number, outcome] : outcomes_) found += outcome.verdict == verdict;
    return found;
  }
  /// Whether this one has come, before `limit` is over.
  bool wait_for_number(std::size_t number, std::chrono::milliseconds limit = 20s) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, limit, [&] { return outcomes_.contains(number); });
  }

  bool has(std::size_t number) const {
    std::lock_guard lock{mutex_};
    return outcomes_.contains(number);
  }
  Outcome at(std::size_t number) const {
    std::lock_guard lock{mutex_};
    return outcomes_.at(number);
  }
  std::vector<std::size_t> order() const {
    std::lock_guard lock{mutex_};
    return order_;
  }
  std::size_t repeated() const {
    std::lock_guard lock{mutex_};
    return repeated_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::size_t, Outcome> outcomes_;
  std::vector<std::size_t> order_;
  std::size_t repeated_ = 0;
};

/// Whether it comes true within the test's patience.
inline bool eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 4'000 && !condition(); ++i) std::this_thread::sleep_for(5ms);
  return condition();
}

inline UserId user(unsigned number) {
  UserId id;
  id.uuid.bytes[0] = static_cast<std::uint8_t>(number);
  id.uuid.bytes[15] = 1;
  return id;
}

inline TransactionId transaction(unsigned number) {
  TransactionId id;
  id.uuid.bytes[0] = static_cast<std::uint8_t>(number);
  id.uuid.bytes[1] = static_cast<std::uint8_t>(number >> 8);
  return id;
}

inline ChunkId chunk(std::size_t number) {
  return *ChunkId::parse(std::to_string(number));
}

inline PutChunk put(unsigned whose, std::size_t number, std::string bytes = "x") {
  return {user(whose), chunk(number), std::move(bytes)};
}

/// Of a change that is applied, after which HEAD is there.
inline Outcome moved(unsigned head, std::uint64_t seq) {
  Outcome outcome = outcome_of(Verdict::applied);
  outcome.current_head = transaction(head);
  outcome.current_seq = seq;
  return outcome;
}

/// Asks and waits for the answer; nothing when it was a caf::error.
template <class Answer, class Handle, class Message>
std::optional<Answer> ask(caf::actor_system& system, const Handle& to, Message message) {
  caf::scoped_actor self{system};
  std::optional<Answer> result;
  compat::ask(self, to, std::chrono::seconds{20}, std::move(message))
      .receive([&](Answer& answer) { result = std::move(answer); }, [](const caf::error&) {});
  return result;
}

}  // namespace mentat_sync::test
