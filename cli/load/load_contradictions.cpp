// What cannot be asked for together, though each option could be used.
#include "cli/load/load_options.hpp"
#include "cli/units.hpp"
#include "storage/bounds.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace mentat_sync {
namespace {

constexpr std::array all_scenarios{Scenario::sync,  Scenario::bootstrap, Scenario::read,
                                   Scenario::write, Scenario::race,      Scenario::watch,
                                   Scenario::log};
static_assert(all_scenarios.size() == scenario_count);

/// Where the server listens, what it stores and what it logs is what the tool lives on.
std::string fault_of_serve_arguments(const LoadOptions& options) {
  constexpr std::array<std::string_view, 4> own{"--listen", "--data", "--log-level",
                                                "--log-format"};
  for (const auto& argument : options.serve_arguments) {
    const auto flag = argument.substr(0, argument.find('='));
    if (std::find(own.begin(), own.end(), flag) == own.end()) continue;
    return "--serve-arg cannot be " + flag + ": with --spawn, where the server listens, its data " +
           "and its log are load's own to say (--spawn-dir says where the data is)";
  }
  return {};
}

std::string fault_of_server(const LoadOptions& options) {
  if (options.against && options.spawn) return "--against and --spawn exclude each other";
  if (options.spawn) return fault_of_serve_arguments(options);
  if (!options.against) return "load needs a server: --against URL, or --spawn to start one";
  const auto needs_spawn = [](const std::string& flag) { return flag + " needs --spawn"; };
  if (!options.serve_arguments.empty()) return needs_spawn("--serve-arg");
  if (options.serve_cpu) return needs_spawn("--serve-cpu");
  return options.spawn_directory.empty() ? "" : needs_spawn("--spawn-dir");
}

/// A shard has a part of the users, and of the connections.
std::string fault_of_threads(const LoadOptions& options) {
  const auto too_few = [&](const std::string& what) {
    return "--threads " + std::to_string(options.threads) + " needs at least as many " + what;
  };
  if (options.threads > options.connections) return too_few("--connections");
  return options.threads > options.users ? too_few("--users") : "";
}

std::string fault_of_connections(const LoadOptions& options) {
  const auto devices = options.users * options.devices;
  if (options.connections <= devices) return {};
  return "--connections " + std::to_string(options.connections) +
         " would never all be at work: " + count_of(options.users, "user") + " with " +
         count_of(options.devices, "device") + " are " + count_of(devices, "device");
}

std::string fault_of_mix(const LoadOptions& options) {
  const auto wanted = static_cast<std::uint64_t>(
      std::count_if(all_scenarios.begin(), all_scenarios.end(),
                    [&](Scenario scenario) { return options.mix.weight(scenario) > 0; }));
  if (wanted > options.connections) {
    return "--mix " + options.mix.to_string() + " needs at least " +
           count_of(wanted, "connection") + ", one for each scenario";
  }
  const auto connections = options.mix.divide(options.connections);
  const auto alone = connections[static_cast<std::size_t>(Scenario::write)] +
                     connections[static_cast<std::size_t>(Scenario::bootstrap)];
  if (alone > options.users) {
    return "write and bootstrap in --mix have " + count_of(alone, "connection") +
           ", each alone with its user: they need as many --users";
  }
  if (options.mix.weight(Scenario::race) > 0 && options.devices < 2) {
    return "the race in --mix needs at least two --devices of a user";
  }
  return {};
}

std::string fault_of_work(const LoadOptions& options) {
  if (options.abandon_percent + options.delete_percent > 100) {
    return "--abandon and --delete are more than 100 percent together";
  }
  const auto largest = options.chunk_sizes.largest();
  if (largest > bounds::chunk_bytes_max) {
    return "--chunk-sizes has chunks of up to " + to_human_size(largest) +
           ", and no server takes more than " + to_human_size(bounds::chunk_bytes_max);
  }
  const auto pushed = largest * options.chunks * options.transactions;
  if (options.mix.weight(Scenario::log) > 0 && pushed > bounds::push_bytes_max) {
    return "the log in --mix would push up to " + to_human_size(pushed) +
           " at once (--transactions, --chunks, --chunk-sizes), and no server takes more than " +
           to_human_size(bounds::push_bytes_max);
  }
  return {};
}

std::string fault_of_files(const LoadOptions& options) {
  const bool same =
      !options.json.empty() && options.json.lexically_normal() == options.report.lexically_normal();
  return same ? "--json and --report are the same file" : "";
}

}  // namespace

std::string contradiction_in(const LoadOptions& options) {
  for (const auto fault_of : {fault_of_server, fault_of_threads, fault_of_connections, fault_of_mix,
                              fault_of_work, fault_of_files}) {
    if (auto fault = fault_of(options); !fault.empty()) return fault;
  }
  return {};
}

}  // namespace mentat_sync
