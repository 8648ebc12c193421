// What the actors count for monitoring: it is what happened, and goes back to nothing.
#include "actors/counters.hpp"

#include "actors/collector.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <thread>

namespace mentat_sync::test {
namespace {

class CountersTest : public testing::Test {
 protected:
  ActorOptions options() const {
    ActorOptions options;
    options.counters = counters;
    return options;
  }

  const std::shared_ptr<ActorCounters> counters = std::make_shared<ActorCounters>();
  FakeStore store;
  Outcomes outcomes;
};

TEST_F(CountersTest, CommandsInFlightAreThoseThatTheStoreHasNotAnswered) {
  Node node{store, options()};
  for (std::size_t i = 0; i < 3; ++i) node.gateway().submit(put(1, i, "xyz"), outcomes.expect(i));
  ASSERT_TRUE(store.wait_for_waiting(3));
  EXPECT_EQ(counters->live_users, 1u);
  EXPECT_TRUE(eventually([&] { return counters->commands_in_flight == 3u; }));
  EXPECT_EQ(counters->bytes_in_flight, 3 * bytes_of(Command{put(1, 0, "xyz")}));
  store.complete_all();
  ASSERT_TRUE(outcomes.wait_for(3));
  EXPECT_EQ(counters->commands_in_flight, 0u);
  EXPECT_EQ(counters->bytes_in_flight, 0u);
}

TEST_F(CountersTest, AUserActorThatFailsIsCountedOut) {
  Node node{store, options()};
  node.gateway().submit(put(1, 0), outcomes.expect(0));
  ASSERT_TRUE(store.wait_for_waiting(1));
  store.throw_once();
  node.gateway().submit(put(1, 1), outcomes.expect(1));
  ASSERT_TRUE(outcomes.wait_for(2));
  EXPECT_TRUE(eventually([&] { return counters->live_users == 0u; }));
  EXPECT_EQ(counters->commands_in_flight, 0u);
  EXPECT_EQ(counters->bytes_in_flight, 0u);
  store.complete_all();
}

TEST_F(CountersTest, APassivatedUserActorIsCountedOut) {
  ActorOptions brief = options();
  brief.passivate_after = 20ms;
  Node node{store, brief};
  store.complete_by_itself();
  node.gateway().submit(put(1, 0), outcomes.expect(0));
  ASSERT_TRUE(outcomes.wait_for(1));
  EXPECT_TRUE(eventually([&] { return counters->live_users == 0u; }));
}

TEST_F(CountersTest, OverloadedCountsTheBoundsOfTheUserTheDirectoryAndTheStore) {
  ActorOptions bounded = options();
  bounded.max_user_commands = 1;
  bounded.max_live_users = 1;
  Node node{store, bounded};
  node.gateway().submit(put(1, 0), outcomes.expect(0));
  ASSERT_TRUE(store.wait_for_waiting(1));
  node.gateway().submit(put(1, 1), outcomes.expect(1));
  node.gateway().submit(put(2, 2), outcomes.expect(2));
  ASSERT_TRUE(outcomes.wait_for(2));
  EXPECT_EQ(counters->overloaded, 2u);
  store.complete_all(Verdict::overloaded);
  ASSERT_TRUE(outcomes.wait_for(3));
  EXPECT_EQ(counters->overloaded, 3u);
}

TEST_F(CountersTest, WatchesCountUntilTheyAreAnswered) {
  const auto gateway_counters = counters;
  Node node{store, options()};
  const auto gateway = make_gateway(node.directory(), gateway_counters);
  store.set_head({transaction(1), 1});
  gateway->watch({user(1), transaction(1), 20'000}, outcomes.expect(0));
  EXPECT_EQ(counters->watches, 1u);
  store.complete_by_itself([](const Command&) { return moved(2, 2); });
  gateway->submit(AdvanceHead{user(1), transaction(2), {}}, outcomes.expect(1));
  ASSERT_TRUE(outcomes.wait_for(2));
  EXPECT_TRUE(eventually([&] { return counters->watches == 0u; }));
}

TEST_F(CountersTest, TheCollectorCountsStepsPassesAndWhatWasCollected) {
  UserPage page;
  page.users = {user(1), user(2)};
  store.set_user_pages({page});
  store.complete_by_itself([](const Command&) {
    Outcome outcome = outcome_of(Verdict::applied);
    outcome.collected.transactions = 1;
    outcome.collected.chunks = 2;
    outcome.collected.chunk_bytes = 30;
    return outcome;
  });
  Node node{store, options()};
  CollectorOptions collecting;
  collecting.interval = 0ms;
  collecting.counters = counters;
  auto collector = spawn_collector(node.system(), SyncActor{node.directory()}, collecting);
  compat::anon_tell(collector, CollectNow{});
  EXPECT_TRUE(eventually([&] { return counters->collection_passes == 1u; }));
  EXPECT_EQ(counters->collection_steps, 2u);
  EXPECT_EQ(counters->collected_transactions, 2u);
  EXPECT_EQ(counters->collected_chunks, 4u);
  EXPECT_EQ(counters->collected_chunk_bytes, 60u);
  EXPECT_GT(counters->last_pass_ns, 0u);
  EXPECT_EQ(counters->collection_passes_stopped, 0u);
  caf::anon_send_exit(collector, caf::exit_reason::user_shutdown);
}

TEST_F(CountersTest, APassThatIsStoppedIsCountedAsThat) {
  UserPage page;
  page.users = {user(1)};
  store.set_user_pages({page});
  store.complete_by_itself([](const Command&) { return outcome_of(Verdict::unavailable); });
  Node node{store, options()};
  CollectorOptions collecting;
  collecting.interval = 0ms;
  collecting.counters = counters;
  auto collector = spawn_collector(node.system(), SyncActor{node.directory()}, collecting);
  compat::anon_tell(collector, CollectNow{});
  EXPECT_TRUE(eventually([&] { return counters->collection_passes_stopped == 1u; }));
  EXPECT_EQ(counters->collection_passes, 0u);
  caf::anon_send_exit(collector, caf::exit_reason::user_shutdown);
}

}  // namespace
}  // namespace mentat_sync::test
