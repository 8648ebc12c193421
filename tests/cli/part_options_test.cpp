// What the options of `serve` are to its parts.
#include "cli/part_options.hpp"

#include "http/request_id.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mentat_sync {
namespace {

using testing::ElementsAre;

TEST(PartOptions, WhatActorsLogCarriesNobodysRequestId) {
  std::vector<std::string> ids;
  const Log log = [&ids](LogLevel, std::string_view, const std::vector<LogField>&) {
    ids.emplace_back(current_request_id());
  };
  const auto actors = actor_options({}, log);
  const RequestScope scope{"of-somebody"};
  actors.actors.log(LogLevel::info, "an event", {});
  actors.collector.log(LogLevel::info, "an event", {});
  log(LogLevel::info, "an event", {});
  EXPECT_THAT(ids, ElementsAre("", "", "of-somebody"));
}

TEST(PartOptions, TheActorsHaveTheBoundsThatWereGiven) {
  ServeOptions options;
  options.max_live_users = 7;
  options.passivate_after = std::chrono::milliseconds{300};
  options.storage_limits.max_user_queue = 5;
  const auto actors = actor_options(options, {});
  EXPECT_EQ(actors.actors.max_live_users, 7u);
  EXPECT_EQ(actors.actors.passivate_after, std::chrono::milliseconds{300});
  EXPECT_EQ(actors.actors.max_user_commands, 5u);
}

TEST(PartOptions, WhatIsToldOfTheBoundsIsWhatWasGiven) {
  ServeOptions options;
  options.max_live_users = 7;
  options.max_chunk_bytes = 8;
  options.limits.max_connections = 9;
  const auto told = handler_options(options, {}).limits;
  EXPECT_EQ(told.live_users, 7u);
  EXPECT_EQ(told.chunk_bytes, 8u);
  EXPECT_EQ(told.connections, 9u);
}

}  // namespace
}  // namespace mentat_sync
