// Two nodes: a directory published by CAF's middleman, and an actor system that syncs through it.
#include "actors/interfaces.hpp"
#include "support.hpp"

#include <caf/io/all.hpp>
#include <gtest/gtest.h>

namespace mentat_sync::test {
namespace {

TEST(RemoteDirectory, IsSyncedWithFromAnotherNode) {
  FakeStore store;
  store.complete_by_itself();
  Node server{store, {}, true};
  const auto port =
      server.system().middleman().publish(SyncActor{server.directory()}, 0, "127.0.0.1");
  ASSERT_TRUE(port);

  Config config{true};
  caf::actor_system client{config};
  const auto remote = client.middleman().remote_actor<SyncActor>("127.0.0.1", *port);
  ASSERT_TRUE(remote);
  EXPECT_NE(remote->node(), client.node());

  const PutTransaction link{user(1), transaction(1), {}, {chunk(5)}};
  EXPECT_EQ(ask<Outcome>(client, *remote, put(1, 5, "bytes"))->verdict, Verdict::applied);
  EXPECT_EQ(ask<Outcome>(client, *remote, link)->verdict, Verdict::applied);
  EXPECT_EQ(ask<Outcome>(client, *remote, AdvanceHead{user(1), transaction(1), {}})->verdict,
            Verdict::applied);
  EXPECT_EQ(ask<Head>(client, *remote, ReadHead{user(1)})->seq, 7u);
  const auto page = ask<TransactionPage>(client, *remote, ListTransactions{user(1), {}, 10});
  EXPECT_TRUE(page->from_found);
  EXPECT_EQ(ask<Chunk>(client, *remote, ReadChunk{user(1), chunk(5)})->bytes, "bytes of 5");
  EXPECT_EQ(store.submitted_chunks(), std::vector<std::string>{"5"});
}

}  // namespace
}  // namespace mentat_sync::test
