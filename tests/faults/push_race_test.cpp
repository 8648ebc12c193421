// Faults: devices of one user that push at the same time, others that watch, and a collector that
// takes all it may between them.
#include "parallel.hpp"
#include "support/cbor_log.hpp"
#include "support/event_watcher.hpp"
#include "support/running_server.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <set>

namespace mentat_sync {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t devices = 8;
constexpr std::size_t watchers = 4;

struct Base {
  std::string head{root_id};
  std::uint64_t seq = 0;
};

/// Two transactions after `base`, with two chunks of their own and one that all pushes bring.
struct Attempt {
  explicit Attempt(const Base& base) : log(base.head, base.seq) {
    log.chunk("shared", "shared by all")
        .chunk("a-" + first, first)
        .transaction(first, {"a-" + first});
    log.chunk("b-" + second, second).transaction(second, {"shared", "b-" + second});
  }
  std::string first = new_uuid();
  std::string second = new_uuid();
  CborLog log;
};

class PushRace : public RunningServer {
 protected:
  SyncClient another_connection() const { return {port(), user}; }

  /// The log is whole, and is exactly these pushes in some order, each in one piece.
  void expect_exactly(const std::set<std::string>& firsts) {
    const auto log = expect_whole_log(client.pull());
    const auto ids = log.ids();
    ASSERT_EQ(ids.size(), 2 * firsts.size());
    for (std::size_t i = 0; i < ids.size(); i += 2) {
      EXPECT_TRUE(firsts.contains(ids[i])) << ids[i] << " is nobody's, or out of place";
      EXPECT_EQ(log.bytes_of("a-" + ids[i]), ids[i]);
      EXPECT_EQ(log.bytes_of("b-" + ids[i + 1]), ids[i + 1]);
    }
    EXPECT_EQ(log.bytes_of("shared"), "shared by all");
  }

