// Ledger: what one user's log must be, and what it may be, by what a server was sent and what it
// has answered.
//
// Transactions that were sent are known; a step of HEAD that was answered, or that was read, is
// part of the chain, with all on its way. What was sent and not answered is possible: it may turn
// up later, or never.
//
// Thread-safety: one thread. Ownership: a value. Failures: what contradicts it is returned as a
// sentence; empty: nothing does.
#pragma once

#include "storage/ids.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace mentat_sync {

struct LedgerEntry {
  TransactionId id;
  /// Whose chunks it names: its own, or those of one that lost.
  TransactionId content;
  TransactionId parent;
  std::uint32_t chunks = 0;
  /// 1: the first one after the base.
  std::uint32_t place = 0;
  /// HEAD was asked to move here, and may have.
  bool may_be_head = false;
};

class Ledger {
 public:
  /// `base`: where HEAD was when this test first looked; nothing before it is this test's.
  void begin(const TransactionId& base);
  bool begun() const { return begun_; }
  const TransactionId& base() const { return base_; }

  /// Before it is sent. Its parent is the base, or known.
  void transaction_sent(const TransactionId& id, const TransactionId& parent,
                        const TransactionId& content, std::uint32_t chunks);
  void head_sent(const TransactionId& id);
  /// It was refused, or never sent. One that is asked for once only cannot be HEAD then.
  void head_refused(const TransactionId& id);
  [[nodiscard]] std::string head_acknowledged(const TransactionId& id);
  /// It was refused because HEAD was elsewhere: so HEAD has left what this would have followed.
  void head_lost(const TransactionId& id);
  /// What GET head said; `floor`: floor() when it was sent.
  [[nodiscard]] std::string head_read(const TransactionId& id, std::size_t floor);
  /// The answer did not come: whether HEAD moved is not known.
  void head_unanswered() { doubtful_ = true; }
  /// HEAD, unless an answer did not come since it was read last.
  std::optional<TransactionId> certain_head() const;

  void delete_unanswered() { maybe_deleted_ = true; }
  bool maybe_deleted() const { return maybe_deleted_; }
  /// All is forgotten, and begun at the root.
  void delete_acknowledged();
  /// Something is possible that was neither acknowledged nor refused.
  bool has_possible() const { return possible_ > 0; }

  /// The place that HEAD must have reached: the chain's end, or beyond it, when a change that
  /// follows it has lost, and none that may have won is without an answer.
  std::size_t floor() const { return has_possible() ? length() : std::max(length(), lost_place_); }

  /// The chain: transactions that HEAD has reached for certain, in order.
  std::size_t length() const { return chain_.size(); }
  const LedgerEntry& at(std::size_t index) const { return entries_[chain_[index]]; }
  /// What stands at a place of the chain: 0 is the base.
  const TransactionId& id_at_place(std::size_t place) const {
    return place == 0 ? base_ : at(place - 1).id;
  }
  /// The end of the chain.
  const TransactionId& newest() const { return id_at_place(length()); }
  /// Null: it was never sent.
  const LedgerEntry* find(const TransactionId& id) const;
  /// 0: the base, or it was never sent.
  std::size_t place_of(const TransactionId& id) const;

 private:
  std::string take_into_chain(const LedgerEntry& entry);
  bool in_chain(const LedgerEntry& entry) const;

  bool begun_ = false;
  bool doubtful_ = false;
  bool maybe_deleted_ = false;
  std::size_t possible_ = 0;
  /// Where those have won that all who lost had to give way to.
  std::size_t lost_place_ = 0;
  TransactionId base_;
  std::vector<LedgerEntry> entries_;
  std::unordered_map<TransactionId, std::uint32_t> index_;
  std::vector<std::uint32_t> chain_;
};

}  // namespace mentat_sync
