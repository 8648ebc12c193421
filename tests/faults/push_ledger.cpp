// Pushes of all sizes until the server dies; then the log is compared with what was acknowledged.
#include "push_ledger.hpp"

#include "upload_ledger.hpp"

#include <gtest/gtest.h>

namespace mentat_sync {
namespace {

constexpr std::size_t most_transactions = 30;
constexpr std::size_t most_chunks_of_one = 4;
constexpr std::size_t largest_chunk_bytes = 20'000;
constexpr std::size_t log_length_to_delete = 300;

}  // namespace

PushLedger::Content PushLedger::draw() {
  Content content;
  for (std::size_t count = 1 + random_() % most_transactions; count > 0; --count) {
    std::vector<std::string> ids(random_() % most_chunks_of_one);
    for (auto& id : ids) {
      id = new_uuid();
      content.chunks[id] = id + std::string(random_() % largest_chunk_bytes, 'x');
    }
    content.transactions.emplace_back(new_uuid(), ids);
  }
  // One that no transaction names comes or goes with the rest.
  if (random_() % 4 == 0) content.loose = "loose-" + new_uuid();
  return content;
}

std::string PushLedger::head() const {
  return log_.empty() ? std::string{root_id} : log_.back().first;
}

std::string PushLedger::encode(const Content& content) const {
  CborLog log{head(), log_.size()};
  for (const auto& [id, bytes] : content.chunks) log.chunk(id, bytes);
  for (const auto& [id, chunks] : content.transactions) log.transaction(id, chunks);
  if (!content.loose.empty()) log.chunk(content.loose, "loose");
  return log.encode();
}

void PushLedger::take_over(const Content& content) {
  log_.insert(log_.end(), content.transactions.begin(), content.transactions.end());
  chunks_.insert(content.chunks.begin(), content.chunks.end());
  if (!content.loose.empty()) loose_.emplace_back(content.loose, content.sent);
}

void PushLedger::forget() {
  log_.clear();
  chunks_.clear();
  loose_.clear();
}

void PushLedger::push_until_gone(std::uint16_t port) {
  try {
    SyncClient client{port, user_};
    for (;;) {
      push(client);
      if (log_.size() > log_length_to_delete) delete_user(client);
    }
  } catch (const HttpError&) {
    // The server was killed: what is in flight stays recorded as such.
  }
}

void PushLedger::acknowledge(const HttpResponse& response, unsigned status) {
  // A server that is about to die may fail, but never with another outcome.
  if (response.status != status) {
    ADD_FAILURE() << "expected " << status << ", got " << response.status << " " << response.body;
    throw HttpError("an unexpected answer");
  }
  ++acknowledged_;
}

void PushLedger::push(SyncClient& client) {
  in_flight_ = draw();
  in_flight_->sent = std::chrono::steady_clock::now();
  acknowledge(client.push(encode(*in_flight_)), 201);
  take_over(*in_flight_);
  in_flight_.reset();
}

void PushLedger::delete_user(SyncClient& client) {
  delete_in_flight_ = true;
  acknowledge(client.delete_user(), 204);
  delete_in_flight_ = false;
  forget();
}

void PushLedger::verify(std::uint16_t port) {
  SyncClient client{port, user_};
  if (delete_in_flight_) settle_delete(client);
  if (in_flight_) settle(client);
  ASSERT_NO_FATAL_FAILURE(verify_log(expect_whole_log(client.pull())));
  verify_loose(client);
  const auto count = client.summary()["chunks"]["count"].get<std::size_t>();
  EXPECT_GE(count, chunks_.size());
  EXPECT_LE(count, chunks_.size() + loose_.size()) << "a push was stored by half";
  EXPECT_EQ(client.head(), head());
}

void PushLedger::verify_log(const ReceivedLog& log) {
  ASSERT_EQ(log.transactions.size(), log_.size()) << "an acknowledged push is lost";
  std::map<std::string_view, std::string_view> received;
  for (const auto& chunk : log.chunks) received.emplace(chunk.id, chunk.bytes);
  for (std::size_t i = 0; i < log_.size(); ++i) {
    ASSERT_EQ(log.transactions[i]["id"], log_[i].first);
    ASSERT_EQ(log.transactions[i]["chunks"], log_[i].second);
    for (const auto& id : log_[i].second) ASSERT_EQ(received[id], chunks_.at(id)) << id;
  }
  verified_ += log_.size() + chunks_.size();
}

void PushLedger::verify_loose(SyncClient& client) {
  for (const auto& [id, since] : loose_) {
    const auto response = client.get_chunk(id);
    if (std::chrono::steady_clock::now() - since >= uncommitted_kept) continue;
    EXPECT_EQ(response.body, "loose") << "a chunk of an acknowledged push is lost: " << id;
    ++verified_;
  }
}

void PushLedger::settle_delete(SyncClient& client) {
  delete_in_flight_ = false;
  if (client.head() != root_id) return;
  EXPECT_EQ(client.summary()["chunks"]["count"], 0) << "deleted by half";
  forget();
}

void PushLedger::settle(SyncClient& client) {
  if (client.head() != head()) {
    EXPECT_EQ(client.head(), in_flight_->transactions.back().first) << "HEAD stopped half way";
    take_over(*in_flight_);
    ++applied_in_flight_;
  } else {
    expect_nothing_of(*in_flight_, client);
    ++lost_in_flight_;
  }
  in_flight_.reset();
}

void PushLedger::expect_nothing_of(const Content& content, SyncClient& client) {
  std::vector<std::string> ids;
  for (const auto& [id, bytes] : content.chunks) ids.push_back(id);
  if (!content.loose.empty()) ids.push_back(content.loose);
  EXPECT_EQ(client.missing(ids).json()["missing"].size(), ids.size()) << "chunks of half a push";
  // Other content would be refused if the transaction were there.
  for (const auto& [id, chunks] : content.transactions) {
    const auto response = client.put_transaction(id, new_uuid(), {});
    EXPECT_NE(response.body.find("unknown-parent"), std::string::npos) << response.body;
  }
}

}  // namespace mentat_sync
