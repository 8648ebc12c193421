// Numbers are grouped by thousands and have a point, whatever the locale is.
#include "cli/load/load_words.hpp"

#include "cli/units.hpp"

#include <array>
#include <cstdio>
#include <ctime>
#include <string_view>

namespace mentat_sync {
namespace {

/// Above it, what is measured begins to be the tool's own waiting.
constexpr double busy_share = 0.9;

std::string fixed(double number, int decimals) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, number);
  return text.data();
}

/// "0.5", "20": as many decimals as it needs.
std::string shortest(double number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.12g", number);
  return text.data();
}

std::string with_commas(std::string digits) {
  if (digits.find('e') != digits.npos) return digits;
  const auto point = digits.find('.');
  auto place = point == digits.npos ? digits.size() : point;
  while (place > 3) {
    place -= 3;
    digits.insert(place, 1, ',');
  }
  return digits;
}

bool is_request(std::size_t operation) {
  return operation != static_cast<std::size_t>(LoadOperation::hear_of_change) &&
         operation != static_cast<std::size_t>(LoadOperation::iteration);
}

std::string arguments_of(const LoadOptions& options) {
  std::string text = "serve";
  for (const auto& argument : options.serve_arguments) text += " " + argument;
  if (options.serve_cpu) text += ", on processor " + std::to_string(*options.serve_cpu);
  return text;
}

}  // namespace

std::string grouped(std::uint64_t number) {
  return with_commas(std::to_string(number));
}

std::string grouped(double number, int decimals) {
  return with_commas(fixed(number, decimals));
}

std::string as_ms(LatencyHistogram::Duration latency) {
  return grouped(static_cast<double>(latency.count()) / 1e6, 3);
}

std::string with_unit(LatencyHistogram::Duration latency) {
  auto number = static_cast<double>(latency.count());
  constexpr std::array units{"ns", "µs", "ms", "s"};
  std::size_t unit = 0;
  // Not 1000: "999.97" would be told as "1000".
  for (; number >= 999.5 && unit + 1 < units.size(); ++unit) number /= 1000;
  const int decimals = number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
  return grouped(number, unit == 0 ? 0 : decimals) + " " + units[unit];
}

std::string spoken(std::chrono::milliseconds duration) {
  const auto ms = duration.count();
  if (ms % 3'600'000 == 0 && ms > 0) return std::to_string(ms / 3'600'000) + " h";
  if (ms % 60'000 == 0 && ms > 0) return std::to_string(ms / 60'000) + " min";
  if (ms >= 1000 || ms == 0) return shortest(static_cast<double>(ms) / 1000) + " s";
  return std::to_string(ms) + " ms";
}

std::string began_at_told(const LoadResult& result) {
  const auto time = std::chrono::system_clock::to_time_t(result.began_at);
  std::tm utc{};
  std::array<char, 32> text{};
  if (::gmtime_r(&time, &utc) == nullptr) return {};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text.data();
}

double seconds_of(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

double per_second(double count, const LoadResult& result) {
  const double seconds = seconds_of(result.elapsed);
  return seconds > 0 ? count / seconds : 0;
}

LatencyHistogram latencies_of_requests(const LoadResult& result) {
  LatencyHistogram all;
  for (std::size_t i = 0; i < result.operations.size(); ++i) {
    if (is_request(i)) all.merge(result.operations[i].latencies);
  }
  return all;
}

std::uint64_t errors_of(const LoadResult& result) {
  std::uint64_t sum = 0;
  for (const auto& [kind, count] : result.errors) sum += count;
  return sum;
}

double error_percent(const LoadResult& result) {
  const auto errors = static_cast<double>(errors_of(result));
  const auto all = static_cast<double>(result.requests()) + errors;
  return all > 0 ? 100 * errors / all : 0;
}

double own_cpu_share(const LoadOptions& options, const LoadResult& result) {
  const double available = seconds_of(result.elapsed) * options.threads;
  return available > 0 ? seconds_of(result.own_cpu) / available : 0;
}

bool tool_was_limit(const LoadOptions& options, const LoadResult& result) {
  return own_cpu_share(options, result) >= busy_share;
}

std::string target_of(const LoadOptions& options) {
  return options.against ? options.against->to_string() : "a server of its own";
}

std::string loop_of(const LoadOptions& options) {
  if (!options.rate) return "closed loop";
  return "open loop, " + with_commas(shortest(*options.rate)) + " iterations a second";
}

std::vector<std::pair<std::string, std::string>> options_told(const LoadOptions& options) {
  std::vector<std::pair<std::string, std::string>> told{
      {"Server", target_of(options)},
      {"Mix", options.mix.to_string()},
      {"Users", grouped(options.users) + ", of each up to " + count_of(options.devices, "device") +
                    " at once"},
      {"Connections", grouped(options.connections) + ", on " + count_of(options.threads, "thread") +
                          " of the tool"},
      {"Duration", spoken(options.duration) + ", after a ramp of " + spoken(options.ramp)},
      {"Loop", loop_of(options)},
      {"Chunks", options.chunk_sizes.to_string() + " bytes each, " + grouped(options.chunks) +
                     " in a transaction"},
      {"Transactions", grouped(options.transactions) + " in an iteration of log"},
      {"Of what writes", shortest(options.abandon_percent) + " % abandoned, " +
                             shortest(options.delete_percent) + " % delete the user"},
      {"Time-out", spoken(options.timeout)},
      {"Seed", std::to_string(options.seed)}};
  if (options.spawn) told.insert(told.begin() + 1, {"Started as", arguments_of(options)});
  return told;
}

std::string violation_told(const Violation& violation) {
  if (violation.times == 1) return violation.sentence;
  return violation.sentence + " (seen " + grouped(violation.times) + " times)";
}

std::string ledger_told(const LoadOptions& options, const LoadResult& result) {
  const auto found = result.violations_count;
  if (found > 0) return "BROKEN: " + count_of(found, "violation") + " of what was acknowledged";
  if (!options.verify) return "not read again (--no-verify); no violation was seen meanwhile";
  if (result.users_not_verified > 0) {
    return "NOT KNOWN: " + count_of(result.users_not_verified, "user") + " could not be read again";
  }
  return "kept: read again, the logs of " + grouped(result.users_verified) +
         " users have every step of HEAD that was acknowledged; a sample of " +
         grouped(result.transactions_verified) + " transactions and " +
         grouped(result.chunks_verified) + " chunks is there, unchanged";
}

}  // namespace mentat_sync
