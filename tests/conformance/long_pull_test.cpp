// Black-box: logs that take many pieces: slow readers, readers that leave, a log that is deleted
// meanwhile, HTTP/1.0.
#include "support/cbor_log.hpp"
#include "support/decoding.hpp"
#include "support/response_stream.hpp"
#include "support/running_server.hpp"

#include <gmock/gmock.h>

#include <deque>
#include <fstream>
#include <random>
#include <thread>

namespace mentat_sync {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr std::size_t MiB = 1024 * 1024;
/// More than the kernel holds for a reader that does not read.
constexpr std::size_t log_bytes = 48 * MiB;
constexpr std::size_t chunk_bytes = 128 * 1024;

/// Sanitizers keep what has been freed for a while.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

std::string content_of(std::size_t index) {
  std::string content = std::to_string(index) + ":";
  while (content.size() < chunk_bytes) content += content;
  content.resize(chunk_bytes);
  return content;
}

/// Memory of the process that is its own: neither the store's map nor its code.
std::size_t own_memory_bytes(pid_t process) {
  std::ifstream status{"/proc/" + std::to_string(process) + "/status"};
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssAnon:")) return std::stoul(line.substr(8)) * 1024;
  }
  return 0;
}

class LongPull : public RunningServer {
 protected:
  /// Pushes the long log; returns its transactions.
  std::vector<std::string> push_long_log() {
    CborLog log;
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < log_bytes / chunk_bytes; ++i) {
      const auto chunk = "chunk-" + std::to_string(i);
      log.chunk(chunk, content_of(i));
      ids.push_back(new_uuid());
      log.transaction(ids.back(), {chunk});
    }
    EXPECT_EQ(client.push(log.encode()).status, 201U);
    return ids;
  }
  HttpRequest log_request() const { return {.target = client.target("/log")}; }
};

TEST_F(LongPull, ComesInPiecesAndIsWhole) {
  const auto ids = push_long_log();
  ResponseStream stream{port(), log_request()};
  EXPECT_EQ(stream.header().header("Transfer-Encoding"), "chunked");
  EXPECT_FALSE(stream.header().has("Content-Length"));
  const auto log = read_log(stream.read_to_end());
  EXPECT_TRUE(stream.whole());
  EXPECT_EQ(wrong_with(log), std::nullopt);
  EXPECT_EQ(log.ids(), ids);
  for (std::size_t i = 0; i < log.chunks.size(); ++i) {
    ASSERT_EQ(log.chunks[i].bytes, content_of(i)) << i;
  }
}

TEST_F(LongPull, HasChunksThatAreLargerThanItsPieces) {
  CborLog log;
  const std::string large = content_of(7) + content_of(8) + content_of(9) + "end";
  for (const char* name : {"a", "b", "c"}) log.chunk(name, name + large);
  log.transaction(new_uuid(), {"a", "b"});
  log.transaction(new_uuid(), {"c", "a"});
  const auto encoded = log.encode();
  ASSERT_EQ(client.push(encoded).status, 201U);
  const auto pulled = client.pull().body;
  EXPECT_TRUE(is_canonical(pulled));
  const auto read = read_log(pulled);
  EXPECT_EQ(wrong_with(read), std::nullopt);
  ASSERT_EQ(read.chunks.size(), 3U);
  for (const auto& chunk : read.chunks) EXPECT_EQ(chunk.bytes.substr(1), large);
  EXPECT_EQ(decode_gzip(client.pull("", {{"Accept-Encoding", "gzip"}}).body), pulled);
}

TEST_F(LongPull, CodedIsTheSame) {
  push_long_log();
  const auto plain = client.pull().body;
  EXPECT_TRUE(is_canonical(plain));
  EXPECT_EQ(decode_zstd(client.pull("", {{"Accept-Encoding", "zstd"}}).body), plain);
  EXPECT_EQ(decode_gzip(client.pull("", {{"Accept-Encoding", "gzip"}}).body), plain);
}

