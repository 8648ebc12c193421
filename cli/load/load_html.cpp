// The page from its top to its end. It is XML too, which the tests make use of.
#include "cli/load/html_text.hpp"
#include "cli/load/load_plots.hpp"
#include "cli/load/load_report.hpp"
#include "cli/load/load_style.hpp"
#include "cli/load/load_words.hpp"
#include "cli/units.hpp"

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string_view>

namespace mentat_sync {
namespace {

constexpr std::array quantiles{0.5, 0.9, 0.99, 0.999};

std::string element(std::string_view name, std::string_view text) {
  return "<" + std::string{name} + ">" + escaped_html(text) + "</" + std::string{name} + ">";
}

std::string tile(std::string_view style, std::string_view value, std::string_view what) {
  return "<div class=\"tile " + std::string{style} + "\">" + element("b", value) +
         element("span", what) + "</div>\n";
}

std::string row(std::initializer_list<std::string_view> cells, std::string_view tag = "td") {
  std::string html = "<tr>";
  for (const auto& cell : cells) html += element(tag, cell);
  return html + "</tr>\n";
}

std::string head_of(const LoadOptions& options, const LoadResult& result) {
  const std::string title = "Load on " + target_of(options);
  return "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n"
         "<meta charset=\"utf-8\"/>\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n" +
         element("title", title) + "\n<style>" + load_style +
         "</style>\n</head>\n<body>\n<main>\n" + element("h1", title) +
         "\n<p class=\"soft wide\">" +
         escaped_html(options.mix.to_string() + " on " +
                      count_of(options.connections, "connection") + " for " +
                      grouped(seconds_of(result.elapsed), 1) + " s, " + loop_of(options)) +
         "<br/>begun " + escaped_html(began_at_told(result)) + "</p>\n";
}

std::string ledger_tile(const LoadOptions& options, const LoadResult& result) {
  if (result.violations_count > 0) {
    return tile("bad", "BROKEN", "ledger: " + count_of(result.violations_count, "violation"));
  }
  if (!options.verify) return tile("", "not read", "ledger: --no-verify");
  if (result.users_not_verified > 0) {
    return tile("bad", "not known",
                "ledger: " + count_of(result.users_not_verified, "user") + " not read again");
  }
  return tile("good", "kept", "ledger: " + grouped(result.users_verified) + " users read again");
}

std::string tiles(const LoadOptions& options, const LoadResult& result) {
  const auto all = latencies_of_requests(result);
  const auto requests = static_cast<double>(result.requests());
  const auto errors = errors_of(result);
  return "<div class=\"tiles\">\n" +
         tile("", grouped(per_second(requests, result), 0), "requests a second") +
         tile("", with_unit(all.at(0.5)), "p50 of all requests") +
         tile("", with_unit(all.at(0.99)), "p99 of all requests") +
         tile(errors > 0 ? "bad" : "", grouped(errors),
              "errors, " + grouped(error_percent(result), 2) + " %") +
         ledger_tile(options, result) + "</div>\n";
}

std::string notices(const LoadOptions& options, const LoadResult& result) {
  std::string html;
  const auto add = [&html](const std::string& text) {
    html += "<p class=\"notice\">" + escaped_html(text) + "</p>\n";
  };
  if (tool_was_limit(options, result)) {
    add("The load tool itself was busy for " + grouped(100 * own_cpu_share(options, result), 0) +
        " % of the time: these figures are its own, not the server's. Give it more --threads, or "
        "less to do.");
  }
  if (result.iterations_not_begun > 0) {
    add(grouped(result.iterations_not_begun) + " of " + grouped(result.iterations_due) +
        " iterations that were due had not begun when time was up: the server, or the number of "
        "connections, could not keep up with the rate that was asked for.");
  }
  return html;
}

std::string violations(const LoadResult& result) {
  if (result.violations_count == 0) return {};
  std::string html = "<div class=\"notice bad\">\n<p><strong class=\"bad\">" +
                     count_of(result.violations_count, "violation") +
                     "</strong> of what the server had acknowledged:</p>\n<ul>\n";
  for (const auto& violation : result.violations) {
    html += element("li", violation_told(violation)) + "\n";
  }
  html += "</ul>\n";
  if (result.violations_count > result.violations.size()) {
    html +=
        "<p>and " + grouped(result.violations_count - result.violations.size()) + " more.</p>\n";
  }
  return html + "</div>\n";
}

std::string plot(std::string_view title, std::string_view text, const std::string& svg) {
  if (svg.empty()) return {};
  return element("h2", title) + "\n<p class=\"soft\">" + escaped_html(text) + "</p>\n" + svg;
}

std::string plots(const LoadResult& result) {
  return plot("Throughput", "Requests that were answered in each second.",
              throughput_plot(result)) +
         plot("Errors", "All kinds together; refused changes of HEAD are none.",
              errors_plot(result)) +
         plot("Latency over time", "Of all requests that were answered in each second.",
              latency_over_time_plot(result)) +
         plot("Latency by percentile",
              "How long the given part of all took at most; the slowest at its right end, where "
              "each step is ten times as rare. A line ends where too few were measured to say "
              "more.",
              distribution_plot(result));
}

std::string operation_row(std::string_view name, const OperationResult& operation,
                          const LoadResult& result, std::string_view style) {
  const auto& latencies = operation.latencies;
  std::string html = "<tr class=\"" + std::string{style} + "\">" + element("td", name) +
                     element("td", grouped(latencies.count()));
  const auto count = static_cast<double>(latencies.count());
  html += element("td", grouped(per_second(count, result), 1));
  for (const double quantile : quantiles) html += element("td", as_ms(latencies.at(quantile)));
  return html + element("td", as_ms(latencies.max())) +
         element("td", to_human_size(operation.bytes_sent)) +
         element("td", to_human_size(operation.bytes_received)) + "</tr>\n";
}

OperationResult sum_of_requests(const LoadResult& result) {
  OperationResult sum;
  sum.latencies = latencies_of_requests(result);
  for (const auto& operation : result.operations) {
    sum.bytes_sent += operation.bytes_sent;
    sum.bytes_received += operation.bytes_received;
  }
  return sum;
}

std::string operations(const LoadResult& result) {
  std::string html =
      "<h2>Operations</h2>\n<p class=\"soft\">Latencies in milliseconds.</p>\n"
      "<div class=\"scroll\"><table>\n" +
      row({"operation", "count", "a second", "p50", "p90", "p99", "p99.9", "max", "sent",
           "received"},
          "th");
  for (std::size_t i = 0; i < result.operations.size(); ++i) {
    const auto operation = static_cast<LoadOperation>(i);
    if (operation == LoadOperation::hear_of_change) {
      html += operation_row("all requests", sum_of_requests(result), result, "sum");
    }
    const auto& content = result.operations[i];
    if (content.latencies.count() > 0) {
      html += operation_row(name_of(operation), content, result, "one");
    }
  }
  return html + "</table></div>\n";
}

std::string errors(const LoadResult& result) {
  std::string html = "<h2>Errors and conflicts</h2>\n<table class=\"counts\">\n";
  for (const auto& [kind, count] : result.errors) html += row({kind, grouped(count)});
  if (result.errors.empty()) html += row({"errors", "none"});
  html += row({"conflicts (HEAD was elsewhere; expected)", grouped(result.conflicts)});
  html += row({"connections opened", grouped(result.connections_opened)});
  return html + "</table>\n";
}

std::string ending(const LoadOptions& options, const LoadResult& result) {
  std::string html = "<h2>What was asked for</h2>\n<table class=\"told\">\n";
  for (const auto& [name, value] : options_told(options)) html += row({name, value});
  html += row({"The tool's own CPU", grouped(100 * own_cpu_share(options, result), 0) + " % of " +
                                         count_of(options.threads, "thread")});
  html += row({"Ledger", ledger_told(options, result)});
  return html +
         "</table>\n<footer class=\"soft\">mentat-sync " MENTAT_SYNC_VERSION
         " load. An iteration is a whole run of a scenario; in an open loop it is measured from "
         "when it was due, so that a server that stalls cannot hide it.</footer>\n";
}

}  // namespace

std::string load_html(const LoadOptions& options, const LoadResult& result) {
  return head_of(options, result) + tiles(options, result) + notices(options, result) +
         violations(result) + plots(result) + operations(result) + errors(result) +
         ending(options, result) + "</main>\n</body>\n</html>\n";
}

}  // namespace mentat_sync
