// Users with logs of different lengths, side by side in one store: each in turn does one operation,
// so that what the machine does besides falls upon all of them alike.
#include "bench/scale_log.hpp"

#include "bench/latencies.hpp"
#include "bench/long_log.hpp"
#include "bench/pinned_server.hpp"
#include "bench/text_plot.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace mentat_sync {
namespace {

struct Step {
  Step(std::uint16_t port, std::size_t length)
      : transactions(length), log(std::make_unique<LongLog>(port, length)) {}

  /// What is measured makes the log longer: one that is twice as long as it should be gives way.
  void refresh(std::uint16_t port) {
    if (log->size() >= 2 * transactions) log = std::make_unique<LongLog>(port, transactions);
  }
  std::size_t middle() const { return log->size() / 2; }
  bool has_whole_pages() const { return transactions >= 2 * LongLog::page_size; }
  std::string name() const {
    const auto shorter = has_whole_pages() ? "" : ", no whole page";
    return std::to_string(transactions) + " transactions" + shorter;
  }

  std::size_t transactions;
  std::unique_ptr<LongLog> log;
  Latencies commit = {};
  Latencies middle_page = {};
  Latencies last_page = {};
};

std::vector<Step> make_steps(const ScaleOptions& options, std::uint16_t port) {
  std::vector<Step> steps;
  for (const auto count : steps_to(options.transactions, {10, 1'000, 100'000, 1'000'000})) {
    Timing fill{"filling a log of " + std::to_string(count) + " transactions by pushes"};
    fill.time([&] { steps.emplace_back(port, count); });
    std::printf("%s: %.1f s\n", fill.name.c_str(), fill.ms.front() / 1000);
  }
  return steps;
}

void run_round(const ScaleOptions& options, std::uint16_t port, std::vector<Step>& steps) {
  for (std::size_t i = 0; i < options.samples; ++i) {
    for (Step& step : steps) {
      step.refresh(port);
      step.commit.time([&] { step.log->commit(); });
    }
    for (Step& step : steps) step.middle_page.time([&] { step.log->get_page(step.middle()); });
    for (Step& step : steps) step.last_page.time([&] { step.log->get_last_page(); });
  }
  for (Step& step : steps) {
    step.commit.end_round();
    step.middle_page.end_round();
    step.last_page.end_round();
  }
}

void print_table(const char* title, const std::vector<Step>& steps, const Step& yardstick,
                 Latencies Step::*latencies) {
  std::printf("%s; ratios to %zu transactions\n", title, yardstick.transactions);
  std::vector<PlotPoint> points;
  for (const Step& step : steps) {
    print(step.name(), step.*latencies, yardstick.*latencies);
    points.push_back(
        {step.transactions, (step.*latencies).p50_ms() / (yardstick.*latencies).p50_ms()});
  }
  std::printf("%s", text_plot("transactions; the median's ratio", points).c_str());
}

void print_all(const std::vector<Step>& steps) {
  // A page that is not whole takes less, so it is no yardstick for whole ones.
  const auto whole = std::ranges::find_if(steps, &Step::has_whole_pages);
  const Step& pages = whole == steps.end() ? steps.front() : *whole;
  print_table("PUT transaction and PUT head, one after the other", steps, steps.front(),
              &Step::commit);
  print_table("GET of 100 transactions in the middle of the log", steps, pages, &Step::middle_page);
  print_table("GET of the last 100 transactions", steps, pages, &Step::last_page);
}

}  // namespace

void measure_long_logs(const ScaleOptions& options) {
  std::printf("\n1. The length of a log: one connection, %zu times each in a round\n",
              options.samples);
  // A connection rests while the longer logs are filled.
  PinnedServer server{long_logs_store(options), {"--idle-timeout", "1h"}};
  std::vector<Step> steps = make_steps(options, server.port());
  for (unsigned round = 0; round < options.rounds; ++round) {
    run_round(options, server.port(), steps);
  }
  print_all(steps);
  server.end();
}

}  // namespace mentat_sync
