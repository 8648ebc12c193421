// What the tests of watching share: a node, and watchers of user 1 by number.
#pragma once

#include "support.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>

namespace mentat_sync::test {

class WatchingFixture : public testing::Test {
 protected:
  /// Longer than any test.
  static constexpr std::uint64_t long_ms = std::numeric_limits<std::uint64_t>::max();

  void start(ActorOptions options = {}) {
    node = std::make_unique<Node>(store, std::move(options));
  }

  Gateway& gateway() {
    if (!node) start();
    return node->gateway();
  }

  WatchTicket watch(std::size_t number, unsigned known, std::uint64_t wait_ms = long_ms) {
    return gateway().watch({user(1), transaction(known), wait_ms}, outcomes.expect(number));
  }

  /// Has a command of user 1 end with `outcome`; returns when its asker, `number`, knows.
  void run(std::size_t number, Command command, Outcome outcome) {
    gateway().submit(std::move(command), outcomes.expect(number));
    ASSERT_TRUE(store.wait_for_waiting(1));
    store.complete_first(std::move(outcome));
    ASSERT_TRUE(outcomes.wait_for_number(number));
  }

  /// HEAD moves to `head`; the mover is `number`.
  void advance(std::size_t number, unsigned head, std::uint64_t seq) {
    run(number, AdvanceHead{user(1), transaction(head), {}}, moved(head, seq));
  }

  /// Returns when the actor has handled everything sent to it before.
  void settle() { run(next_probe++, put(1, 1), outcome_of(Verdict::applied)); }

  /// What the watcher `number` was told, within the test's patience.
  Outcome told(std::size_t number) {
    const bool came = outcomes.wait_for_number(number);
    EXPECT_TRUE(came) << "watcher " << number << " was not told";
    return came ? outcomes.at(number) : Outcome{};
  }

  FakeStore store;
  Outcomes outcomes;
  std::unique_ptr<Node> node;
  std::size_t next_probe = 1'000'000;
};

}  // namespace mentat_sync::test
