// InFlight: the commands of one user that are with the store, and the one way by which all of them
// come back, so that they end at their actor in the order in which the store ends them. It is there
// while there are any: an idle actor has none of its memory.
//
// Thread-safety: none, it belongs to a user actor; the handlers made here may be called on any
// thread, also after its end.
// Failures: destroyed, it answers what has not come back with `unavailable`, and what the store
// says of it later is dropped.
#pragma once

#include "actors/completion_box.hpp"
#include "actors/interfaces.hpp"
#include "actors/port.hpp"
#include "storage/store.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>

namespace mentat_sync {

/// What a command that is applied does to HEAD, which is then where its outcome says.
enum class HeadEffect : std::uint8_t { none, advances, forgets };

class InFlight {
 public:
  struct Entry {
    OutcomeHandler answer;
    std::uint64_t bytes = 0;
    HeadEffect head = HeadEffect::none;
  };

  explicit InFlight(UserActor owner)
      : port_(std::make_shared<Port<UserActor>>(std::move(owner))), box_(CompletionBox::here()) {}
  ~InFlight() {
    port_->close();
    for (auto& [ticket, entry] : entries_) entry.answer(Outcome{});
  }
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;

  /// What the store is to call: it has the owner told by a Completed.
  OutcomeHandler add(Entry entry) {
    bytes_ += entry.bytes;
    const auto ticket = next_ticket_++;
    entries_.emplace(ticket, std::move(entry));
    return [port = port_, box = box_, ticket](Outcome outcome) {
      Completed completed{ticket, std::move(outcome)};
      if (box) return box->put({port, std::move(completed)});
      port->post(std::move(completed));
    };
  }

  /// The command that has come back, once.
  std::optional<Entry> take(std::uint64_t ticket) {
    auto node = entries_.extract(ticket);
    if (node.empty()) return std::nullopt;
    bytes_ -= node.mapped().bytes;
    return std::move(node.mapped());
  }

  std::size_t commands() const { return entries_.size(); }
  std::uint64_t bytes() const { return bytes_; }

 private:
  std::shared_ptr<Port<UserActor>> port_;
  /// null: outcomes go to the actor's mailbox from the store's own thread.
  std::shared_ptr<CompletionBox> box_;
  std::unordered_map<std::uint64_t, Entry> entries_;
  std::uint64_t bytes_ = 0;
  std::uint64_t next_ticket_ = 0;
};

}  // namespace mentat_sync
