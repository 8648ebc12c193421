// Each transaction of the list is looked up: it must be known, and stand behind its parent.
#include "cli/load/verification.hpp"

#include "cli/load/content.hpp"
#include "cli/load/json_scan.hpp"

namespace mentat_sync {

std::string LedgerCheck::take_page(std::string_view body) {
  last_page_ = 0;
  JsonStrings ids{body, "\"transactions\""};
  while (const auto text = ids.next()) {
    if (auto fault = take(*text); !fault.empty()) return fault;
    ++last_page_;
  }
  return ids.malformed() ? "the list of transactions is none" : "";
}

std::string LedgerCheck::take(std::string_view text) {
  const auto place = read_.size() + 1;
  const auto where = " at place " + std::to_string(place);
  const auto id = TransactionId::parse(text);
  const auto* entry = id ? ledger_.find(*id) : nullptr;
  if (!entry) return "the log has " + std::string{text} + where + ", which nobody has sent";
  if (place <= ledger_.length() && ledger_.at(place - 1).id != *id) {
    return "the log has " + id->to_string() + where + ", which was won by " +
           ledger_.at(place - 1).id.to_string();
  }
  if (entry->parent != from()) {
    return "the log has " + id->to_string() + where + " behind " + from().to_string() +
           ", and its parent is " + entry->parent.to_string();
  }
  read_.push_back(*id);
  return {};
}

std::string LedgerCheck::finish() const {
  if (read_.empty() && ledger_.maybe_deleted()) return {};
  if (read_.size() < ledger_.length()) {
    return "the log ends at place " + std::to_string(read_.size()) + ", and has lost " +
           std::to_string(ledger_.length() - read_.size()) +
           " transactions that were acknowledged, from " + ledger_.at(read_.size()).id.to_string() +
           " on";
  }
  if (read_.size() < ledger_.floor()) {
    return "the log ends at place " + std::to_string(read_.size()) +
           ", although a change that follows it was refused for another one, which nobody has made";
  }
  if (read_.size() > ledger_.length() && !ledger_.find(read_.back())->may_be_head) {
    return "the log ends with " + read_.back().to_string() + ", to which nobody has moved HEAD";
  }
  return {};
}

std::string fault_of_transaction(const LedgerEntry& entry, std::string_view body) {
  const auto name = "transaction " + entry.id.to_string();
  const auto parent = uuid_at(body, "\"parent\"");
  if (parent != std::optional{entry.parent.uuid}) return name + " has another parent than was sent";
  JsonStrings chunks{body, "\"chunks\""};
  std::uint32_t count = 0;
  while (const auto chunk = chunks.next()) {
    if (Uuid::parse(*chunk) != std::optional{chunk_of(entry.content, count)}) {
      return name + " names other chunks than were sent";
    }
    ++count;
  }
  return chunks.malformed() || count != entry.chunks ? name + " names other chunks than were sent"
                                                     : "";
}

}  // namespace mentat_sync
