// How numbers, the table and the live line are told.
#include "cli/load/load_words.hpp"

#include "cli/load/html_text.hpp"
#include "cli/load/live_line.hpp"
#include "cli/load/load_report.hpp"
#include "load/sample_result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <regex>
#include <sstream>
#include <streambuf>
#include <string>
#include <thread>

namespace mentat_sync {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Nanoseconds = std::chrono::nanoseconds;

TEST(LoadWords, GroupThousands) {
  EXPECT_EQ(grouped(std::uint64_t{0}), "0");
  EXPECT_EQ(grouped(std::uint64_t{999}), "999");
  EXPECT_EQ(grouped(std::uint64_t{1'000}), "1,000");
  EXPECT_EQ(grouped(std::uint64_t{12'345'678}), "12,345,678");
  EXPECT_EQ(grouped(1234.56, 1), "1,234.6");
  EXPECT_EQ(as_ms(Nanoseconds{1'234'567'890}), "1,234.568");
}

TEST(LoadWords, GiveLatenciesThreeDigitsAndAUnit) {
  EXPECT_EQ(with_unit(Nanoseconds{0}), "0 ns");
  EXPECT_EQ(with_unit(Nanoseconds{850}), "850 ns");
  EXPECT_EQ(with_unit(Nanoseconds{12'345}), "12.3 µs");
  EXPECT_EQ(with_unit(Nanoseconds{999'600}), "1.00 ms");
  EXPECT_EQ(with_unit(Nanoseconds{1'204'000'000}), "1.20 s");
}

TEST(LoadWords, SpeakOfDurations) {
  EXPECT_EQ(spoken(std::chrono::milliseconds{0}), "0 s");
  EXPECT_EQ(spoken(std::chrono::milliseconds{250}), "250 ms");
  EXPECT_EQ(spoken(std::chrono::milliseconds{1'500}), "1.5 s");
  EXPECT_EQ(spoken(std::chrono::minutes{2}), "2 min");
  EXPECT_EQ(spoken(std::chrono::hours{3}), "3 h");
}

TEST(LoadTable, HasARowForEachOperationThatHappened) {
  const auto table = load_table(sample_options(), sample_result());
  EXPECT_THAT(table, HasSubstr("GET head                   100       33.3"));
  EXPECT_THAT(table, HasSubstr("PUT head                    10        3.3"));
  EXPECT_THAT(table, HasSubstr("all requests               110       36.7"));
  EXPECT_THAT(table, HasSubstr("errors            5 (4.35 %): 2 × 503, 3 × timeout"));
  EXPECT_THAT(table, HasSubstr("conflicts         7 (HEAD was elsewhere; expected)"));
  EXPECT_THAT(table, HasSubstr("ledger            kept"));
  EXPECT_THAT(table, Not(HasSubstr("GET chunk")));
  EXPECT_THAT(table, Not(HasSubstr("not begun"))) << "a closed loop has nothing that is due";
}

TEST(LoadTable, ListsViolationsAndCountsTheRest) {
  auto result = sample_result();
  result.violations = {Violation{"user 1: step 3 is lost", 1200}};
  result.violations_count = 3;
  const auto table = load_table(sample_options(), result);
  EXPECT_THAT(table, HasSubstr("BROKEN: 3 violations"));
  EXPECT_THAT(table, HasSubstr("\n  user 1: step 3 is lost (seen 1,200 times)\n  and 2 more\n"));
}

TEST(LoadTable, SaysWhatAnOpenLoopCouldNotBegin) {
  auto options = sample_options();
  options.rate = 1'000;
  auto result = sample_result();
  result.iterations_due = 3'000;
  result.iterations_not_begun = 12;
  EXPECT_THAT(load_table(options, result),
              HasSubstr("not begun         12 of 3,000 iterations that were due"));
}

TEST(HtmlText, ReplacesWhatIsNoCharacter) {
  EXPECT_EQ(escaped_html("ä€😀\t<&>"), "ä€😀\t&lt;&amp;&gt;");
  EXPECT_EQ(escaped_html("\xC3"), "\uFFFD") << "cut off";
  EXPECT_EQ(escaped_html("\xC0\xAF"), "\uFFFD\uFFFD") << "longer than it need be";
  EXPECT_EQ(escaped_html("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD") << "a surrogate";
  EXPECT_EQ(escaped_html(std::string_view("a\0b\x7f", 4)), "a\uFFFDb\uFFFD");
}

TEST(LiveLine, SaysWhatEachPhaseIsAt) {
  LiveFigures figures;
  EXPECT_EQ(live_text(figures), "preparing");
  figures.phase = LoadProgress::Phase::measuring;
  figures.time_left = std::chrono::milliseconds{7'001};
  figures.conflicts = 3;
  EXPECT_EQ(live_text(figures), "8 s left  0 errors  3 conflicts  0 connections")
      << "in the first second nobody knows how many requests one has";
  figures.conflicts = 0;
  figures.requests_per_second = 12'345;
  figures.p50 = std::chrono::microseconds{1'230};
  figures.p99 = std::chrono::milliseconds{4};
  figures.errors = 1;
  figures.connections = 64;
  EXPECT_EQ(live_text(figures),
            "8 s left  12,345 requests/s  p50 1.23 ms  p99 4.00 ms  1 error  0 conflicts  "
            "64 connections");
  figures.phase = LoadProgress::Phase::verifying;
  figures.users_verified = 120;
  figures.users = 1'000;
  EXPECT_EQ(live_text(figures), "verifying 120/1,000 users");
}

TEST(LiveLine, TellsOfAnInterruptOnceAlsoWithoutATerminal) {
  const LoadOptions options;
  const LoadProgress progress;
  Interrupter interrupter;
  std::ostringstream out;
  std::atomic<int> told{0};
  {
    const LiveLine line{options, progress, interrupter, [&told] { ++told; }, out, false};
    interrupter.interrupt();
    while (told == 0) std::this_thread::yield();
  }
  EXPECT_EQ(told, 1);
  EXPECT_EQ(out.str(), "");
}

/// What another thread writes can be waited for.
class Screen : public std::streambuf {
 public:
  void wait_for(const std::string& pattern) {
    const std::regex regex{pattern};
    while (!std::regex_search(text(), regex)) std::this_thread::yield();
  }
  std::string text() {
    const std::lock_guard lock{mutex_};
    return text_;
  }

 private:
  int_type overflow(int_type c) override {
    const std::lock_guard lock{mutex_};
    text_ += traits_type::to_char_type(c);
    return c;
  }

  std::mutex mutex_;  // protects text_
  std::string text_;
};

TEST(LiveLine, MeasuresWhenTheRampIsOver) {
  LoadOptions options;
  options.ramp = std::chrono::milliseconds{300};
  LoadProgress progress;
  progress.phase = LoadProgress::Phase::ramping;
  const Interrupter interrupter;
  Screen screen;
  std::ostream out{&screen};
  const LiveLine line{options, progress, interrupter, [] {}, out, true};
  screen.wait_for("ramping, 1 s left");
  screen.wait_for("\\[K[0-9]+ s left");
}

TEST(LiveLine, RemovesItselfFromATerminal) {
  const LoadOptions options;
  LoadProgress progress;
  progress.phase = LoadProgress::Phase::verifying;
  const Interrupter interrupter;
  std::ostringstream out;
  {
    const LiveLine line{options, progress, interrupter, [] {}, out, true};
  }
  EXPECT_THAT(out.str(), ::testing::EndsWith("\r\x1b[K"));
}

}  // namespace
}  // namespace mentat_sync
