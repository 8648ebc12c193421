// Black-box: the access log has a line for each request, and agrees with the metrics.
#include "support/running_server.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <fstream>
#include <map>
#include <thread>

namespace mentat_sync {
namespace {

using nlohmann::json;

class AccessLogOfServer : public testing::Test {
 protected:
  ServerProcessOptions with_log() const {
    ServerProcessOptions options;
    options.arguments = {"--access-log", path.string()};
    return options;
  }

  std::vector<json> lines() const {
    std::ifstream file(path);
    std::vector<json> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(json::parse(line));
    return lines;
  }
  /// As soon as there are so many.
  std::vector<json> lines(std::size_t count) const {
    for (int i = 0; i < 2'000 && lines().size() < count; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return lines();
  }

  const TemporaryDirectory directory;
  const std::filesystem::path path = directory.path() / "access.log";
  const std::string user = new_uuid();
};

TEST_F(AccessLogOfServer, HasALineForEachRequestAsTheMetricsCountThem) {
  ServerProcess server{with_log()};
  SyncClient client{server.port(), user};
  for (const char* id : {"a", "b", "c"}) ASSERT_EQ(client.put_chunk(id, "12345").status, 201);
  ASSERT_EQ(client.get_chunk("a").status, 200);
  ASSERT_EQ(client.get_chunk("none").status, 404);
  ASSERT_EQ(client.get("/nowhere").status, 404);
  std::map<std::string, int> counts;
  for (const json& line : lines(6)) {
    const auto route = line.at("route");
    const std::string code = std::to_string(line.at("status").get<int>());
    ++counts["{route=\"" + (route.is_null() ? "none" : route.get<std::string>()) + "\",code=\"" +
             code + "\"}"];
  }
  const std::map<std::string, int> expected{{R"({route="put_chunk",code="201"})", 3},
                                            {R"({route="get_chunk",code="200"})", 1},
                                            {R"({route="get_chunk",code="404"})", 1},
                                            {R"({route="none",code="404"})", 1}};
  EXPECT_EQ(counts, expected);
  const auto text = HttpClient{server.port()}.request({.target = "/metrics"}).body;
  for (const auto& [labels, count] : counts) {
    EXPECT_THAT(text, testing::HasSubstr("mentat_sync_http_request_duration_seconds_count" +
                                         labels + " " + std::to_string(count) + "\n"));
  }
  EXPECT_THAT(text, testing::HasSubstr("\nmentat_sync_access_log_dropped_total 0\n"));
}

TEST_F(AccessLogOfServer, ALineSaysWhatTheAnswerAndTheRequestWere) {
  ServerProcess server{with_log()};
  SyncClient client{server.port(), user};
  ASSERT_EQ(client.put_chunk("a", "12345").status, 201);
  const auto answer = client.get("/chunks/a", {{"User-Agent", "test/1"}});
  const auto logged = lines(2);
  ASSERT_EQ(logged.size(), 2u);
  EXPECT_EQ(logged[0].at("request_bytes"), 5);
  const json& line = logged[1];
  EXPECT_EQ(line.at("request"), answer.header("X-Request-Id"));
  EXPECT_EQ(line.at("path"), client.target("/chunks/a"));
  EXPECT_EQ(line.at("user"), user);
  EXPECT_EQ(line.at("client"), "127.0.0.1");
  EXPECT_EQ(line.at("user_agent"), "test/1");
  EXPECT_EQ(line.at("response_bytes"), 5);
  EXPECT_EQ(line.at("aborted"), false);
  EXPECT_GT(line.at("duration_ms").get<double>(), 0);
}

TEST_F(AccessLogOfServer, IsCompleteWhenTheServerHasEnded) {
  ServerProcess server{with_log()};
  SyncClient client{server.port(), user};
  for (int i = 0; i < 200; ++i) client.head();
  ASSERT_EQ(server.terminate(), (ExitStatus{.code = 0, .signal = {}}));
  EXPECT_EQ(lines().size(), 200u);
}

}  // namespace
}  // namespace mentat_sync
