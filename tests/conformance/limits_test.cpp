// Black-box: the bounds that options set, what GET /__limits__ says of them, and that who keeps
// within them is served while another one is refused.
#include "support/running_server.hpp"

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

namespace mentat_sync {
namespace {

class LimitsConformance : public RunningServer {
 public:
  static void SetUpTestSuite() {
    ServerProcessOptions options;
    options.arguments = {"--max-user-rate",
                         "2",
                         "--max-json-bytes",
                         "2KiB",
                         "--max-header-bytes",
                         "2KiB",
                         "--max-target-bytes",
                         "300",
                         "--max-transaction-chunks",
                         "3",
                         "--max-user-bytes",
                         "1000",
                         "--max-connections-per-address",
                         "5"};
    start(options);
  }

 protected:
  HttpClient http{port()};

  unsigned put_chunk(const std::string& of, const std::string& id, const std::string& body) {
    return http.request({.method = "PUT", .target = "/0.1/" + of + "/chunks/" + id, .body = body})
        .status;
  }
};

TEST_F(LimitsConformance, AreTold) {
  const auto response = http.request({.target = "/__limits__"});
  ASSERT_EQ(response.status, 200u);
  const auto limits = response.json();
  EXPECT_EQ(limits.at("user").at("requests_per_second"), 2);
  EXPECT_EQ(limits.at("user").at("bytes"), 1000);
  EXPECT_EQ(limits.at("request").at("json_body_bytes"), 2048);
  EXPECT_EQ(limits.at("request").at("header_bytes"), 2048);
  EXPECT_EQ(limits.at("request").at("target_bytes"), 300);
  EXPECT_EQ(limits.at("request").at("transaction_chunks"), 3);
  EXPECT_EQ(limits.at("address").at("connections"), 5);
  EXPECT_TRUE(limits.at("address").at("requests_per_second").is_null());
}

TEST_F(LimitsConformance, AUserBeyondTheRateWaitsAndOthersDoNot) {
  HttpResponse refused;
  int served = 0;
  for (; served < 200 && refused.status != 429; ++served) {
    refused = http.request({.target = "/0.1/" + user + "/head"});
  }
  ASSERT_TRUE(is_problem(refused, 429));
  EXPECT_GE(served, 20) << "ten seconds' worth at once";
  EXPECT_EQ(refused.header("Retry-After"), "1");
  EXPECT_EQ(http.request({.target = "/0.1/" + new_uuid() + "/head"}).status, 200u);
  EXPECT_EQ(http.request({.target = "/__heartbeat__"}).status, 200u);
  std::this_thread::sleep_for(std::chrono::milliseconds{1100});
  EXPECT_EQ(http.request({.target = "/0.1/" + user + "/head"}).status, 200u);
}

TEST_F(LimitsConformance, SizesAreWhatTheOptionsSay) {
  const std::string base = "/0.1/" + user;
  const auto long_target = base + "/transactions?from=" + std::string(300, '0');
  EXPECT_TRUE(is_problem(http.request({.target = long_target}), 414));
  const HttpHeaders long_header{{"X-Long", std::string(2100, 'x')}};
  EXPECT_TRUE(is_problem(http.request({.target = base + "/head", .headers = long_header}), 431));
  const auto transaction = base + "/transactions/" + new_uuid();
  const auto long_body = http.request(
      {.method = "PUT", .target = transaction, .body = "{" + std::string(2100, ' ') + "}"});
  EXPECT_TRUE(is_problem(long_body, 413));
  const auto many = http.request(
      {.method = "PUT",
       .target = transaction,
       .body = R"({"parent":"00000000-0000-0000-0000-000000000000","chunks":["a","b","c","d"]})"});
  EXPECT_TRUE(is_problem(many, 413));
}

TEST_F(LimitsConformance, AUserBeyondTheQuotaIsToldTheNumbers) {
  EXPECT_EQ(put_chunk(user, "a", std::string(900, 'a')), 201u);
  const auto refused = http.request(
      {.method = "PUT", .target = "/0.1/" + user + "/chunks/b", .body = std::string(101, 'b')});
  ASSERT_TRUE(is_problem(refused, 507));
  EXPECT_EQ(refused.json().at("limit_bytes"), 1000);
  EXPECT_EQ(refused.json().at("used_bytes"), 900);
  EXPECT_EQ(put_chunk(user, "a", std::string(900, 'a')), 201u) << "it is there already";
  EXPECT_EQ(put_chunk(new_uuid(), "b", std::string(101, 'b')), 201u);
}

TEST_F(LimitsConformance, OneAddressMayNotTakeAllConnections) {
  std::vector<std::unique_ptr<HttpConnection>> held;
  unsigned last = 200;
  while (held.size() < 10 && last == 200) {
    held.push_back(std::make_unique<HttpConnection>(port()));
    last = held.back()->request({.target = "/"}).status;
  }
  EXPECT_EQ(last, 503u);
  EXPECT_LE(held.size(), 6u);
}

TEST_F(LimitsConformance, TheServerSaysHowItIs) {
  const auto beat = http.request({.target = "/__heartbeat__"});
  EXPECT_EQ(beat.status, 200u);
  EXPECT_EQ(beat.json().at("status"), "ok");
  EXPECT_FALSE(http.request({.target = "/__version__"}).json().at("version").empty());
  EXPECT_FALSE(beat.header("X-Request-Id").empty());
  const HttpHeaders mine{{"X-Request-Id", "mine-1"}};
  EXPECT_EQ(http.request({.target = "/", .headers = mine}).header("X-Request-Id"), "mine-1");
}

}  // namespace
}  // namespace mentat_sync
