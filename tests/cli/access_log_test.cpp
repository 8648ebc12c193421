// The access log: what its lines say, that nothing a client sends can spoil them, and its file.
#include "cli/access_log.hpp"

#include "cli/access_log_line.hpp"
#include "storage/bounds.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace mentat_sync {
namespace {

using nlohmann::json;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

constexpr std::string_view user_text = "6f8c1f3e-2a55-4c1b-9d6e-0c9a4b7d2e10";
const WallClock::time_point noon{std::chrono::milliseconds{1'769'860'800'123}};

ObservedRequest request_of(std::string_view target = "/0.1/x/chunks/c?a=b") {
  ObservedRequest request;
  request.method = "GET";
  request.target = target;
  request.user_agent = "curl/8.0";
  request.action = Action::get_chunk;
  request.user = *UserId::parse(user_text);
  request.client = boost::asio::ip::make_address("192.0.2.7");
  request.request_id = "abc-1";
  request.status = 200;
  request.request_bytes = 3;
  request.response_bytes = 1000;
  request.took = std::chrono::microseconds{1'500};
  return request;
}

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

bool eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 4'000 && !condition(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return condition();
}

bool is_printable_ascii(const std::string& line) {
  return std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; });
}

const std::string nasty = "/\x1b[2J\n\r\t\x7f\xc2\x9b\xff\"\\ {} %v";

TEST(AccessLogLine, JsonHasWhatIsKnownOfTheRequest) {
  const json expected{{"time", "2026-01-31T12:00:00.123Z"},
                      {"request", "abc-1"},
                      {"client", "192.0.2.7"},
                      {"method", "GET"},
                      {"path", "/0.1/x/chunks/c?a=b"},
                      {"route", "get_chunk"},
                      {"user", user_text},
                      {"status", 200},
                      {"request_bytes", 3},
                      {"response_bytes", 1000},
                      {"duration_ms", 1.5},
                      {"user_agent", "curl/8.0"},
                      {"aborted", false}};
  EXPECT_EQ(json::parse(json_line(request_of(), noon)), expected);
}

TEST(AccessLogLine, JsonHasNullForWhatThereIsNot) {
  ObservedRequest request;
  request.request_id = "abc-1";
  request.status = 400;
  const auto line = json::parse(json_line(request, noon));
  for (const char* name : {"method", "path", "route", "user", "user_agent"}) {
    EXPECT_TRUE(line.at(name).is_null()) << name;
  }
}

TEST(AccessLogLine, CombinedIsApachesWithTheRequestsId) {
  EXPECT_EQ(combined_line(request_of(), noon),
            "192.0.2.7 - " + std::string{user_text} +
                " [31/Jan/2026:12:00:00 +0000] \"GET /0.1/x/chunks/c?a=b HTTP/1.1\" 200 1000 "
                "\"-\" \"curl/8.0\" \"abc-1\"");
}

TEST(AccessLogLine, CombinedHasDashesForWhatThereIsNot) {
  ObservedRequest request;
  request.request_id = "abc-1";
  request.status = 400;
  EXPECT_EQ(combined_line(request, noon),
            "0.0.0.0 - - [31/Jan/2026:12:00:00 +0000] \"-\" 400 - \"-\" \"-\" \"abc-1\"");
}

TEST(AccessLogLine, NoControlCharactersComeThrough) {
  ObservedRequest request = request_of(nasty);
  request.user_agent = nasty;
  EXPECT_PRED1(is_printable_ascii, json_line(request, noon));
  EXPECT_PRED1(is_printable_ascii, combined_line(request, noon));
  EXPECT_TRUE(json::accept(json_line(request, noon)));
  EXPECT_THAT(combined_line(request, noon), HasSubstr("\"GET /\\x1b[2J\\x0a\\x0d\\x09\\x7f"));
  EXPECT_THAT(combined_line(request, noon), HasSubstr("\\xff\\\"\\\\ {} %v HTTP/1.1\""));
}

TEST(AccessLogLine, NoTokenComesThrough) {
  const std::string secret = "OFpzVH-45hjJEDhhbc7tNFbJ7gT9isjXWeSwMfZ-iCE";
  ObservedRequest request = request_of();
  const std::string target = "/0.1/x/head?access_token=" + secret;
  request.target = target;
  const std::string agent = "mst_378f3e8f5d36_" + secret;
  request.user_agent = agent;
  for (const auto& line : {json_line(request, noon), combined_line(request, noon)}) {
    EXPECT_THAT(line, Not(HasSubstr(secret)));
    EXPECT_THAT(line, HasSubstr("/0.1/x/head?access_token=***"));
    EXPECT_THAT(line, HasSubstr("mst_378f3e8f5d36_***"));
  }
}

