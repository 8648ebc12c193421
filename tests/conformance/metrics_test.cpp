// Black-box: GET /metrics says exactly what the server did.
#include "support/running_server.hpp"

#include <gmock/gmock.h>

namespace mentat_sync {
namespace {

using testing::HasSubstr;

class MetricsConformance : public testing::Test {
 protected:
  std::string metrics() { return http.request({.target = "/metrics"}).body; }

  /// The value of the sample that is named so, with its labels; empty: there is none.
  static std::string sample(const std::string& text, const std::string& name) {
    const auto start = text.find("\n" + name + " ");
    if (start == text.npos) return {};
    const auto value = start + name.size() + 2;
    return text.substr(value, text.find('\n', value) - value);
  }

  static std::string count(const std::string& text, const std::string& route,
                           const std::string& code) {
    return sample(text, "mentat_sync_http_request_duration_seconds_count{route=\"" + route +
                            "\",code=\"" + code + "\"}");
  }

  /// One thread: a request is counted after its answer was sent, so that a scrape on another thread
  /// could come before that.
  static ServerProcessOptions one_thread() {
    ServerProcessOptions options;
    options.arguments = {"--threads", "1"};
    return options;
  }

  // A server of its own for each test: the numbers are of all that ever asked it.
  ServerProcess server{one_thread()};
  HttpClient http{server.port()};
  const std::string user = new_uuid();
  SyncClient client{server.port(), user};
};

TEST_F(MetricsConformance, IsPrometheusTextAndNeverCached) {
  const auto response = http.request({.target = "/metrics"});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(response.header("Cache-Control"), "no-store");
  EXPECT_THAT(response.body, HasSubstr("mentat_sync_build_info{version=\""));
}

TEST_F(MetricsConformance, TheFirstScrapeKnowsOfNoRequest) {
  EXPECT_THAT(metrics(), testing::Not(HasSubstr("request_duration_seconds_count")));
  EXPECT_EQ(count(metrics(), "metrics", "200"), "1");
}

TEST_F(MetricsConformance, CountsAreExact) {
  for (const char* id : {"a", "b", "c"}) ASSERT_EQ(client.put_chunk(id, "12345").status, 201);
  const std::string transaction = new_uuid();
  ASSERT_EQ(client.put_transaction(transaction, root_id, {"a", "b", "c"}).status, 201);
  ASSERT_EQ(client.put_head(transaction).status, 204);
  for (int i = 0; i < 5; ++i) ASSERT_EQ(client.get_chunk("a").status, 200);
  ASSERT_EQ(client.get_chunk("no-such-chunk").status, 404);
  ASSERT_EQ(http.request({.target = "/nowhere"}).status, 404);
  const std::string text = metrics();
  EXPECT_EQ(count(text, "put_chunk", "201"), "3");
  EXPECT_EQ(count(text, "get_chunk", "200"), "5");
  EXPECT_EQ(count(text, "get_chunk", "404"), "1");
  EXPECT_EQ(count(text, "none", "404"), "1");
  EXPECT_EQ(sample(text, "mentat_sync_http_request_body_bytes_total{route=\"put_chunk\"}"), "15");
  EXPECT_EQ(sample(text, "mentat_sync_store_commands_total"), "5")
      << "three chunks, a transaction, HEAD";
  EXPECT_EQ(sample(text, "mentat_sync_store_commit_commands_sum"), "5");
  EXPECT_EQ(sample(text, "mentat_sync_store_users"), "1");
  EXPECT_EQ(sample(text, "mentat_sync_store_healthy"), "1");
  EXPECT_EQ(sample(text, "mentat_sync_actors_live_users"), "1");
  EXPECT_EQ(sample(text, "mentat_sync_actors_commands_in_flight"), "0");
  EXPECT_EQ(sample(text, "mentat_sync_http_connections_refused_total{reason=\"total\"}"), "0");
  EXPECT_EQ(sample(text, "mentat_sync_metrics_source_failures_total"), "0");
}

// Both are answered 507; only one of them is the operator's to mend.
TEST(MetricsOfRefusals, AUsersQuotaIsNoFullStore) {
  ServerProcessOptions options;
  options.arguments = {"--threads", "1", "--max-user-bytes", "64KiB"};
  ServerProcess server{options};
  SyncClient client{server.port(), new_uuid()};
  HttpClient http{server.port()};
  ASSERT_EQ(client.put_chunk("large", std::string(100'000, 'x')).status, 507);
  ASSERT_EQ(client.get_chunk("none").status, 404);
  const std::string text = http.request({.target = "/metrics"}).body;
  const std::string total = "\nmentat_sync_http_problems_total{type=";
  EXPECT_THAT(text, HasSubstr(total + "\"quota-exceeded\"} 1\n"));
  EXPECT_THAT(text, HasSubstr(total + "\"chunk-not-found\"} 1\n"));
  EXPECT_THAT(text, HasSubstr(total + "\"storage-full\"} 0\n"));
}

}  // namespace
}  // namespace mentat_sync
