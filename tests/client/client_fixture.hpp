// What the client's tests share: ids, options of short patience, a server's URL, logs to answer.
#pragma once

#include "http/client/client.hpp"
#include "scripted_server.hpp"
#include "storage/cbor_log.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace mentat_sync {

inline const UserId test_user = *UserId::parse("6f8c1f3e-2a55-4c1b-9d6e-0c9a4b7d2e10");

inline TransactionId transaction_id(std::uint8_t number) {
  TransactionId id;
  id.uuid.bytes[15] = number;
  return id;
}

inline ChunkId chunk_id(std::string_view text) {
  return *ChunkId::parse(text);
}

inline ServerUrl url_of(const ScriptedServer& server) {
  return ServerUrl::parse("http://127.0.0.1:" + std::to_string(server.port())).value();
}

/// Patient enough for a loaded machine; `impatient` is for tests in which the time runs out.
inline ClientOptions quick_options() {
  ClientOptions options;
  options.connect_timeout = std::chrono::seconds{10};
  options.idle_timeout = std::chrono::seconds{10};
  options.answer_timeout = std::chrono::seconds{10};
  return options;
}
inline ClientOptions impatient_options() {
  ClientOptions options = quick_options();
  options.idle_timeout = std::chrono::milliseconds{150};
  options.answer_timeout = std::chrono::milliseconds{150};
  return options;
}

inline Client client_of(const ScriptedServer& server, ClientOptions options = quick_options()) {
  return {url_of(server), test_user, std::move(options)};
}

inline std::string problem(unsigned status, std::string_view type,
                           std::string_view extensions = {}) {
  std::string body = R"({"type":"urn:mentat-sync:problem:)";
  body.append(type).append(R"(","title":"A title","detail":"Some detail.")");
  body.append(extensions).append("}");
  return answer(status, "Content-Type: application/problem+json\r\n", body);
}

inline std::string json_answer(unsigned status, std::string_view body) {
  return answer(status, "Content-Type: application/json\r\n", body);
}

/// A whole log of two transactions after the root: items, and their bytes.
inline std::vector<LogItem> sample_log() {
  const auto one = transaction_id(1);
  const auto two = transaction_id(2);
  return {
      LogHeader{.from = TransactionId::root(), .head = two},
      LogChunk{chunk_id("milk"), "buy milk"},
      LogTransaction{one, 1, TransactionId::root(), {chunk_id("milk")}},
      LogChunk{chunk_id("bread"), "buy bread"},
      LogTransaction{two, 2, one, {chunk_id("bread"), chunk_id("milk")}},
      LogTrailer{.next = two, .more = false, .transactions = 2, .chunks = 2, .chunk_bytes = 17}};
}

inline std::string encoded(const std::vector<LogItem>& items) {
  std::string bytes;
  for (const auto& item : items) append_cbor(bytes, item);
  return bytes;
}

}  // namespace mentat_sync
