// The table for a terminal: latencies in milliseconds, so that all numbers of a column compare.
#include "cli/load/load_report.hpp"
#include "cli/load/load_words.hpp"
#include "cli/units.hpp"

#include <algorithm>
#include <array>
#include <iomanip>
#include <sstream>

namespace mentat_sync {
namespace {

constexpr int name_columns = 18;
constexpr int count_columns = 12;
constexpr int rate_columns = 11;
constexpr int latency_columns = 11;
constexpr std::array quantiles{0.5, 0.9, 0.99, 0.999};

std::string head_of(const LoadOptions& options, const LoadResult& result) {
  return "Load on " + target_of(options) + ": " + options.mix.to_string() + "; " +
         count_of(options.connections, "connection") + ", " + count_of(options.users, "user") +
         ", " + grouped(seconds_of(result.elapsed), 1) + " s, " + loop_of(options) + "\n\n";
}

void print_columns(std::ostream& out) {
  out << std::left << std::setw(name_columns) << "latency in ms" << std::right
      << std::setw(count_columns) << "count" << std::setw(rate_columns) << "a second";
  for (const char* name : {"p50", "p90", "p99", "p99.9", "max"}) {
    out << std::setw(latency_columns) << name;
  }
  out << '\n';
}

void print_row(std::ostream& out, std::string_view name, const LatencyHistogram& latencies,
               const LoadResult& result) {
  const auto count = latencies.count();
  out << std::left << std::setw(name_columns) << name << std::right << std::setw(count_columns)
      << grouped(count) << std::setw(rate_columns)
      << grouped(per_second(static_cast<double>(count), result), 1);
  for (const double quantile : quantiles) {
    out << std::setw(latency_columns) << as_ms(latencies.at(quantile));
  }
  out << std::setw(latency_columns) << as_ms(latencies.max()) << '\n';
}

void print_operations(std::ostream& out, const LoadResult& result) {
  print_columns(out);
  const auto print = [&](LoadOperation operation) {
    const auto& latencies = result.of(operation).latencies;
    if (latencies.count() > 0) print_row(out, name_of(operation), latencies, result);
  };
  constexpr auto requests_end = static_cast<std::size_t>(LoadOperation::hear_of_change);
  for (std::size_t i = 0; i < requests_end; ++i) print(static_cast<LoadOperation>(i));
  print_row(out, "all requests", latencies_of_requests(result), result);
  print(LoadOperation::hear_of_change);
  print(LoadOperation::iteration);
}

std::string bytes_told(const LoadResult& result) {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  for (const auto& operation : result.operations) {
    sent += operation.bytes_sent;
    received += operation.bytes_received;
  }
  const auto rate = [&](std::uint64_t bytes) {
    const double each_second = per_second(static_cast<double>(bytes), result);
    return to_human_size(bytes) + " (" + to_human_size(static_cast<std::uint64_t>(each_second)) +
           "/s)";
  };
  return rate(sent) + " sent, " + rate(received) + " received";
}

std::string errors_told(const LoadResult& result) {
  if (result.errors.empty()) return "none";
  std::string text = grouped(errors_of(result)) + " (" + grouped(error_percent(result), 2) + " %)";
  std::string between = ": ";
  for (const auto& [kind, count] : result.errors) {
    text += between + grouped(count) + " × " + kind;
    between = ", ";
  }
  return text;
}

std::string cpu_told(const LoadOptions& options, const LoadResult& result) {
  const auto share = grouped(100 * own_cpu_share(options, result), 0) + " % of " +
                     count_of(options.threads, "thread");
  return tool_was_limit(options, result)
             ? share + ": the load tool was the limit; give it more --threads, or less to do"
             : share;
}

void print_notes(std::ostream& out, const LoadOptions& options, const LoadResult& result) {
  const auto print = [&out](std::string_view name, const std::string& text) {
    out << std::left << std::setw(name_columns) << name << text << '\n';
  };
  out << '\n';
  print("bytes", bytes_told(result));
  print("errors", errors_told(result));
  print("conflicts", grouped(result.conflicts) +
                         (result.conflicts > 0 ? " (HEAD was elsewhere; expected)" : ""));
  if (options.rate) {
    print("not begun", grouped(result.iterations_not_begun) + " of " +
                           grouped(result.iterations_due) + " iterations that were due");
  }
  print("connections", grouped(result.connections_opened) + " opened");
  print("own CPU", cpu_told(options, result));
  print("ledger", ledger_told(options, result));
  for (const auto& violation : result.violations) {
    out << "  " << violation_told(violation) << '\n';
  }
  const auto unlisted = result.violations_count -
                        std::min<std::uint64_t>(result.violations_count, result.violations.size());
  if (unlisted > 0 && result.violations_count > 0) out << "  and " << unlisted << " more\n";
}

}  // namespace

std::string load_table(const LoadOptions& options, const LoadResult& result) {
  std::ostringstream out;
  out << head_of(options, result);
  print_operations(out, result);
  print_notes(out, options, result);
  return out.str();
}

}  // namespace mentat_sync
