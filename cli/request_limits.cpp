// See request_limits.hpp.
#include "cli/request_limits.hpp"

#include "cli/option_kinds.hpp"
#include "cli/units.hpp"

#include <string>

namespace mentat_sync {
namespace {

using std::chrono::milliseconds;

void add_connection_limits(CLI::App& command, RequestLimits& limits) {
  add_count_option(command, "--max-connections", set_number(limits.max_connections),
                   in_range(1, bounds::connections_max), "Connections at a time")
      ->default_str(std::to_string(limits.max_connections));
  add_count_option(command, "--max-connections-per-address",
                   set_number(limits.connections_per_address),
                   zero_or_in_range(1, bounds::connections_max),
                   "Connections at a time from one address (of IPv6: one /64); 0: no bound. "
                   "Behind a proxy all come from its address")
      ->default_str(std::to_string(limits.connections_per_address));
}

void add_rate(CLI::App& command, const std::string& flag, std::uint32_t& target,
              const std::string& of_whom) {
  add_count_option(command, flag, set_number(target), in_range(0, bounds::request_rate_max),
                   "Requests a second " + of_whom +
                       ", with a burst of ten seconds' worth; 0: no "
                       "bound")
      ->default_str(std::to_string(target));
}

void add_trusted_proxies(CLI::App& command, TrustedProxies& target) {
  const auto set = [&target](const CLI::results_t& results) {
    TrustedProxies proxies;
    for (const auto& network : results) {
      if (!proxies.add(network).ok()) return false;
    }
    target = proxies;
    return true;
  };
  const auto check = [](const std::string& network) -> std::string {
    TrustedProxies proxies;
    return proxies.add(network).message();
  };
  add_option(
      command, "--trusted-proxy", set,
      "A proxy, or a network of them, whose X-Forwarded-For is believed; may be repeated, or a "
      "list with commas")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->delimiter(',')
      ->check(CLI::Validator(check, ""))
      ->type_name("ADDR");
}

void add_sizes(CLI::App& command, RequestLimits& limits) {
  const auto add = [&command](const char* flag, std::uint64_t& target, std::uint64_t min,
                              std::uint64_t max, const char* description) {
    add_size_option(command, flag, target, to_bytes(min, max), description)
        ->default_str(to_human_size(target));
  };
  add("--max-header-bytes", limits.header_bytes, bounds::header_bytes_min, bounds::header_bytes_max,
      "The longest request line and headers");
  add("--max-target-bytes", limits.target_bytes, bounds::target_bytes_min, bounds::header_bytes_max,
      "The longest path and query");
  add("--max-json-bytes", limits.json_body_bytes, bounds::json_body_bytes_min,
      bounds::json_body_bytes_max, "The largest JSON body");
  add("--max-push-bytes", limits.push_bytes, 1, bounds::push_bytes_max,
      "The largest log that is taken in one push");
  add("--max-bodies-bytes", limits.bodies_bytes, bounds::bodies_bytes_min, bounds::bodies_bytes_max,
      "Bodies that are received or worked on, of all requests together");
  add("--max-answers-bytes", limits.answers_bytes, bounds::answers_bytes_min,
      bounds::answers_bytes_max, "Answers that are being written, to all clients together");
}

void add_deadlines(CLI::App& command, RequestLimits& limits) {
  const auto add = [&command](const char* flag, milliseconds& target, const char* description) {
    add_duration_option(command, flag, target, bounds::timeout_min, description)
        ->check(at_most(bounds::timeout_max));
  };
  Deadlines& deadlines = limits.deadlines;
  add("--handshake-timeout", deadlines.handshake, "How long a TLS handshake may take");
  add("--idle-timeout", deadlines.idle, "How long a connection may rest between two requests");
  add("--header-timeout", deadlines.header, "How long a request's header may take to arrive");
  add("--body-timeout", deadlines.body, "How long nothing of a body may arrive");
  add("--body-total-timeout", deadlines.body_total, "How long a whole body may take to arrive");
  add("--write-timeout", deadlines.write,
      "In which a client must take 512 bytes a second of its answer, or its rest");
  add_duration_option(command, "--event-heartbeat", limits.event_heartbeat, bounds::timeout_min,
                      "How often an event stream says something when nothing happens")
      ->check(at_most(bounds::watch_wait_max));
}

}  // namespace

void add_request_limits(CLI::App& command, RequestLimits& limits) {
  add_connection_limits(command, limits);
  add_rate(command, "--max-user-rate", limits.user_rate, "of one user");
  add_rate(command, "--max-address-rate", limits.address_rate, "from one address");
  add_trusted_proxies(command, limits.trusted_proxies);
  add_sizes(command, limits);
  add_deadlines(command, limits);
}

std::string contradiction_in(const RequestLimits& limits) {
  if (limits.target_bytes >= limits.header_bytes) {
    return "--max-target-bytes must be less than --max-header-bytes, which has it too";
  }
  if (limits.push_bytes > limits.bodies_bytes) {
    return "--max-bodies-bytes must be at least --max-push-bytes, or no such push gets through";
  }
  return {};
}

}  // namespace mentat_sync
