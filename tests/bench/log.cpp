// A whole log in one request beside the same log in 0.1 requests over one kept-alive connection,
// down and up, and beside the bare copying of its bytes; in alternating rounds of one run.
#include "bench/bench_options.hpp"
#include "bench/figures.hpp"
#include "bench/lean_client.hpp"
#include "bench/processors.hpp"
#include "http/wire/log_decoder.hpp"
#include "storage/cbor_log.hpp"
#include "support/server_process.hpp"
#include "support/sync_client.hpp"

#include <arpa/inet.h>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <netinet/in.h>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace mentat_sync {
namespace {

constexpr std::size_t chunks_of_each = 3;
constexpr std::size_t chunk_bytes = 100;
/// Of what takes a millisecond or two.
constexpr unsigned short_ones_in_a_round = 10;
constexpr unsigned server_processor = 0;
constexpr unsigned load_processor = 1;

struct Options {
  std::size_t pulled;
  std::size_t pushed;
  unsigned rounds;
  std::filesystem::path directory;
};

Options options_of(const BenchOptions& given) {
  return {.pulled = given.count("--pulled", 10'000),
          .pushed = given.count("--pushed", 1'000),
          .rounds = given.rounds(),
          .directory = given.directory()};
}

/// New ids, chunks of bytes that differ.
std::vector<LogTransaction> make_transactions(std::size_t count) {
  std::vector<LogTransaction> transactions;
  TransactionId parent;
  for (std::uint64_t seq = 1; seq <= count; ++seq) {
    LogTransaction transaction{TransactionId::parse(new_uuid()).value(), seq, parent, {}};
    for (std::size_t i = 0; i < chunks_of_each; ++i) {
      transaction.chunks.push_back(ChunkId::parse(new_uuid()).value());
    }
    parent = transaction.id;
    transactions.push_back(std::move(transaction));
  }
  return transactions;
}

std::string content_of(const ChunkId& chunk) {
  std::string content;
  while (content.size() < chunk_bytes) content += chunk.text();
  content.resize(chunk_bytes);
  return content;
}

/// As one push, after the root.
std::string encode(const std::vector<LogTransaction>& transactions) {
  std::string log;
  LogTrailer trailer;
  trailer.next = transactions.back().id;
  append_cbor(log, LogHeader{{}, trailer.next});
  for (const LogTransaction& transaction : transactions) {
    for (const ChunkId& chunk : transaction.chunks) {
      append_cbor(log, LogChunk{chunk, content_of(chunk)});
      trailer.chunks += 1;
      trailer.chunk_bytes += chunk_bytes;
    }
    append_cbor(log, transaction);
    trailer.transactions += 1;
  }
  append_cbor(log, trailer);
  return log;
}

void push_by_puts(std::uint16_t port, const std::vector<LogTransaction>& transactions) {
  LeanClient client{port, new_uuid()};
  for (const LogTransaction& transaction : transactions) {
    std::vector<std::string> ids;
    for (const ChunkId& chunk : transaction.chunks) {
      ids.push_back(chunk.to_string());
      client.put("/chunks/" + ids.back(), content_of(chunk), 201);
    }
    client.put("/transactions/" + transaction.id.to_string(),
               transaction_body(transaction.parent.to_string(), ids), 201);
  }
  client.put("/head", head_body(transactions.back().id.to_string()), 204);
}

/// Every page, transaction and chunk; returns the bytes received.
std::uint64_t pull_by_gets(std::uint16_t port, const std::string& user) {
  LeanClient client{port, user};
  std::string from{root_id};
  for (;;) {
    const auto page = nlohmann::json::parse(client.get("/transactions?limit=10000&from=" + from));
    const std::vector<std::string> ids = page["transactions"];
    if (ids.empty()) return client.received_bytes();
    for (const auto& id : ids) {
      const auto transaction = nlohmann::json::parse(client.get("/transactions/" + id));
      for (const std::string chunk : transaction["chunks"]) client.get("/chunks/" + chunk);
    }
    from = ids.back();
  }
}

/// As a client does that stores what comes.
void decode(std::string_view log, std::size_t transactions) {
  LogDecoder decoder{1024 * 1024};
  std::size_t found = 0;
  constexpr std::size_t slice_bytes = 64 * 1024;
  for (; !log.empty(); log.remove_prefix(std::min(slice_bytes, log.size()))) {
    decoder.feed(log.substr(0, slice_bytes));
    for (auto item = decoder.next(); item.ok() && *item; item = decoder.next()) {
      if (std::holds_alternative<LogTransaction>(**item)) ++found;
    }
  }
  if (!decoder.finish().ok() || found != transactions) throw std::runtime_error{"no whole log"};
}

/// The two ends of a TCP connection over loopback.
std::array<int, 2> connected_sockets() {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  const bool listens = ::bind(listener, generic, size) == 0 && ::listen(listener, 1) == 0 &&
                       ::getsockname(listener, generic, &size) == 0;
  const int from = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (!listens || ::connect(from, generic, size) != 0) throw std::runtime_error{"no connection"};
  const int to = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
  ::close(listener);
  return {from, to};
}

/// So many bytes from a thread on the server's processor to this one, by a socket.
void copy_over_a_socket(std::size_t bytes) {
  const auto [from, to] = connected_sockets();
  std::jthread sender{[bytes, end = from] {
    pin_to(server_processor);
    const std::string block(256 * 1024, 'x');
    for (std::size_t left = bytes; left > 0;) {
      const ssize_t sent = ::send(end, block.data(), std::min(left, block.size()), MSG_NOSIGNAL);
      if (sent <= 0) break;
      left -= static_cast<std::size_t>(sent);
    }
    ::close(end);
  }};
  std::array<char, 256 * 1024> buffer;
  std::size_t got = 0;
  for (ssize_t part = 1; part > 0; got += static_cast<std::size_t>(part)) {
    part = ::recv(to, buffer.data(), buffer.size(), 0);
  }
  ::close(to);
}

struct Series {
  Timing copy{"its bytes over a TCP socket, nothing else"};
  Timing pull{"pulled in one request, and dropped as the copy is"};
  Timing pull_and_keep{"pulled in one request, and kept in memory"};
  Timing pull_and_decode{"pulled in one request, and decoded"};
  Timing gets{"by GETs, one after the other, one connection"};
  Timing push{"pushed in one request"};
  Timing puts{"by PUTs, one after the other, one connection"};
};

void run_round(const Options& options, std::uint16_t port, const std::string& user,
               std::size_t log_bytes, Series& series) {
  LeanClient client{port, user};
  for (unsigned i = 0; i < short_ones_in_a_round; ++i) {
    series.copy.time([&] { copy_over_a_socket(log_bytes); });
    series.pull.time([&] {
      if (client.get_and_drop("/log") < log_bytes) throw std::runtime_error{"no whole log"};
    });
  }
  series.pull_and_keep.time([&] { client.get("/log"); });
  series.pull_and_decode.time([&] { decode(client.get("/log"), options.pulled); });
  series.gets.time([&] { pull_by_gets(port, user); });
  const auto transactions = make_transactions(options.pushed);
  const auto log = encode(transactions);
  series.push.time([&] { LeanClient{port, new_uuid()}.post_log(log, 201); });
  series.puts.time([&] { push_by_puts(port, transactions); });
}

void print_all(const Options& options, const Series& series, std::size_t log_bytes,
               std::uint64_t get_bytes) {
  std::printf("medians of %u rounds; server on one processor, load on another\n", options.rounds);
  std::printf(
      "a log of %zu transactions of %zu chunks of %zu bytes: %zu bytes in one piece, "
      "%llu by GETs; ratios to the pull\n",
      options.pulled, chunks_of_each, chunk_bytes, log_bytes,
      static_cast<unsigned long long>(get_bytes));
  for (const Timing* timing :
       {&series.copy, &series.pull, &series.pull_and_keep, &series.pull_and_decode, &series.gets}) {
    print(*timing, series.pull);
  }
  std::printf("a log of %zu such transactions; ratios to the push\n", options.pushed);
  print(series.push, series.push);
  print(series.puts, series.push);
}

int run(const Options& options) {
  const auto directory = options.directory / "bench-log";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  pin_to(server_processor);
  ServerProcessOptions server_options;
  server_options.data = directory / "data";
  server_options.arguments = {"--threads", "1"};
  ServerProcess server{server_options};
  pin_to(load_processor);

  const auto user = new_uuid();
  const auto log = encode(make_transactions(options.pulled));
  LeanClient{server.port(), user}.post_log(log, 201);
  const auto get_bytes = pull_by_gets(server.port(), user);  // and everything is warm
  Series series;
  for (unsigned round = 0; round < options.rounds; ++round) {
    run_round(options, server.port(), user, log.size(), series);
  }
  server.terminate();
  std::filesystem::remove_all(directory);
  print_all(options, series, log.size(), get_bytes);
  return 0;
}

}  // namespace
}  // namespace mentat_sync

int main(int argc, char** argv) {
  using namespace mentat_sync;
  return run_bench("bench_log", argc, argv,
                   [](const BenchOptions& given) { return run(options_of(given)); });
}
