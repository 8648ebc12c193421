// Reads beside nginx and beside a bare server on the same processor: GETs over 64 kept connections,
// in alternating rounds of one run; medians and ratios are printed.
#include "bench/bench_options.hpp"
#include "bench/figures.hpp"
#include "bench/get_load.hpp"
#include "bench/lean_client.hpp"
#include "bench/nginx_peer.hpp"
#include "bench/printed_port.hpp"
#include "bench/processors.hpp"
#include "storage/uuid.hpp"
#include "support/server_process.hpp"
#include "test_certificates.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace mentat_sync {
namespace {

constexpr std::size_t users = 100;
constexpr std::size_t transactions_of_each = 10;

struct Options {
  double seconds;
  unsigned rounds;
  std::filesystem::path directory;
};

Options options_of(const BenchOptions& given) {
  return {.seconds = given.number("--seconds", 2),
          .rounds = given.rounds(),
          .directory = given.directory()};
}

std::string random_uuid() {
  static std::mt19937_64 random{1};
  Uuid uuid;
  for (auto& byte : uuid.bytes) byte = static_cast<std::uint8_t>(random());
  return uuid.to_string();
}

/// What can be asked for, once the server has it.
struct Targets {
  std::vector<std::string> heads;
  std::vector<std::string> transactions;
  std::vector<std::string> small_chunks;
  std::vector<std::string> large_chunks;
  std::vector<std::string> pages;
};

void fill_user(std::uint16_t port, Targets& targets) {
  const std::string user = random_uuid();
  const std::string base = "/0.1/" + user;
  LeanClient client{port, user};
  std::string parent = Uuid{}.to_string();
  const auto put_chunk = [&](std::size_t bytes, std::vector<std::string>& listed) {
    const std::string chunk = "/chunks/" + random_uuid();
    client.put(chunk, std::string(bytes, 'x'), 201);
    listed.push_back(base + chunk);
    return listed.back().substr(listed.back().rfind('/') + 1);
  };
  for (std::size_t i = 0; i < transactions_of_each; ++i) {
    const std::string chunk = put_chunk(100, targets.small_chunks);
    const std::string transaction = random_uuid();
    client.put("/transactions/" + transaction,
               R"({"parent": ")" + parent + R"(", "chunks": [")" + chunk + R"("]})", 201);
    targets.transactions.push_back(base + "/transactions/" + transaction);
    parent = transaction;
  }
  put_chunk(65'536, targets.large_chunks);
  client.put("/head", R"({"head": ")" + parent + R"("})", 204);
  targets.heads.push_back(base + "/head");
  targets.pages.push_back(base + "/transactions?limit=100");
}

Targets fill(std::uint16_t port) {
  Targets targets;
  for (std::size_t i = 0; i < users; ++i) fill_user(port, targets);
  return targets;
}

/// One thing that is asked for, round after round.
struct Series {
  std::string name;
  GetLoad load;
  std::vector<double> answers = {};
  std::vector<double> p50_us = {};
  std::vector<double> p99_us = {};

  void measure(double seconds) {
    load.time = std::chrono::duration<double>{seconds};
    const GetFigures figures = get_all(load);
    answers.push_back(figures.answers_a_second);
    p50_us.push_back(figures.p50.count());
    p99_us.push_back(figures.p99.count());
  }
  double value() const { return median(answers); }
};

ServerProcessOptions server_options(const std::filesystem::path& data,
                                    std::vector<std::string> arguments) {
  ServerProcessOptions options;
  options.data = data;
  options.arguments = std::move(arguments);
  options.arguments.insert(options.arguments.end(), {"--threads", "1"});
  return options;
}

/// A yardstick and what is measured by it.
struct Comparison {
  std::size_t yardstick;
  std::vector<std::size_t> series;
};

void print(const std::vector<Series>& series, const Comparison& comparison) {
  const Series& yardstick = series[comparison.yardstick];
  std::printf("\nin terms of: %s\n", yardstick.name.c_str());
  const auto line = [&](const Series& one) {
    std::printf("  %-44s %8.0f /s  %6.2f x   p50 %6.0f us   p99 %6.0f us\n", one.name.c_str(),
                one.value(), one.value() / yardstick.value(), median(one.p50_us),
                median(one.p99_us));
  };
  line(yardstick);
  for (const std::size_t i : comparison.series) line(series[i]);
}

/// Those that serve, all on one processor; who is not asked takes none of it.
struct Servers {
  explicit Servers(const std::filesystem::path& directory)
      : ours(server_options(directory / "data", {})),
        ours_with_tls(server_options(directory / "tls-data", tls_arguments(directory))),
        bare(bare_options()) {}

  static ChildProcess::Options bare_options() {
    ChildProcess::Options options;
    options.command = {MENTAT_SYNC_CONSTANT_SERVER, "0", "100"};
    return options;
  }

  static std::vector<std::string> tls_arguments(const std::filesystem::path& directory) {
    const TestIdentity identity = TestAuthority{}.issue();
    const auto certificate = write_file(directory, "server.pem", identity.certificate);
    const auto key = write_file(directory, "server.key", identity.key);
    return {"--tls-certificate", certificate.string(), "--tls-key", key.string()};
  }

  ServerProcess ours;
  ServerProcess ours_with_tls;
  ChildProcess bare;
  NginxPeer nginx;
};

std::vector<Series> plain_series(const Servers& servers, const Targets& targets) {
  const std::uint16_t ours = servers.ours.port();
  const std::uint16_t nginx = servers.nginx.port();
  return {
      {"nginx, a file of 100 bytes", {.port = nginx, .targets = {NginxPeer::small_file}}},
      {"nginx, return 200 with 100 bytes", {.port = nginx, .targets = {NginxPeer::constant}}},
      {"bare Beast server, 100 bytes", {.port = printed_port(servers.bare), .targets = {"/"}}},
      {"GET head", {.port = ours, .targets = targets.heads}},
      {"GET transaction", {.port = ours, .targets = targets.transactions}},
      {"GET chunk of 100 bytes", {.port = ours, .targets = targets.small_chunks}},
      {"nginx, a file of 64 KiB", {.port = nginx, .targets = {NginxPeer::large_file}}},
      {"GET chunk of 64 KiB", {.port = ours, .targets = targets.large_chunks}},
      {"GET transactions, a page of 10", {.port = ours, .targets = targets.pages}},
  };
}

std::vector<Series> tls_series(const Servers& servers, const Targets& targets) {
  const std::uint16_t ours = servers.ours_with_tls.port();
  const std::uint16_t nginx = servers.nginx.tls_port();
  return {
      {"nginx with TLS 1.3, a file of 100 bytes",
       {.port = nginx, .tls = true, .targets = {NginxPeer::small_file}}},
      {"nginx with TLS 1.3, return 200",
       {.port = nginx, .tls = true, .targets = {NginxPeer::constant}}},
      {"GET head with TLS 1.3", {.port = ours, .tls = true, .targets = targets.heads}},
      {"GET chunk of 100 bytes with TLS 1.3",
       {.port = ours, .tls = true, .targets = targets.small_chunks}},
  };
}

void measure(std::vector<Series>& series, const Options& options) {
  for (unsigned round = 0; round < options.rounds; ++round) {
    for (Series& one : series) one.measure(options.seconds);
  }
}

int run(const Options& options) {
  if (!NginxPeer::available()) {
    std::printf("nginx is not here, so reads are not measured: install nginx-light\n");
    return EXIT_SUCCESS;
  }
  const auto directory = options.directory / "bench-reads";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  // The server with TLS has the same targets: it is filled by one without on the same data.
  pin_to(0);
  Targets tls_targets;
  {
    ServerProcess filled{server_options(directory / "tls-data", {})};
    tls_targets = fill(filled.port());
    filled.terminate();
  }
  Servers servers{directory};
  pin_to(1);
  const Targets targets = fill(servers.ours.port());

  std::vector<Series> plain = plain_series(servers, targets);
  std::vector<Series> encrypted = tls_series(servers, tls_targets);
  measure(plain, options);
  measure(encrypted, options);
  std::printf("64 connections; medians of %u rounds; servers on one processor, load on another\n",
              options.rounds);
  print(plain, {0, {3, 4, 5, 8}});
  print(plain, {1, {3, 4, 5}});
  print(plain, {2, {3, 4, 5}});
  print(plain, {6, {7}});
  print(encrypted, {0, {2, 3}});
  print(encrypted, {1, {2, 3}});
  std::filesystem::remove_all(directory);
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace mentat_sync

int main(int argc, char** argv) {
  using namespace mentat_sync;
  return run_bench("bench_reads", argc, argv,
                   [](const BenchOptions& given) { return run(options_of(given)); });
}