class AccessLogTest : public testing::Test {
 protected:
  static std::unique_ptr<AccessLog> opened(const AccessLogOptions& options, const Log& log) {
    auto result = AccessLog::open(options, log);
    EXPECT_TRUE(result.ok()) << result.status().message();
    return std::move(*result);
  }
  std::unique_ptr<AccessLog> open(AccessLogFormat format = AccessLogFormat::json) {
    return opened({path.string(), format}, nullptr);
  }

  const TemporaryDirectory directory;
  const std::filesystem::path path = directory.path() / "access.log";
};

TEST_F(AccessLogTest, WritesEachRequestOnceInOrder) {
  const auto log = open();
  for (int i = 0; i < 100; ++i) log->on_request(request_of("/" + std::to_string(i)));
  ASSERT_TRUE(eventually([&] { return lines_of(path).size() == 100; }));
  const auto lines = lines_of(path);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(json::parse(lines[i]).at("path"), "/" + std::to_string(i));
  }
  EXPECT_EQ(log->dropped(), 0u);
}

TEST_F(AccessLogTest, AppendsToWhatIsThere) {
  std::ofstream{path} << "before\n";
  open()->on_request(request_of());
  EXPECT_THAT(lines_of(path), SizeIs(2));
}

TEST_F(AccessLogTest, WritesWhatIsQueuedWhenItEnds) {
  auto log = open();
  for (int i = 0; i < 1'000; ++i) log->on_request(request_of());
  log.reset();
  EXPECT_THAT(lines_of(path), SizeIs(1'000));
}

TEST_F(AccessLogTest, ReopenedItGoesOnInANewFile) {
  const auto log = open();
  log->on_request(request_of("/old"));
  ASSERT_TRUE(eventually([&] { return lines_of(path).size() == 1; }));
  const auto moved = directory.path() / "access.log.1";
  std::filesystem::rename(path, moved);
  log->reopen();
  EXPECT_TRUE(eventually([&] { return std::filesystem::exists(path); })) << "without a request";
  log->on_request(request_of("/new"));
  ASSERT_TRUE(eventually([&] { return lines_of(path).size() == 1; }));
  EXPECT_THAT(lines_of(path).front(), HasSubstr("/new"));
  EXPECT_THAT(lines_of(moved), SizeIs(1));
}

TEST_F(AccessLogTest, EachLineIsWrittenOrCountedAsDropped) {
  auto log = open(AccessLogFormat::combined);
  constexpr std::size_t requests = 4 * bounds::access_log_lines;
  for (std::size_t i = 0; i < requests; ++i) log->on_request(request_of());
  ASSERT_TRUE(eventually([&] { return lines_of(path).size() + log->dropped() == requests; }));
  EXPECT_THAT(lines_of(path), Each(HasSubstr("\"abc-1\"")));
}

TEST_F(AccessLogTest, WhatTheDiskRefusesIsCountedAndSaidOnce) {
  int complaints = 0;
  const Log log = [&complaints](LogLevel, std::string_view, const std::vector<LogField>&) {
    ++complaints;
  };
  auto full = opened({"/dev/full", AccessLogFormat::json}, log);
  for (int i = 0; i < 10; ++i) full->on_request(request_of());
  EXPECT_TRUE(eventually([&] { return full->dropped() == 10; }));
  full.reset();
  EXPECT_EQ(complaints, 1);
}

TEST_F(AccessLogTest, SaysWhyItCannotBeOpened) {
  const auto log = AccessLog::open({(path / "x").string(), AccessLogFormat::json}, nullptr);
  ASSERT_FALSE(log.ok());
  EXPECT_THAT(log.status().message(), HasSubstr("No such file or directory"));
}

TEST_F(AccessLogTest, AReaderThatTakesNothingDoesNotHoldUpTheEnd) {
  const auto fifo = directory.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  const int reader = ::open(fifo.c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  auto log = opened({fifo.string(), AccessLogFormat::json}, nullptr);
  for (std::size_t i = 0; i < bounds::access_log_lines; ++i) log->on_request(request_of());
  const auto began = std::chrono::steady_clock::now();
  log.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{30});
  ::close(reader);
}

}  // namespace
}  // namespace mentat_sync
