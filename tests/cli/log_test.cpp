// The log's two forms: lines that machines parse, and lines that people read.
#include "cli/log.hpp"

#include "http/request_id.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>
#include <thread>

namespace mentat_sync {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class LogTest : public ::testing::Test {
 protected:
  std::string logged(LogFormat format, std::string_view event,
                     const std::vector<LogField>& fields) {
    std::ostringstream stream;
    make_log(LogLevel::info, format, stream)(LogLevel::warning, event, fields);
    return stream.str();
  }
};

TEST_F(LogTest, JsonIsOneObjectALine) {
  const auto line = logged(LogFormat::json, "listening", {{"address", "[::1]:1"}, {"users", "3"}});
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json.at("level"), "warning");
  EXPECT_EQ(json.at("event"), "listening");
  EXPECT_EQ(json.at("address"), "[::1]:1");
  EXPECT_EQ(json.at("users"), "3");
  EXPECT_THAT(json.at("time").get<std::string>(),
              MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z"));
}

TEST_F(LogTest, JsonWithoutFieldsIsValid) {
  EXPECT_EQ(nlohmann::json::parse(logged(LogFormat::json, "stopped", {})).at("event"), "stopped");
}

TEST_F(LogTest, JsonEscapesWhateverAFieldHolds) {
  const std::string nasty = "quote\" back\\slash\nline {} %v \x01 \xc3\xa9";
  const auto line = logged(LogFormat::json, "event", {{"value", nasty}});
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_EQ(nlohmann::json::parse(line).at("value"), nasty);
}

TEST_F(LogTest, JsonReplacesWhatIsNotUtf8) {
  const auto line = logged(LogFormat::json, "event",
                           {{"value",
                             "a\xff"
                             "b"}});
  EXPECT_EQ(nlohmann::json::parse(line).at("value"),
            "a\xef\xbf\xbd"
            "b");
}

TEST_F(LogTest, AFieldCannotReplaceTheEvent) {
  const auto line = logged(LogFormat::json, "event", {{"event", "another"}});
  EXPECT_EQ(nlohmann::json::parse(line).at("event"), "event");
}

TEST_F(LogTest, TextQuotesWhatWouldBlurTheLine) {
  const auto line = logged(
      LogFormat::text, "draining",
      {{"plain", "127.0.0.1:1"}, {"spaced", "1.0 MiB"}, {"evil", "\x1b[2J\n"}, {"empty", ""}});
  EXPECT_THAT(line, HasSubstr("warning draining  plain=127.0.0.1:1  spaced=\"1.0 MiB\""));
  EXPECT_THAT(line, HasSubstr("evil=\"\\u001b[2J\\n\"  empty=\"\""));
  EXPECT_EQ(line.find('\x1b'), line.npos);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
}

TEST_F(LogTest, DropsWhatIsBelowTheThreshold) {
  std::ostringstream stream;
  const Log log = make_log(LogLevel::warning, LogFormat::json, stream);
  log(LogLevel::info, "quiet", {});
  EXPECT_EQ(stream.str(), "");
  log(LogLevel::error, "loud", {});
  EXPECT_THAT(stream.str(), HasSubstr("loud"));
}

TEST_F(LogTest, SaysWhichRequestIsWorkedOn) {
  std::ostringstream stream;
  const Log log = with_request_id(make_log(LogLevel::info, LogFormat::json, stream));
  {
    const RequestScope scope{"abc-1"};
    log(LogLevel::info, "within", {{"value", "1"}});
  }
  log(LogLevel::info, "without", {});
  std::istringstream lines(stream.str());
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(nlohmann::json::parse(line).at("request"), "abc-1");
  EXPECT_EQ(nlohmann::json::parse(line).at("value"), "1");
  std::getline(lines, line);
  EXPECT_FALSE(nlohmann::json::parse(line).contains("request"));
}

TEST_F(LogTest, KeepsLinesOfManyThreadsWhole) {
  std::ostringstream stream;
  const Log log = make_log(LogLevel::info, LogFormat::json, stream);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&log] {
      for (int j = 0; j < 200; ++j) log(LogLevel::info, "event", {{"value", std::string(50, 'x')}});
    });
  }
  for (auto& thread : threads) thread.join();
  std::istringstream lines(stream.str());
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_TRUE(nlohmann::json::accept(line)) << line;
  }
  EXPECT_EQ(count, 800);
}

}  // namespace
}  // namespace mentat_sync
