// Pushes of some thousand transactions each: one for all would be beyond what a server takes.
#include "bench/long_log.hpp"

#include "storage/cbor_log.hpp"
#include "support/sync_client.hpp"

#include <algorithm>
#include <stdexcept>

namespace mentat_sync {
namespace {

constexpr std::size_t transactions_of_a_push = 5'000;

TransactionId new_transaction() {
  return TransactionId::parse(new_uuid()).value();
}

}  // namespace

LongLog::LongLog(std::uint16_t port, std::size_t transactions) : client_(port, new_uuid()) {
  ids_.reserve(transactions);
  while (size() < transactions) push(std::min(transactions_of_a_push, transactions - size()));
}

void LongLog::push(std::size_t transactions) {
  const TransactionId from = last();
  std::string items;
  for (std::size_t i = 0; i < transactions; ++i) {
    const TransactionId id = new_transaction();
    append_cbor(items, LogTransaction{id, size() + 1, last(), {}});
    ids_.push_back(id);
  }
  std::string log;
  append_cbor(log, LogHeader{from, last()});
  log += items;
  append_cbor(log, LogTrailer{.next = last(), .transactions = transactions});
  client_.post_log(log, 201);
}

void LongLog::commit() {
  const TransactionId id = new_transaction();
  client_.put("/transactions/" + id.to_string(), transaction_body(last().to_string(), {}), 201);
  client_.put("/head", head_body(id.to_string()), 204);
  ids_.push_back(id);
}

void LongLog::get_page(std::size_t first) {
  const std::string from = first == 0 ? std::string{root_id} : ids_[first - 1].to_string();
  const auto page =
      client_.get("/transactions?limit=" + std::to_string(page_size) + "&from=" + from);
  const std::size_t end = std::min(first + page_size, size());
  if (!page.ends_with("\"" + ids_[end - 1].to_string() + "\"]}")) {
    throw std::runtime_error{"not the page that was asked for: " + std::string{page}};
  }
}

void LongLog::get_last_page() {
  get_page(size() - std::min(page_size, size()));
}

}  // namespace mentat_sync
