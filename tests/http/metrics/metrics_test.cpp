// Metrics: what is counted is what is said, and a source that fails takes nothing else with it.
#include "http/metrics/metrics.hpp"

#include "http/observers.hpp"
#include "tests/http/metrics/populated_metrics.hpp"

#include <gmock/gmock.h>

#include <stdexcept>
#include <thread>
#include <vector>

namespace mentat_sync {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class MetricsTest : public testing::Test {
 protected:
  /// The value of the sample that is named so, with its labels; empty: there is none.
  std::string sample(const std::string& name) {
    const std::string text = "\n" + metrics.text();
    const auto start = text.find("\n" + name + " ");
    if (start == text.npos) return {};
    const auto value = start + name.size() + 2;
    return text.substr(value, text.find('\n', value) - value);
  }

  double number(const std::string& name) {
    const std::string value = sample(name);
    return value.empty() ? -1 : std::stod(value);
  }

  Metrics metrics;
};

constexpr auto get_head = R"({route="get_head",code="200")";
const std::string duration = "mentat_sync_http_request_duration_seconds";

TEST_F(MetricsTest, ARequestIsInEachBucketFromItsDurationOn) {
  metrics.on_request(observed(Action::get_head, 200, 3ms));
  const auto bucket = [this](const std::string& bound) {
    return sample(duration + "_bucket" + get_head + ",le=\"" + bound + "\"}");
  };
  const std::string text = metrics.text();
  EXPECT_EQ(sample(duration + "_count" + get_head + "}"), "1");
  EXPECT_DOUBLE_EQ(number(duration + "_sum" + get_head + "}"), 0.003);
  EXPECT_EQ(bucket("0.001"), "0") << text;
  EXPECT_EQ(bucket("0.005"), "1") << text;
  EXPECT_EQ(bucket("60"), "1");
  EXPECT_EQ(bucket("+Inf"), "1");
}

TEST_F(MetricsTest, RoutesAndCodesAreApart) {
  metrics.on_request(observed(Action::get_head, 200, 1ms));
  metrics.on_request(observed(Action::get_head, 404, 1ms));
  metrics.on_request(observed(Action::put_chunk, 200, 1ms));
  EXPECT_EQ(sample(duration + "_count{route=\"get_head\",code=\"200\"}"), "1");
  EXPECT_EQ(sample(duration + "_count{route=\"get_head\",code=\"404\"}"), "1");
  EXPECT_EQ(sample(duration + "_count{route=\"put_chunk\",code=\"200\"}"), "1");
}

TEST_F(MetricsTest, WhatHasNoRouteNoAnswerOrAStrangeCodeIsCountedToo) {
  ObservedRequest nowhere = observed(Action::root, 404, 1ms);
  nowhere.action.reset();
  metrics.on_request(nowhere);
  ObservedRequest aborted = observed(Action::push, 0, 1ms);
  aborted.aborted = true;
  metrics.on_request(aborted);
  metrics.on_request(observed(Action::push, 299, 1ms));
  metrics.on_request(observed(Action::push, 9999, 1ms));
  EXPECT_EQ(sample(duration + "_count{route=\"none\",code=\"404\"}"), "1");
  EXPECT_EQ(sample(duration + "_count{route=\"push\",code=\"none\"}"), "1");
  EXPECT_EQ(sample(duration + "_count{route=\"push\",code=\"other\"}"), "2");
  EXPECT_EQ(sample("mentat_sync_http_requests_aborted_total"), "1");
}

TEST_F(MetricsTest, RefusalsAreCountedByTheirTypeFromZeroOn) {
  const auto refusals = [this](const std::string& type) {
    return sample("mentat_sync_http_problems_total{type=\"" + type + "\"}");
  };
  EXPECT_EQ(refusals("storage-full"), "0") << "or the first one would be no increase";
  ObservedRequest refused = observed(Action::push, 507, 1ms);
  refused.problem = "quota-exceeded";
  metrics.on_request(refused);
  metrics.on_request(refused);
  refused.problem = "of-another-program";
  metrics.on_request(refused);
  EXPECT_EQ(refusals("quota-exceeded"), "2");
  EXPECT_EQ(refusals("storage-full"), "0");
  EXPECT_EQ(refusals("of-another-program"), "") << "there are so many samples, and no more";
}

TEST_F(MetricsTest, BytesAddUpByRoute) {
  ObservedRequest push = observed(Action::push, 200, 1ms);
  push.request_bytes = 1000;
  push.response_bytes = 10;
  metrics.on_request(push);
  metrics.on_request(push);
  EXPECT_EQ(sample("mentat_sync_http_request_body_bytes_total{route=\"push\"}"), "2000");
  EXPECT_EQ(sample("mentat_sync_http_response_body_bytes_total{route=\"push\"}"), "20");
  EXPECT_EQ(sample("mentat_sync_http_request_body_bytes_total{route=\"pull\"}"), "0");
}

TEST_F(MetricsTest, ThreadsLoseNoRequest) {
  constexpr int each = 20'000;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this] {
      for (int n = 0; n < each; ++n) metrics.on_request(observed(Action::get_head, 200, 1us));
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(number(duration + "_count" + get_head + "}"), 4 * each);
}

TEST_F(MetricsTest, CommitsAreCountedAndStepsOfThePurgeHaveNoCommands) {
  const CommitObserver observer = metrics.commit_observer();
  observer(commit_of(3));
  observer(commit_of(0));
  observer(commit_of(1, false));
  EXPECT_EQ(sample("mentat_sync_store_commit_commands_count"), "2");
  EXPECT_EQ(sample("mentat_sync_store_commit_commands_sum"), "4");
  EXPECT_EQ(sample("mentat_sync_store_commit_commands_bucket{le=\"2\"}"), "1");
  EXPECT_EQ(sample("mentat_sync_store_commit_commands_bucket{le=\"4\"}"), "2");
  EXPECT_EQ(sample("mentat_sync_store_commit_wait_seconds_count"), "2");
  EXPECT_EQ(sample("mentat_sync_store_sync_seconds_count"), "3");
  EXPECT_DOUBLE_EQ(number("mentat_sync_store_sync_seconds_sum"), 0.012);
  EXPECT_EQ(sample("mentat_sync_store_commit_bytes_total"), "300");
  EXPECT_EQ(sample("mentat_sync_store_commits_failed_total"), "1");
}

TEST_F(MetricsTest, SourcesAreAskedAtEachScrape) {
  metrics.read_from(full_sources());
  EXPECT_EQ(sample("mentat_sync_http_connections"), "3");
  EXPECT_EQ(sample("mentat_sync_http_connections_refused_total{reason=\"total\"}"), "2");
  EXPECT_EQ(sample("mentat_sync_http_connections_refused_total{reason=\"address\"}"), "1");
  EXPECT_EQ(sample("mentat_sync_http_rate_limited_total{by=\"user\"}"), "6");
  EXPECT_EQ(sample("mentat_sync_http_rate_limited_total{by=\"address\"}"), "8");
  EXPECT_EQ(sample("mentat_sync_store_users"), "5");
  EXPECT_EQ(sample("mentat_sync_store_used_bytes"), "1048576");
  EXPECT_EQ(sample("mentat_sync_store_healthy"), "1");
  EXPECT_EQ(sample("mentat_sync_actors_watches"), "4");
  EXPECT_DOUBLE_EQ(number("mentat_sync_gc_last_pass_duration_seconds"), 2.5);
  EXPECT_EQ(sample("mentat_sync_access_log_dropped_total"), "10");
  EXPECT_DOUBLE_EQ(number("mentat_sync_tls_certificate_expiry_timestamp_seconds"), 1.8e9);
  EXPECT_EQ(sample("mentat_sync_metrics_source_failures_total"), "0");
}

TEST_F(MetricsTest, WithoutACertificateThereIsNoExpiry) {
  MetricsSources sources = full_sources();
  sources.certificate_expiry = [] { return std::nullopt; };
  metrics.read_from(sources);
  EXPECT_THAT(metrics.text(), Not(HasSubstr("certificate_expiry")));
}

TEST_F(MetricsTest, ASickStoreSaysSo) {
  MetricsSources sources = full_sources();
  sources.store_health = [] { return Status{ErrorCode::io, "the disk is gone"}; };
  metrics.read_from(sources);
  EXPECT_EQ(sample("mentat_sync_store_healthy"), "0");
  EXPECT_THAT(metrics.text(), Not(HasSubstr("the disk is gone")));
}

TEST_F(MetricsTest, ASourceThatFailsIsLeftOutAndCounted) {
  MetricsSources sources = full_sources();
  sources.store = [] { return Result<StoreStatistics>{Status{ErrorCode::io, "no"}}; };
  sources.server = []() -> ServerStatistics { throw std::runtime_error{"no"}; };
  metrics.read_from(sources);
  const std::string text = metrics.text();
  EXPECT_THAT(text, HasSubstr("\nmentat_sync_metrics_source_failures_total 2\n"));
  EXPECT_THAT(text, Not(HasSubstr("mentat_sync_store_users")));
  EXPECT_THAT(text, Not(HasSubstr("mentat_sync_http_connections ")));
  EXPECT_THAT(text, HasSubstr("\nmentat_sync_actors_watches 4\n"));
}

TEST_F(MetricsTest, WithoutSourcesTheyAreNotAskedAnyMore) {
  metrics.read_from(full_sources());
  metrics.read_from({});
  const std::string text = metrics.text();
  EXPECT_THAT(text, Not(HasSubstr("mentat_sync_store_users")));
  EXPECT_THAT(text, HasSubstr("mentat_sync_metrics_source_failures_total 0"));
}

TEST_F(MetricsTest, TheProcessIsToldOfItself) {
  EXPECT_GT(number("process_resident_memory_bytes"), 1e6);
  EXPECT_GE(number("process_threads"), 1);
  EXPECT_GE(number("process_open_fds"), 3);
  EXPECT_GE(number("process_max_fds"), number("process_open_fds"));
  EXPECT_GE(number("process_cpu_seconds_total"), 0);
  const double started = number("process_start_time_seconds");
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  EXPECT_GT(started, 1e9);
  EXPECT_LE(started, now.count() + 5);  // the clock may have been set since
}

TEST_F(MetricsTest, EachFamilyHasOneHelpAndOneType) {
  metrics.on_request(observed(Action::get_head, 200, 1ms));
  metrics.on_request(observed(Action::get_head, 404, 1ms));
  metrics.read_from(full_sources());
  const std::string text = metrics.text();
  const std::string help = "# HELP " + duration + " ";
  ASSERT_THAT(text, HasSubstr(help));
  EXPECT_EQ(text.find(help), text.rfind(help));
  EXPECT_THAT(text, HasSubstr("# TYPE " + duration + " histogram\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE mentat_sync_store_commits_total counter\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE mentat_sync_store_users gauge\n"));
}

class Counting final : public RequestObserver {
 public:
  explicit Counting(bool text) : text_(text) {}
  bool needs_text() const override { return text_; }
  void on_request(const ObservedRequest&) noexcept override { ++requests; }
  int requests = 0;

 private:
  const bool text_;
};

TEST(Observers, TellsEachAndNeedsTextWhenOneDoes) {
  Counting first{false};
  Counting second{true};
  Observers observers;
  observers.add(first);
  EXPECT_FALSE(observers.needs_text());
  observers.add(second);
  EXPECT_TRUE(observers.needs_text());
  observers.on_request(observed(Action::root, 200, 1ms));
  EXPECT_EQ(first.requests, 1);
  EXPECT_EQ(second.requests, 1);
}

}  // namespace
}  // namespace mentat_sync
