// The chain is filled from a head backwards, until it meets what is there already: that must be the
// same.
#include "cli/load/ledger.hpp"

#include <cassert>

namespace mentat_sync {

void Ledger::begin(const TransactionId& base) {
  begun_ = true;
  base_ = base;
}

const LedgerEntry* Ledger::find(const TransactionId& id) const {
  const auto found = index_.find(id);
  return found == index_.end() ? nullptr : &entries_[found->second];
}

std::size_t Ledger::place_of(const TransactionId& id) const {
  const auto* entry = find(id);
  return entry ? entry->place : 0;
}

void Ledger::transaction_sent(const TransactionId& id, const TransactionId& parent,
                              const TransactionId& content, std::uint32_t chunks) {
  const auto* before = find(parent);
  assert(before || parent == base_);
  index_.emplace(id, static_cast<std::uint32_t>(entries_.size()));
  LedgerEntry entry;
  entry.id = id;
  entry.content = content;
  entry.parent = parent;
  entry.chunks = chunks;
  entry.place = before ? before->place + 1 : 1;
  entries_.push_back(entry);
}

void Ledger::head_sent(const TransactionId& id) {
  auto& entry = entries_[index_.at(id)];
  if (!entry.may_be_head) ++possible_;
  entry.may_be_head = true;
}

void Ledger::head_refused(const TransactionId& id) {
  auto& entry = entries_[index_.at(id)];
  if (entry.may_be_head) --possible_;
  entry.may_be_head = false;
}

bool Ledger::in_chain(const LedgerEntry& entry) const {
  return entry.place <= chain_.size() && at(entry.place - 1).id == entry.id;
}

void Ledger::head_lost(const TransactionId& id) {
  head_refused(id);
  doubtful_ = true;
  const auto* followed = find(entries_[index_.at(id)].parent);
  while (followed && !in_chain(*followed)) followed = find(followed->parent);
  lost_place_ = std::max<std::size_t>(lost_place_, (followed ? followed->place : 0) + 1);
}

std::string Ledger::head_acknowledged(const TransactionId& id) {
  --possible_;
  return take_into_chain(entries_[index_.at(id)]);
}

std::string Ledger::head_read(const TransactionId& id, std::size_t floor) {
  const auto* entry = find(id);
  const std::size_t place = place_of(id);
  if (!entry && id != base_) return "HEAD is at " + id.to_string() + ", which nobody has sent";
  if (place < floor) {
    if (maybe_deleted_) return {};
    const auto at_place = "HEAD is at " + id.to_string() + ", place " + std::to_string(place);
    // What stands there is not known.
    if (floor > length()) return at_place + ", although a change was refused for having left it";
    return at_place + ", although it had reached place " + std::to_string(floor) + " (" +
           at(floor - 1).id.to_string() + ")";
  }
  doubtful_ = false;
  return entry ? take_into_chain(*entry) : std::string{};
}

std::string Ledger::take_into_chain(const LedgerEntry& entry) {
  std::vector<std::uint32_t> missing;
  for (const auto* one = &entry; one; one = find(one->parent)) {
    const auto number = index_.at(one->id);
    if (one->place <= chain_.size()) {
      const auto there = chain_[one->place - 1];
      if (there == number) break;
      return "two transactions have won place " + std::to_string(one->place) + ": " +
             entries_[there].id.to_string() + " and " + one->id.to_string();
    }
    missing.push_back(number);
  }
  chain_.insert(chain_.end(), missing.rbegin(), missing.rend());
  return {};
}

std::optional<TransactionId> Ledger::certain_head() const {
  if (!begun_ || doubtful_) return std::nullopt;
  return newest();
}

void Ledger::delete_acknowledged() {
  *this = Ledger{};
  begun_ = true;
}

}  // namespace mentat_sync