  /// Pushes after whatever HEAD is, again and again, until `count` went through.
  std::vector<std::string> push_until(std::size_t count) {
    auto mine = another_connection();
    Base base;
    std::vector<std::string> acknowledged;
    while (acknowledged.size() < count && !HasFailure()) {
      const Attempt attempt{base};
      const auto response = mine.push(attempt.log.encode());
      if (response.status == 201) {
        acknowledged.push_back(attempt.first);
        base = {attempt.second, base.seq + 2};
        EXPECT_EQ(response.json()["seq"], base.seq);
        continue;
      }
      EXPECT_EQ(response.status, 409U) << response.body;
      base.head = response.json().value("current_head", "");
      const auto at = mine.get_transaction(base.head);
      base.seq = at.status == 200 ? at.json()["seq"].get<std::uint64_t>() : 0;
    }
    return acknowledged;
  }
};

TEST_F(PushRace, OnePushWinsEachStep) {
  constexpr std::size_t steps = 30;
  std::barrier<> start{static_cast<std::ptrdiff_t>(devices)};
  std::vector<std::vector<unsigned>> statuses(steps, std::vector<unsigned>(devices));
  std::vector<std::vector<Attempt>> attempts(devices);
  std::vector<Base> bases(steps + 1);
  in_parallel(devices, [&](std::size_t index) {
    StartLine line{start};
    auto mine = another_connection();
    for (std::size_t step = 0; step < steps; ++step) {
      attempts[index].emplace_back(bases[step]);
      line.wait();
      const auto response = mine.push(attempts[index].back().log.encode());
      statuses[step][index] = response.status;
      if (response.status == 201) {
        bases[step + 1] = {attempts[index].back().second, bases[step].seq + 2};
      } else {
        EXPECT_EQ(response.status, 409U) << response.body;
      }
      line.wait();
    }
  });

  std::set<std::string> winners;
  for (std::size_t step = 0; step < steps; ++step) {
    ASSERT_EQ(std::ranges::count(statuses[step], 201U), 1) << "step " << step;
    const auto winner = std::ranges::find(statuses[step], 201U) - statuses[step].begin();
    winners.insert(attempts[static_cast<std::size_t>(winner)][step].first);
  }
  expect_exactly(winners);
}

TEST_F(PushRace, FreeRunningDevicesAllGetTheirTurnAndWatchersHearTheLast) {
  constexpr std::size_t pushes_of_each = 25;
  std::vector<std::vector<std::string>> acknowledged(devices);
  std::vector<std::vector<ServerSentEvent>> heard(watchers);
  in_parallel(devices + watchers, [&](std::size_t index) {
    if (index < devices) {
      acknowledged[index] = push_until(pushes_of_each);
      return;
    }
    EventWatcher watcher{port(), user};
    auto& events = heard[index - devices];
    constexpr std::uint64_t last = 2 * devices * pushes_of_each;
    while (auto event = watcher.next(seconds{20})) {
      events.push_back(*event);
      if (event->seq() == last) break;
    }
  });

  std::set<std::string> all;
  for (const auto& firsts : acknowledged) all.insert(firsts.begin(), firsts.end());
  EXPECT_EQ(all.size(), devices * pushes_of_each);
  expect_exactly(all);
  const auto ids = client.transactions();
  for (const auto& events : heard) {
    ASSERT_FALSE(events.empty());
    EXPECT_EQ(events.back().head(), ids.back()) << "a watcher missed the last HEAD";
    EXPECT_TRUE(std::ranges::is_sorted(events, {}, &ServerSentEvent::seq));
    for (const auto& event : events) {
      EXPECT_EQ(event.head(), event.seq() == 0 ? std::string{root_id} : ids[event.seq() - 1]);
    }
  }
}

TEST_F(PushRace, TheSamePushManyTimesAtOnceIsAppliedOnce) {
  for (int round = 0; round < 10; ++round) {
    const Base base{client.head(), client.summary()["seq"].get<std::uint64_t>()};
    const Attempt attempt{base};
    const auto log = attempt.log.encode();
    std::atomic<int> applied = 0;
    in_parallel(devices, [&](std::size_t) {
      const auto response = another_connection().push(log);
      EXPECT_TRUE(response.status == 201 || response.status == 200) << response.body;
      if (response.status == 201) ++applied;
      EXPECT_EQ(response.json()["head"], attempt.second);
    });
    EXPECT_EQ(applied, 1);
  }
  EXPECT_EQ(client.summary()["seq"], 20);
}

TEST_F(PushRace, PushesAndPutsOfHeadExcludeEachOther) {
  std::vector<std::vector<std::string>> moved(devices);
  in_parallel(devices, [&](std::size_t index) {
    auto mine = another_connection();
    for (int round = 0; round < 40; ++round) {
      const auto summary = mine.summary();
      const Base base{summary["head"], summary["seq"].get<std::uint64_t>()};
      const auto id = new_uuid();
      unsigned status = 0;
      if (index % 2 == 0) {
        status = mine.push(CborLog{base.head, base.seq}.transaction(id, {}).encode()).status;
      } else if (mine.put_transaction(id, base.head, {}).status == 201) {
        status = mine.put_head(id).status;
      }
      if (status == 201 || status == 204) moved[index].push_back(id);
    }
  });
  std::set<std::string> all;
  for (const auto& ids : moved) all.insert(ids.begin(), ids.end());
  const auto log = client.transactions();
  EXPECT_EQ(std::set<std::string>(log.begin(), log.end()), all);
  EXPECT_EQ(log.size(), all.size());
}

TEST_F(PushRace, DeletionsAmongPushesPullsAndWatchersLeaveAWholeLog) {
  in_parallel(devices, [&](std::size_t index) {
    auto mine = another_connection();
    for (int round = 0; round < 40; ++round) {
      if (index == 0) {
        EXPECT_EQ(mine.delete_user().status, 204U);
      } else if (index == 1) {
        expect_whole_log(mine.pull());
      } else if (index == 2) {
        EXPECT_TRUE(EventWatcher(port(), user).next(seconds{10}));
      } else {
        const auto summary = mine.summary();
        const Attempt attempt{Base{summary["head"], summary["seq"].get<std::uint64_t>()}};
        const auto status = mine.push(attempt.log.encode()).status;
        EXPECT_TRUE(status == 201 || status == 409) << status;
      }
    }
  });
  expect_whole_log(client.pull());
  EXPECT_EQ(client.delete_user().status, 204U);
  EXPECT_EQ(client.summary()["chunks"]["count"], 0);
}

/// With a collector that never rests for long, and takes at once what it may.
class CollectorRace : public PushRace {
 public:
  static void SetUpTestSuite() {
    ServerProcessOptions options;
    options.arguments = {"--gc-interval",        "10ms", "--gc-grace",    "0s",
                         "--gc-abandoned-after", "0s",   "--chunk-lease", "0s"};
    start(options);
  }
};

TEST_F(CollectorRace, NothingOfAnAcknowledgedPushIsEverCollected) {
  std::vector<std::vector<std::string>> acknowledged(devices);
  std::atomic<std::size_t> left = devices;
  in_parallel(devices + 2, [&](std::size_t index) {
    if (index < devices) {
      acknowledged[index] = push_until(40);
      --left;
      return;
    }
    // Garbage for the collector, and a request to collect it without rests.
    auto mine = another_connection();
    while (left > 0) {
      mine.put_chunk("loose-" + new_uuid(), "x");
      mine.put_transaction(new_uuid(), mine.head(), {});
      server().process().signal(SIGUSR1);
    }
  });
  std::set<std::string> all;
  for (const auto& firsts : acknowledged) all.insert(firsts.begin(), firsts.end());
  expect_exactly(all);
}

TEST_F(CollectorRace, UploadsByPutEndInACommitOrARefusalNeverInALoss) {
  std::vector<std::vector<std::string>> committed(devices);
  in_parallel(devices, [&](std::size_t index) {
    auto mine = another_connection();
    for (int round = 0; round < 150; ++round) {
      const auto chunk = "c-" + new_uuid();
      const auto id = new_uuid();
      EXPECT_EQ(mine.put_chunk(chunk, chunk).status, 201U);
      const auto linked = mine.put_transaction(id, mine.head(), {chunk}).status;
      EXPECT_TRUE(linked == 201 || linked == 404 || linked == 409) << linked;
      const auto moved = mine.put_head(id).status;
      EXPECT_TRUE(moved == 204 || moved == 409) << moved;
      if (moved == 204) committed[index].push_back(id);
      if (index == 0 && round % 10 == 0) server().process().signal(SIGUSR1);
    }
  });
  const auto log = expect_whole_log(client.pull());
  std::set<std::string> all;
  for (const auto& ids : committed) all.insert(ids.begin(), ids.end());
  const auto ids = log.ids();
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()), all);
  for (const auto& chunk : log.chunks) EXPECT_EQ(chunk.bytes, chunk.id);
}

TEST_F(CollectorRace, DeletionsAndCollectionsLeaveAWholeLog) {
  in_parallel(devices, [&](std::size_t index) {
    auto mine = another_connection();
    for (int round = 0; round < 60; ++round) {
      if (index == 0) {
        EXPECT_EQ(mine.delete_user().status, 204U);
      } else if (index == 1) {
        server().process().signal(SIGUSR1);
        expect_whole_log(mine.pull());
      } else {
        mine.put_chunk("loose", "x");
        const auto summary = mine.summary();
        const Attempt attempt{Base{summary["head"], summary["seq"].get<std::uint64_t>()}};
        const auto status = mine.push(attempt.log.encode()).status;
        EXPECT_TRUE(status == 201 || status == 409) << status;
      }
    }
  });
  expect_whole_log(client.pull());
}

}  // namespace
}  // namespace mentat_sync
