// Requests, and what their answers mean for the ledger.
#include "cli/load/content.hpp"
#include "cli/load/device.hpp"
#include "cli/load/json_scan.hpp"
#include "cli/load/verification.hpp"
#include "http/client/push_body.hpp"
#include "http/wire/media_types.hpp"

#include <algorithm>
#include <utility>

namespace mentat_sync {
namespace {

constexpr std::string_view chunks_path = "/chunks/";
constexpr std::string_view json_type = "application/json";
constexpr std::string_view bytes_type = "application/octet-stream";

/// {"parent": …, "chunks": […]}, appended.
void append_transaction(std::string& body, const TransactionId& parent,
                        const TransactionId& content, std::uint32_t chunks) {
  body += "{\"parent\":\"";
  parent.uuid.append_to(body);
  body += "\",\"chunks\":[";
  for (std::uint32_t i = 0; i < chunks; ++i) {
    body += i == 0 ? "\"" : ",\"";
    chunk_of(content, i).append_to(body);
    body += '"';
  }
  body += "]}";
}

ChunkId chunk_id_of(const Uuid& uuid) {
  return *ChunkId::parse(uuid.to_string());
}

}  // namespace

LoadConnection::Exchange Device::get(const LoadUser& user, std::string_view path) {
  auto& head = connection_.begin_head("GET");
  user.id.uuid.append_to(head);
  head += path;
  connection_.end_head();
  return connection_.exchange();
}

void Device::set_path_from(std::string_view path, const TransactionId& from) {
  path_.assign(path);
  if (from.is_root()) return;
  path_ += path.find('?') == path.npos ? "?from=" : "&from=";
  from.uuid.append_to(path_);
}

LoadConnection::Exchange Device::put(const LoadUser& user, std::string_view path, const Uuid* id,
                                     std::string_view body) {
  auto& head = connection_.begin_head("PUT");
  user.id.uuid.append_to(head);
  head += path;
  if (id) id->append_to(head);
  connection_.end_head(body.size(), path == chunks_path ? bytes_type : json_type);
  return connection_.exchange(body);
}

Device::Outcome Device::settle(LoadOperation operation, const Answer& answer) {
  const auto began = due_ ? *due_ : answer.began;
  // It was not sent.
  if (answer.failure == Answer::Failure::interrupted) return Outcome::refused;
  due_.reset();
  failed_ = true;
  if (answer.failure != Answer::Failure::none) {
    connected_ = answer.failure != Answer::Failure::not_connected &&
                 answer.failure != Answer::Failure::not_secured;
    shard_.recorder.failed(name_of(answer.failure));
    return connected_ ? Outcome::unknown : Outcome::refused;
  }
  const bool moves_head =
      operation == LoadOperation::put_head || operation == LoadOperation::push_log;
  const bool conflict = moves_head && (answer.status == 409 || answer.status == 412);
  if (answer.status < 300 || answer.status == 304 || conflict) {
    failed_ = false;
    shard_.recorder.answered(operation, answer, began);
    if (conflict) shard_.recorder.conflict();
    return conflict ? Outcome::conflict : Outcome::done;
  }
  shard_.recorder.failed(std::to_string(answer.status));
  // A proxy gives up (5xx) on what the server may do all the same.
  return answer.status < 500 ? Outcome::refused : Outcome::unknown;
}

Task<bool> Device::read_head(LoadUser& user) {
  const auto floor = user.ledger.floor();
  const bool had_begun = user.ledger.begun();
  const Answer& answer = co_await get(user, "/head");
  if (settle(LoadOperation::get_head, answer) != Outcome::done) co_return false;
  const auto head = uuid_at(answer.body, "\"head\"");
  if (!head) {
    check(user, "GET head was answered with 200 and no head");
    co_return false;
  }
  head_ = {*head};
  if (!had_begun && !user.ledger.begun()) {
    user.ledger.begin(head_);
  } else {
    check(user, user.ledger.head_read(head_, floor), user.ledger.place_of(head_));
  }
  // Who knows it not cannot build upon it.
  co_return head_ == user.ledger.base() || user.ledger.find(head_) != nullptr;
}

Task<Device::Outcome> Device::put_chunks(LoadUser& user, Change& change) {
  for (std::uint32_t i = 0; i < change.chunks; ++i) {
    const auto chunk = chunk_of(change.content, i);
    make_content(chunk, size_of_chunk(chunk, shard_.options.chunk_sizes), body_);
    const Answer& answer = co_await put(user, chunks_path, &chunk, body_);
    const auto outcome = settle(LoadOperation::put_chunk, answer);
    if (outcome != Outcome::done) co_return outcome;
    if (change.abandoned_after == i + 1) co_return Outcome::refused;
  }
  change.chunks_are_there = true;
  co_return Outcome::done;
}

Task<Device::Outcome> Device::put_transaction(LoadUser& user, const Change& change) {
  body_.clear();
  append_transaction(body_, change.parent, change.content, change.chunks);
  user.ledger.transaction_sent(change.id, change.parent, change.content, change.chunks);
  const Answer& answer = co_await put(user, "/transactions/", &change.id.uuid, body_);
  const auto outcome = settle(LoadOperation::put_transaction, answer);
  if (answer.status == 404 && change.chunks_are_there && !user.ledger.maybe_deleted()) {
    check(user,
          "transaction " + change.id.to_string() +
              " was refused for chunks that were acknowledged (404)",
          user.ledger.place_of(change.id));
  }
  co_return outcome;
}

Task<Device::Outcome> Device::put_head(LoadUser& user, const TransactionId& id) {
  body_.assign("{\"head\":\"");
  id.uuid.append_to(body_);
  body_ += "\"}";
  user.ledger.head_sent(id);
  note_move(user, id);
  const Answer& answer = co_await put(user, "/head", nullptr, body_);
  const auto outcome = settle(LoadOperation::put_head, answer);
  // A proxy may have asked twice, and tell of the second time.
  const bool was_there = outcome == Outcome::conflict &&
                         uuid_at(answer.body, "\"current_head\"") == std::optional{id.uuid};
  check_remembered(user, id, answer);
  settle_head(user, id, was_there ? Outcome::unknown : outcome);
  co_return outcome;
}

/// Of a transaction that was acknowledged, when HEAD was asked to move there. Servers that do not
/// tell why they answer with 409 are found out later, by where HEAD is then.
void Device::check_remembered(const LoadUser& user, const TransactionId& id, const Answer& answer) {
  const bool told =
      answer.status == 409 && answer.body.find(":head-unknown\"") != std::string_view::npos;
  if ((answer.status != 404 && !told) || user.ledger.maybe_deleted()) return;
  check(user,
        "HEAD cannot move to transaction " + id.to_string() +
            ", which was acknowledged and is unknown",
        user.ledger.place_of(id));
}

/// What became of moving HEAD there.
void Device::settle_head(LoadUser& user, const TransactionId& id, Outcome outcome) {
  switch (outcome) {
    case Outcome::done:
      check(user, user.ledger.head_acknowledged(id), user.ledger.place_of(id));
      return shard_.users.set_readable(user);
    case Outcome::unknown:
      return user.ledger.head_unanswered();
    case Outcome::conflict:
      return user.ledger.head_lost(id);
    case Outcome::refused:
      return user.ledger.head_refused(id);
  }
}

Task<Device::Outcome> Device::commit(LoadUser& user, Change& change) {
  if (!change.chunks_are_there) {
    const auto outcome = co_await put_chunks(user, change);
    if (outcome != Outcome::done) co_return outcome;
  }
  const auto outcome = co_await put_transaction(user, change);
  if (outcome != Outcome::done) co_return outcome;
  if (change.abandoned_after) co_return Outcome::refused;
  co_return co_await put_head(user, change.id);
}

Task<Device::Outcome> Device::push(LoadUser& user, const TransactionId& base,
                                   std::uint64_t transactions) {
  PushBody log{Head{.head = base, .seq = 0}};
  const auto chunks = static_cast<std::uint32_t>(shard_.options.chunks);
  for (std::uint64_t i = 0; i < transactions; ++i) {
    const auto id = new_id();
    std::vector<ChunkId> named;
    for (std::uint32_t k = 0; k < chunks; ++k) {
      const auto chunk = chunk_of(id, k);
      make_content(chunk, size_of_chunk(chunk, shard_.options.chunk_sizes), body_);
      named.push_back(chunk_id_of(chunk));
      log.add_chunk({named.back(), body_});
    }
    user.ledger.transaction_sent(id, log.head().head, id, chunks);
    log.add_transaction(id, std::move(named));
  }
  const auto head = log.head().head;
  user.ledger.head_sent(head);
  note_move(user, head);
  auto& request = connection_.begin_head("POST");
  user.id.uuid.append_to(request);
  request.append("/log");
  const auto body = log.finish();
  connection_.end_head(body.size(), log_media_type);
  const Answer& answer = co_await connection_.exchange(body);
  const auto outcome = settle(LoadOperation::push_log, answer);
  settle_head(user, head, outcome);
  co_return outcome;
}

Task<> Device::delete_user(LoadUser& user) {
  // What is still under way would turn up behind the delete, and nobody would know it.
  if (user.ledger.has_possible()) co_return;
  auto& head = connection_.begin_head("DELETE");
  user.id.uuid.append_to(head);
  connection_.end_head();
  const Answer& answer = co_await connection_.exchange();
  const auto outcome = settle(LoadOperation::delete_user, answer);
  if (outcome == Outcome::done) {
    user.ledger.delete_acknowledged();
    user.resting_devices.clear();
  } else if (outcome == Outcome::unknown) {
    user.ledger.delete_unanswered();
    user.retired = true;
  }
}

/// What HEAD has reached is there, as long as the user is.
void Device::check_there(const LoadUser& user, const LedgerEntry& entry, const Answer& answer,
                         const std::string& what) {
  if (answer.status != 404 || user.ledger.maybe_deleted()) return;
  check(user, what + ", which HEAD has reached, was answered with 404", entry.place);
}

Task<bool> Device::get_chunk(LoadUser& user, const LedgerEntry& entry, std::uint32_t number) {
  const auto chunk = chunk_of(entry.content, number);
  path_.assign("/chunks/");
  chunk.append_to(path_);
  const Answer& answer = co_await get(user, path_);
  const auto outcome = settle(LoadOperation::get_chunk, answer);
  check_there(user, entry, answer, "chunk " + chunk.to_string());
  if (outcome != Outcome::done) co_return false;
  check(user, fault_of_chunk(entry, chunk, answer), entry.place);
  co_return true;
}

Task<bool> Device::get_transaction(LoadUser& user, const LedgerEntry& entry) {
  const auto expected = entry;
  path_.assign("/transactions/");
  expected.id.uuid.append_to(path_);
  const Answer& answer = co_await get(user, path_);
  const auto outcome = settle(LoadOperation::get_transaction, answer);
  check_there(user, expected, answer, "transaction " + expected.id.to_string());
  if (outcome != Outcome::done) co_return false;
  const auto fault = fault_of_transaction(expected, answer.body);
  check(user, fault, expected.place);
  co_return fault.empty();
}

}  // namespace mentat_sync
