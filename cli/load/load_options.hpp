// LoadOptions: what `mentat-sync load` is asked to do, checked.
//
// Thread-safety: reads the environment, so parse before threads start.
// Failures: what cannot be used is CLI11's ValidationError, a usage error.
#pragma once

#include "cli/load/chunk_sizes.hpp"
#include "cli/load/scenarios.hpp"
#include "cli/remote_options.hpp"
#include "http/client/server_url.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace mentat_sync {

struct LoadOptions {
  /// --against URL; or --spawn: a server of its own, with a temporary store. One of both.
  std::optional<ServerUrl> against;
  bool spawn = false;
  /// Further arguments of `serve` (--serve-arg, any number), and the processor it is to run on
  /// (--serve-cpu), and where its temporary store is made (--spawn-dir; empty: where temporary
  /// files are, which may be memory, and then durable writes cost nothing).
  std::vector<std::string> serve_arguments;
  std::optional<unsigned> serve_cpu;
  std::filesystem::path spawn_directory;
  RemoteAccess access;

  std::uint64_t users = 100;
  /// Of one user that are at work at once, at most.
  std::uint64_t devices = 3;
  std::uint64_t connections = 64;
  unsigned threads = 1;
  std::chrono::milliseconds duration{10'000};
  /// Connections are opened and begin their work spread over so long; not measured.
  std::chrono::milliseconds ramp{0};
  /// Iterations a second of the whole run (open loop); nothing: each device as fast as it goes.
  std::optional<double> rate;
  ScenarioMix mix;
  ChunkSizes chunk_sizes;
  /// Transactions that a `log` iteration pushes, and chunks in each transaction anywhere.
  std::uint64_t transactions = 10;
  std::uint64_t chunks = 1;
  /// Of a hundred iterations that write: how many are left half done, and how many delete the user.
  double abandon_percent = 0;
  double delete_percent = 0;
  /// Of a request; an answer later than that is an error.
  std::chrono::milliseconds timeout{30'000};
  /// Users, sizes and choices follow from it; the same seed against an empty server does the same.
  std::uint64_t seed = 1;
  /// Read every user's log again in the end; --no-verify.
  bool verify = true;

  std::filesystem::path json;
  std::filesystem::path report;
};

/// What is wrong with the options together, though each of them could be used; empty: nothing.
std::string contradiction_in(const LoadOptions& options);

/// The subcommand `load`.
CLI::App* add_load(CLI::App& app, LoadOptions& options);

}  // namespace mentat_sync
