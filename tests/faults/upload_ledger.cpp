// Uploads until the server dies; then compares what it kept with what it acknowledged.
#include "upload_ledger.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <utility>

namespace mentat_sync {
namespace {

constexpr std::size_t most_chunks_in_a_burst = 12;
constexpr std::size_t largest_chunk_bytes = 20'000;
constexpr std::size_t log_length_that_may_be_deleted = 25;

}  // namespace

std::string UploadLedger::content_of(const std::string& chunk) {
  const std::size_t size = std::hash<std::string>{}(chunk) % largest_chunk_bytes;
  std::string content;
  while (content.size() < size) content += chunk;
  content.resize(size);
  return content;
}

HttpRequest UploadLedger::put(const std::string& path, std::string body) const {
  return {.method = "PUT", .target = "/0.1/" + user_ + path, .body = std::move(body)};
}

void UploadLedger::acknowledge(const HttpResponse& response, unsigned status) {
  // A server that is about to die may fail, but never with another outcome.
  if (response.status != status) {
    if (!owed()) throw HttpError("it took too long: what was uploaded may have been collected");
    ADD_FAILURE() << "expected " << status << ", got " << response.status << " " << response.body;
    throw HttpError("an unexpected answer");
  }
  ++acknowledged_;
}

bool UploadLedger::owed() const {
  return loose_.empty() || std::chrono::steady_clock::now() - loose_since_ < uncommitted_kept;
}

void UploadLedger::upload(std::uint16_t port) {
  try {
    HttpConnection connection{port};
    for (;;) upload_round(connection);
  } catch (const HttpError&) {
    // The server was killed: what is in flight stays recorded as such.
  }
}

void UploadLedger::upload_round(HttpConnection& connection) {
  for (std::size_t count = 1 + random_() % 3; count > 0; --count) upload_transaction(connection);
  advance_head(connection);
  if (log_.size() > log_length_that_may_be_deleted && random_() % 8 == 0) delete_user(connection);
}

std::vector<std::string> UploadLedger::upload_chunks(HttpConnection& connection) {
  std::string wire;
  for (std::size_t count = 1 + random_() % most_chunks_in_a_burst; count > 0; --count) {
    chunks_in_flight_.push_back(new_uuid());
    const auto& id = chunks_in_flight_.back();
    wire += to_wire(put("/chunks/" + id, content_of(id)));
  }
  if (loose_.empty()) loose_since_ = std::chrono::steady_clock::now();
  connection.send(wire);
  std::vector<std::string> stored;
  while (!chunks_in_flight_.empty()) {
    acknowledge(connection.receive(), 201);
    stored.push_back(chunks_in_flight_.front());
    loose_.push_back(chunks_in_flight_.front());
    chunks_in_flight_.erase(chunks_in_flight_.begin());
  }
  return stored;
}

void UploadLedger::upload_transaction(HttpConnection& connection) {
  const auto chunks = upload_chunks(connection);
  std::string parent{root_id};
  if (!log_.empty()) parent = log_.back();
  if (!pending_.empty()) parent = pending_.back();
  const auto id = new_uuid();
  transaction_in_flight_ = {id, {parent, chunks}};
  acknowledge(connection.request(put("/transactions/" + id, transaction_body(parent, chunks))),
              201);
  transaction_in_flight_.reset();
  pending_.push_back(id);
  pending_content_[id] = {parent, chunks};
}

void UploadLedger::advance_head(HttpConnection& connection) {
  head_in_flight_ = true;
  acknowledge(connection.request(put("/head", head_body(pending_.back()))), 204);
  head_in_flight_ = false;
  commit_pending();
}

void UploadLedger::commit_pending() {
  log_.insert(log_.end(), pending_.begin(), pending_.end());
  pending_.clear();
  for (const auto& [id, content] : pending_content_) {
    chunks_.insert(chunks_.end(), content.chunks.begin(), content.chunks.end());
  }
  pending_content_.clear();
  loose_.clear();
}

void UploadLedger::delete_user(HttpConnection& connection) {
  delete_in_flight_ = true;
  acknowledge(connection.request({.method = "DELETE", .target = "/0.1/" + user_}), 204);
  delete_in_flight_ = false;
  log_.clear();
  chunks_.clear();
}

void UploadLedger::verify(std::uint16_t port) {
  SyncClient client{port, user_};
  if (delete_in_flight_) settle_delete(client);
  if (head_in_flight_) settle_head(client);
  const std::string head = log_.empty() ? std::string{root_id} : log_.back();
  EXPECT_EQ(client.head(), head);
  EXPECT_EQ(client.transactions(), log_);
  EXPECT_EQ(client.summary()["seq"], log_.size());
  verified_ += log_.size();
  verify_chunks(port);
  verify_pending(client);
  verify_in_flight(client);
  loose_.clear();
  pending_.clear();
  pending_content_.clear();
}

void UploadLedger::settle_delete(SyncClient& client) {
  delete_in_flight_ = false;
  if (client.head() != root_id) return;
  EXPECT_EQ(client.summary()["chunks"]["count"], 0) << "deleted by half";
  EXPECT_EQ(client.get_chunk(chunks_.front()).status, 404U);
  log_.clear();
  chunks_.clear();
}

void UploadLedger::settle_head(SyncClient& client) {
  head_in_flight_ = false;
  if (client.head() == pending_.back()) commit_pending();
}

void UploadLedger::verify_chunks(std::uint16_t port) {
  std::string wire;
  for (const auto* ids : {&chunks_, &loose_}) {
    for (const auto& id : *ids) wire += to_wire({.target = "/0.1/" + user_ + "/chunks/" + id});
  }
  HttpConnection connection{port};
  connection.send(wire);
  for (const auto& id : chunks_) verify_chunk(id, connection.receive(), true);
  for (const auto& id : loose_) {
    const auto response = connection.receive();
    verify_chunk(id, response, owed());
  }
}

void UploadLedger::verify_chunk(const std::string& id, const HttpResponse& response,
                                bool owed_now) {
  if (response.status == 404 && !owed_now) return;
  ASSERT_EQ(response.status, 200U) << "an acknowledged chunk is lost: " << id;
  ASSERT_EQ(response.body, content_of(id)) << "an acknowledged chunk is torn: " << id;
  ++verified_;
}

void UploadLedger::verify_pending(SyncClient& client) {
  for (const auto& [id, content] : pending_content_) {
    // If it had been lost, other content would be taken under its id.
    auto other = content.chunks;
    other.push_back(other.front());
    const unsigned status = client.put_transaction(id, content.parent, other).status;
    if (!owed()) return;
    EXPECT_EQ(status, 409U) << "an acknowledged transaction is lost: " << id;
    const auto repeated = client.put_transaction(id, content.parent, content.chunks).status;
    if (!owed()) return;
    EXPECT_EQ(repeated, 201U);
    ++verified_;
  }
}

void UploadLedger::verify_in_flight(SyncClient& client) {
  for (const auto& id : chunks_in_flight_) {
    const auto response = client.get_chunk(id);
    if (response.status == 404) continue;
    EXPECT_EQ(response.body, content_of(id)) << "a chunk was stored by half: " << id;
  }
  chunks_in_flight_.clear();
  if (!transaction_in_flight_) return;
  const auto [id, content] = *std::exchange(transaction_in_flight_, std::nullopt);
  const auto response = client.put_transaction(id, content.parent, content.chunks);
  if (!owed()) return;
  EXPECT_EQ(response.status, 201U) << "stored with other content: " << response.body;
}

}  // namespace mentat_sync