TEST_F(LongPull, OverHttp10EndsWithTheConnection) {
  const auto ids = push_long_log();
  HttpConnection connection{port()};
  connection.send("GET " + client.target("/log") + " HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const auto header = connection.receive_header();
  EXPECT_EQ(header.status, 200U);
  EXPECT_FALSE(header.has("Transfer-Encoding"));
  EXPECT_FALSE(header.keep_alive);
  const auto log = read_log(connection.read_to_end());
  EXPECT_EQ(wrong_with(log), std::nullopt);
  EXPECT_EQ(log.ids(), ids);
}

TEST_F(LongPull, PipelinedAnswersFollowTheWholeBody) {
  const auto ids = push_long_log();
  HttpConnection connection{port()};
  connection.send(to_wire(log_request()) + to_wire(log_request()) +
                  to_wire({.target = client.target("/head")}));
  EXPECT_EQ(read_log(connection.receive().body).ids(), ids);
  EXPECT_EQ(read_log(connection.receive().body).ids(), ids);
  EXPECT_EQ(connection.receive().json()["head"], ids.back());
}

TEST_F(LongPull, IsTheLogAsItWasAtTheBeginningWhateverIsAddedMeanwhile) {
  const auto ids = push_long_log();
  ResponseStream stream{port(), log_request()};
  std::string body = stream.read().value_or("");
  const auto added = client.commit_transaction(ids.back());
  body += stream.read_to_end();
  const auto log = read_log(body);
  EXPECT_EQ(wrong_with(log), std::nullopt);
  EXPECT_EQ(log.ids(), ids);
  const auto rest = expect_whole_log(client.pull("?from=" + ids.back()));
  EXPECT_THAT(rest.ids(), testing::ElementsAre(added));
}

TEST_F(LongPull, DeletedInTheMiddleIsCutOffWithoutATrailer) {
  const auto ids = push_long_log();
  ResponseStream stream{port(), log_request()};
  std::string body = stream.read().value_or("");
  ASSERT_EQ(client.delete_user().status, 204U);
  // A log that is begun anew is another one: nothing of it may come here.
  client.commit_transaction(root_id);
  body += stream.read_to_end();
  EXPECT_FALSE(stream.whole());
  const auto log = read_log(body);
  EXPECT_FALSE(log.complete());
  const auto came = log.ids();
  ASSERT_LT(came.size(), ids.size());
  EXPECT_TRUE(std::equal(came.begin(), came.end(), ids.begin()));
}

TEST_F(LongPull, CodedAndDeletedInTheMiddleIsNotWholeInItsCodingEither) {
  push_long_log();
  HttpRequest request = log_request();
  request.headers.emplace_back("Accept-Encoding", "gzip");
  // Incompressible enough to fill the kernel's buffers.
  CborLog more{client.head(), client.summary()["seq"].get<std::uint64_t>()};
  for (int i = 0; i < 48; ++i) {
    std::string noise;
    std::mt19937_64 random{static_cast<std::uint64_t>(i)};
    while (noise.size() < MiB) {
      const auto word = random();
      noise.append(reinterpret_cast<const char*>(&word), sizeof word);
    }
    const auto chunk = "noise-" + std::to_string(i);
    more.chunk(chunk, noise).transaction(new_uuid(), {chunk});
  }
  ASSERT_EQ(client.push(more.encode()).status, 201U);
  ResponseStream stream{port(), request};
  std::string body = stream.read().value_or("");
  ASSERT_EQ(client.delete_user().status, 204U);
  body += stream.read_to_end();
  EXPECT_FALSE(stream.whole());
  EXPECT_THROW(decode_gzip(body), HttpError);
}

TEST_F(LongPull, SlowReadersCostLittleMemoryAndDisturbNobody) {
  const auto ids = push_long_log();
  const auto before = own_memory_bytes(server().process().pid());
  std::deque<ResponseStream> slow;
  for (int i = 0; i < 16; ++i) slow.emplace_back(port(), log_request());
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(client.head(), ids.back());
    std::this_thread::sleep_for(milliseconds{20});
  }
  const auto after = own_memory_bytes(server().process().pid());
  // Each holds a piece of 256 KiB, not its 48 MiB; what the allocator keeps comes on top.
  if (!sanitized) {
    EXPECT_LT(after, before + slow.size() * 3 * MiB);
  }
  EXPECT_EQ(read_log(slow.front().read_to_end()).ids(), ids) << "a slow reader gets it all";
}

TEST_F(LongPull, ReadersThatLeaveDisturbNobody) {
  const auto ids = push_long_log();
  for (int i = 0; i < 30; ++i) ResponseStream{port(), log_request()}.read();
  EXPECT_EQ(read_log(client.pull("?chunks=false").body).ids(), ids);
}

TEST_F(LongPull, ManyTransactionsEqualWhatTheOtherRequestsTell) {
  constexpr std::size_t transactions = 5'000;
  std::mt19937_64 random{7};
  std::vector<std::string> ids;
  CborLog log;
  for (int i = 0; i < 200; ++i) log.chunk("shared-" + std::to_string(i), std::to_string(i));
  for (std::size_t i = 0; i < transactions; ++i) {
    std::vector<std::string> chunks;
    for (auto n = random() % 4; n > 0; --n) {
      chunks.push_back("shared-" + std::to_string(random() % 200));
    }
    ids.push_back(new_uuid());
    log.transaction(ids.back(), chunks);
  }
  ASSERT_EQ(client.push(log.encode()).status, 201U);
  const auto pulled = expect_whole_log(client.pull());
  EXPECT_EQ(pulled.ids(), ids);
  EXPECT_EQ(client.transactions(), ids);
  HttpConnection connection{port()};
  std::string wire;
  for (const auto& id : ids) wire += to_wire({.target = client.target("/transactions/" + id)});
  connection.send(wire);
  for (const json& transaction : pulled.transactions) {
    ASSERT_EQ(connection.receive().json(), transaction);
  }
}

}  // namespace
}  // namespace mentat_sync
