// Small parts: reading ids out of JSON, the schedule of an open loop, who has which user, what is
// one violation, how many make logs at once.
#include "cli/load/json_scan.hpp"
#include "cli/load/load_bounds.hpp"
#include "cli/load/preparation.hpp"
#include "cli/load/recorder.hpp"
#include "cli/load/schedule.hpp"
#include "cli/load/user_pool.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace mentat_sync {
namespace {

using namespace std::chrono_literals;

const std::string some_id = "6f8c1f3e-2a55-4c1b-9d6e-0c9a4b7d2e10";

TEST(JsonScan, FindsAUuidBehindItsKey) {
  const auto wanted = Uuid::parse(some_id);
  EXPECT_EQ(uuid_at("{\"head\":\"" + some_id + "\"}", "\"head\""), wanted);
  EXPECT_EQ(uuid_at("{\n \"seq\": 3,\n \"head\" :\t\"" + some_id + "\"\n}", "\"head\""), wanted);
  EXPECT_EQ(uuid_at("{\"x\":\"head\",\"head\":\"" + some_id + "\"}", "\"head\""), wanted);
  for (const std::string json : {"", "{}", "{\"head\":3}", "{\"head\":\"6f8c\"}", "{\"head\":\"",
                                 "{\"head\"", "[\"head\"]", "null"}) {
    EXPECT_EQ(uuid_at(json, "\"head\""), std::nullopt) << json;
  }
}

std::vector<std::string> strings_of(const std::string& json, bool& malformed) {
  std::vector<std::string> strings;
  JsonStrings list{json, "\"chunks\""};
  while (const auto one = list.next()) strings.emplace_back(*one);
  malformed = list.malformed();
  return strings;
}

TEST(JsonScan, ReadsAListOfStrings) {
  using Strings = std::vector<std::string>;
  bool malformed = true;
  EXPECT_EQ(strings_of(R"({"chunks":["a","b"],"x":1})", malformed), (Strings{"a", "b"}));
  EXPECT_FALSE(malformed);
  EXPECT_EQ(strings_of("{ \"chunks\" : [ \"a\" ,\n\"b\" ] }", malformed), (Strings{"a", "b"}));
  EXPECT_FALSE(malformed);
  EXPECT_EQ(strings_of(R"({"chunks":[]})", malformed), Strings{});
  EXPECT_FALSE(malformed);
}

TEST(JsonScan, SaysWhenAListIsCutOff) {
  for (const std::string json : {R"({})", R"({"chunks":["a")", R"({"chunks":["a",)",
                                 R"({"chunks":[)", R"({"chunks":[1]})", R"({"chunks":"a"})"}) {
    bool malformed = false;
    strings_of(json, malformed);
    EXPECT_TRUE(malformed) << json;
  }
}

TEST(Schedule, AClosedLoopIsAlwaysDue) {
  Schedule schedule{std::nullopt};
  EXPECT_FALSE(schedule.open_loop());
  auto due = schedule.next();
  EXPECT_TRUE(due.await_ready());
  EXPECT_EQ(schedule.due_count(Schedule::Clock::now()), 0U);
}

TEST(Schedule, WhatWaitedIsDueAtItsOwnTime) {
  Schedule schedule{100.0};
  const auto began = Schedule::Clock::now() - 1s;
  schedule.begin(began);
  for (int i = 0; i <= 100; ++i) {
    auto due = schedule.next();
    ASSERT_TRUE(due.await_ready());
    EXPECT_EQ(due.await_resume(), began + i * 10ms);
  }
  EXPECT_EQ(schedule.begun_count(), 101U);
  EXPECT_EQ(schedule.due_count(began + 1s), 101U);
  EXPECT_EQ(schedule.due_count(began - 1ns), 0U);
}

TEST(Schedule, NothingIsDueBeforeItsTime) {
  Schedule schedule{1.0};
  schedule.begin(Schedule::Clock::now() + 1h);
  auto due = schedule.next();
  EXPECT_FALSE(due.await_ready());
  EXPECT_EQ(schedule.next_due(), Schedule::Clock::time_point::max());
}

using Use = UserPool::Use;
using Lease = UserPool::Lease;

TEST(UserPool, UsersOfAllPartsAreDifferentAndAll) {
  std::set<std::string> ids;
  for (std::uint64_t part = 0; part < 3; ++part) {
    UserPool pool{7, part, 3, 10, 1};
    for (std::uint64_t i = 0; i < pool.size(); ++i) ids.insert(pool.at(i).id.to_string());
  }
  EXPECT_EQ(ids.size(), 10U);
}

TEST(UserPool, GivesAUserToNoMoreDevicesThanItHas) {
  UserPool pool{1, 0, 1, 2, 3};
  std::vector<std::unique_ptr<Lease>> leases;
  for (int i = 0; i < 6; ++i) {
    leases.push_back(std::make_unique<Lease>(pool, Use::shared));
    EXPECT_TRUE(*leases.back()) << i;
  }
  EXPECT_FALSE(Lease(pool, Use::shared));
  leases.pop_back();
  EXPECT_TRUE(Lease(pool, Use::shared));
}

TEST(UserPool, WhoIsAloneIsAlone) {
  UserPool pool{1, 0, 1, 1, 3};
  {
    const Lease alone{pool, Use::exclusive};
    ASSERT_TRUE(alone);
    EXPECT_FALSE(Lease(pool, Use::shared));
    EXPECT_FALSE(Lease(pool, Use::exclusive));
    EXPECT_FALSE(Lease(pool, Use::raced));
  }
  const Lease shared{pool, Use::shared};
  ASSERT_TRUE(shared);
  EXPECT_FALSE(Lease(pool, Use::exclusive));
}

TEST(UserPool, RacersMeet) {
  UserPool pool{1, 0, 1, 1000, 3};
  const Lease one{pool, Use::raced};
  const Lease two{pool, Use::raced};
  const Lease three{pool, Use::raced};
  const Lease four{pool, Use::raced};
  EXPECT_EQ(&one.user(), &two.user());
  EXPECT_EQ(&one.user(), &three.user());
  EXPECT_NE(&one.user(), &four.user());
}

TEST(UserPool, ARetiredUserIsTakenNoMore) {
  UserPool pool{1, 0, 1, 1, 3};
  pool.at(0).retired = true;
  EXPECT_FALSE(Lease(pool, Use::shared));
}

TEST(UserPool, ReadersAreGivenUsersThatHaveALog) {
  UserPool pool{1, 0, 1, 100, 3};
  EXPECT_FALSE(Lease(pool, Use::readable));
  LoadUser& user = pool.at(42);
  TransactionId id;
  id.uuid.bytes[0] = 1;
  user.ledger.begin(TransactionId::root());
  user.ledger.transaction_sent(id, TransactionId::root(), id, 0);
  user.ledger.head_sent(id);
  EXPECT_EQ(user.ledger.head_acknowledged(id), "");
  pool.set_readable(user);
  const Lease lease{pool, Use::readable};
  ASSERT_TRUE(lease);
  EXPECT_EQ(&lease.user(), &user);
}

UserId user(unsigned number) {
  UserId made;
  made.uuid.bytes[15] = static_cast<std::uint8_t>(number);
  return made;
}

TEST(Recorder, CountsWhatIsSaidAgainOfAUserAndAPlaceAsOneViolation) {
  LoadProgress progress;
  Recorder recorder{progress, true};
  recorder.violation(user(1), 3, "HEAD is at " + some_id + ", although it had reached place 4");
  recorder.violation(user(1), 3, "HEAD is at " + some_id + ", although it had reached place 5");
  recorder.violation(user(1), 3, "HEAD is nowhere");
  recorder.violation(user(1), 4, "HEAD is at " + some_id + ", although it had reached place 5");
  recorder.violation(user(2), 3, "HEAD is at " + some_id + ", although it had reached place 4");
  const auto& result = recorder.result();
  EXPECT_EQ(result.violations_count, 4U);
  ASSERT_EQ(result.violations.size(), 4U);
  EXPECT_EQ(result.violations[0].times, 2U);
  EXPECT_EQ(result.violations[0].sentence, "user " + user(1).to_string() + ": HEAD is at " +
                                               some_id + ", although it had reached place 4");
  EXPECT_EQ(result.violations[1].times, 1U);
}

TEST(Recorder, ListsNoMoreViolationsThanAnybodyReads) {
  LoadProgress progress;
  Recorder recorder{progress, true};
  for (int again = 0; again < 2; ++again) {
    for (std::size_t i = 0; i < LoadResult::violations_listed + 5; ++i) {
      recorder.violation(user(1), i, "a step is lost");
    }
  }
  EXPECT_EQ(recorder.result().violations_count, LoadResult::violations_listed + 5);
  ASSERT_EQ(recorder.result().violations.size(), LoadResult::violations_listed);
  EXPECT_EQ(recorder.result().violations.back().times, 2U);
}

LoadOptions reading(const std::string& chunk_sizes) {
  LoadOptions options;
  options.chunk_sizes = ChunkSizes::parse(chunk_sizes).value();
  return options;
}

TEST(Preparation, LargeLogsAreMadeByFewDevices) {
  EXPECT_GT(preparing_devices(reading("100"), true), 1'000U);
  EXPECT_EQ(preparing_devices(reading("1MiB"), true), 3U);
  EXPECT_EQ(preparing_devices(reading("200MiB"), true), 1U);
  auto options = reading("1MiB");
  options.threads = 2;
  EXPECT_EQ(preparing_devices(options, true), 1U);
}

TEST(Preparation, LogsThatAreTooLargeForOnePushAreMadeOfPieces) {
  auto options = reading("1MiB");
  EXPECT_TRUE(prepared_by_push(options, true));
  EXPECT_FALSE(prepared_by_push(options, false)) << "the server takes none";
  options.chunks = 4;
  EXPECT_GT(prepared_log_bytes(options), load_bounds::prepared_bytes_max);
  EXPECT_FALSE(prepared_by_push(options, true));
  EXPECT_EQ(preparing_devices(options, true), 32U);
}

TEST(UserPool, UsersThatWereNeverTakenAreNotMade) {
  UserPool pool{1, 0, 1, 1'000'000, 3};
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(Lease(pool, Use::shared));
  EXPECT_LE(pool.touched().size(), 10U);
}

}  // namespace
}  // namespace mentat_sync
