// What an inspection sees, which is what is there; what it estimates, which is what a collection
// then takes; and what it leaves behind, which is nothing.
#include "storage/inspection.hpp"

#include "store_fixture.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

namespace mentat_sync {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using ::testing::HasSubstr;
using Standing = InspectedTransaction::Standing;

constexpr std::uint64_t ms_of_an_hour = 3'600'000;

/// The store is closed while it is inspected: LMDB's locks are the process's.
class InspectionTest : public StoreFixture {
 protected:
  std::unique_ptr<StoreInspector> inspector(const CollectionRules& rules = {}) {
    close();
    auto opened = StoreInspector::open(directory(), rules);
    if (!opened.ok()) throw std::runtime_error(opened.status().message());
    return std::move(opened).value();
  }

  Inspection inspect(std::uint64_t limit = 0, const CollectionRules& rules = {}) {
    auto result = inspector(rules)->inspect(user, limit);
    EXPECT_TRUE(result.ok());
    return *result;
  }

  Status refusal() {
    close();
    const auto opened = StoreInspector::open(directory(), {});
    return opened ? Status() : opened.status();
  }

  /// Committed 1 and 2; 3 and 4 pending on HEAD; 5 and 6 a dead fork from 1; a chunk of no one.
  void put_log_with_forks() {
    put_chunk("a", "12345");
    put_chunk("b", "123");
    put_chunk("nobody", "1234567");
    put_transaction(transaction(1), {}, {"a"});
    put_transaction(transaction(2), transaction(1), {"a", "b"});
    advance(transaction(1));
    put_transaction(transaction(5), transaction(1), {"b", "b"});
    put_transaction(transaction(6), transaction(5));
    advance(transaction(2));
    put_transaction(transaction(3), transaction(2));
    put_transaction(transaction(4), transaction(3), {"a"});
  }

  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory())) {
      names.insert(entry.path().filename());
    }
    return names;
  }
};

std::map<TransactionId, InspectedTransaction> by_id(
    const std::vector<InspectedTransaction>& transactions) {
  std::map<TransactionId, InspectedTransaction> map;
  for (const auto& transaction : transactions) map.emplace(transaction.id, transaction);
  return map;
}

TEST_F(InspectionTest, CountsWhatIsThere) {
  put_log_with_forks();
  const auto seen = inspect();
  EXPECT_TRUE(seen.begun);
  EXPECT_GT(seen.generation, 0U);
  EXPECT_EQ(seen.summary.head, transaction(2));
  EXPECT_EQ(seen.summary.seq, 2U);
  EXPECT_EQ(seen.summary.chunk_count, 3U);
  EXPECT_EQ(seen.summary.chunk_bytes, 15U);
  EXPECT_EQ(seen.pending, 2U);
  EXPECT_EQ(seen.dead, 2U);
  EXPECT_EQ(seen.purges, 0U);
}

TEST_F(InspectionTest, SeesWhatIsCommittedNewestFirst) {
  put_log_with_forks();
  const auto seen = inspect().committed;
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].id, transaction(2));
  EXPECT_EQ(seen[0].parent, transaction(1));
  EXPECT_EQ(seen[0].seq, 2U);
  EXPECT_EQ(seen[0].chunks, 2U);
  EXPECT_EQ(seen[0].chunk_bytes, 8U);
  EXPECT_EQ(seen[0].standing, Standing::committed);
  EXPECT_GE(seen[0].since_ms, seen[0].stored_ms);
  EXPECT_EQ(seen[1].id, transaction(1));
}

TEST_F(InspectionTest, TheLimitIsOfTheLastCommittedOnes) {
  put_log_with_forks();
  const auto seen = inspect(1);
  ASSERT_EQ(seen.committed.size(), 1U);
  EXPECT_EQ(seen.committed[0].id, transaction(2));
  EXPECT_EQ(seen.uncommitted.size(), 4U);
  EXPECT_EQ(inspect(2).committed.size(), 2U);
  EXPECT_EQ(inspect(3).committed.size(), 2U);
}

TEST_F(InspectionTest, TellsPendingFromDead) {
  put_log_with_forks();
  auto seen = by_id(inspect().uncommitted);
  ASSERT_EQ(seen.size(), 4U);
  EXPECT_EQ(seen[transaction(3)].standing, Standing::pending);
  EXPECT_EQ(seen[transaction(4)].standing, Standing::pending);
  EXPECT_EQ(seen[transaction(5)].standing, Standing::dead);
  EXPECT_EQ(seen[transaction(6)].standing, Standing::dead);
  EXPECT_EQ(seen[transaction(5)].chunk_bytes, 6U);
  EXPECT_EQ(seen[transaction(6)].seq, 3U);
}

TEST_F(InspectionTest, SaysWhenACollectionMayTakeEach) {
  put_log_with_forks();
  const CollectionRules rules{hours(1), hours(2), hours(3)};
  const auto result = inspect(0, rules);
  auto seen = by_id(result.uncommitted);
  const auto& last_pending = seen[transaction(4)];
  EXPECT_EQ(last_pending.collectable_ms, last_pending.stored_ms + 2 * ms_of_an_hour);
  EXPECT_EQ(seen[transaction(6)].collectable_ms, seen[transaction(6)].since_ms + ms_of_an_hour);
  // What others descend from goes after them.
  EXPECT_GE(seen[transaction(3)].collectable_ms, last_pending.collectable_ms);
  EXPECT_GE(seen[transaction(5)].collectable_ms, seen[transaction(6)].collectable_ms);
}

TEST_F(InspectionTest, CountsLeases) {
  put_log_with_forks();
  const auto leased = inspect().unreferenced;
  EXPECT_EQ(leased.count, 1U);
  EXPECT_EQ(leased.bytes, 7U);
  EXPECT_EQ(leased.collectable, 0U);
  EXPECT_GT(leased.next_ms, 0U);
  EXPECT_EQ(leased.next_ms, leased.last_ms);
  const auto over = inspect(0, {milliseconds(0), milliseconds(0), milliseconds(0)}).unreferenced;
  EXPECT_EQ(over.collectable, 1U);
  EXPECT_EQ(over.collectable_bytes, 7U);
  EXPECT_EQ(over.next_ms, 0U);
}

TEST_F(InspectionTest, AUserWhoNeverWroteHasNoLog) {
  const auto seen = inspect();
  EXPECT_FALSE(seen.begun);
  EXPECT_EQ(seen.purges, 0U);
}

TEST_F(InspectionTest, ReadsALongLogInPages) {
  constexpr unsigned count = 2'500;
  Push push{user, {}, {}, {}};
  for (unsigned i = 1; i <= count; ++i) push.transactions.push_back({transaction(i), {}});
  ASSERT_EQ(submit(push).verdict, Verdict::applied);
  const auto seen = inspect().committed;
  ASSERT_EQ(seen.size(), count);
  for (unsigned i = 0; i < count; ++i) ASSERT_EQ(seen[i].seq, count - i);
  EXPECT_EQ(inspect(1'001).committed.size(), 1'001U);
}

TEST_F(InspectionTest, CountsManyUnreferencedChunksInPages) {
  constexpr std::size_t count = 40'000;
  Push push{user, {}, {}, {}};
  for (std::size_t i = 0; i < count; ++i) {
    push.chunks.push_back({chunk_id("c" + std::to_string(i)), "x"});
  }
  ASSERT_EQ(submit(push).verdict, Verdict::applied);
  EXPECT_EQ(inspect().unreferenced.count, count);
}

TEST_F(InspectionTest, ListsUsersWithGarbage) {
  put_log_with_forks();
  submit(Push{other_user, {}, {}, {{transaction(1), {}}}});
  const auto opened = inspector();
  EXPECT_EQ(opened->list({{}, 10, false})->users, (std::vector{user, other_user}));
  EXPECT_EQ(opened->list({{}, 10, true})->users, std::vector{user});
}

TEST_F(InspectionTest, LeavesTheDirectoryAsItIs) {
  put_log_with_forks();
  close();
  std::filesystem::remove(directory() / "lock.mdb");
  const auto before = files();
  const auto size = std::filesystem::file_size(directory() / "data.mdb");
  const auto written = std::filesystem::last_write_time(directory() / "data.mdb");
  EXPECT_EQ(inspect().committed.size(), 2U);
  EXPECT_EQ(files(), before);
  EXPECT_EQ(std::filesystem::file_size(directory() / "data.mdb"), size);
  EXPECT_EQ(std::filesystem::last_write_time(directory() / "data.mdb"), written);
}

TEST_F(InspectionTest, ADirectoryWithoutAStoreStaysOne) {
  close();
  for (const auto& name : files()) std::filesystem::remove(directory() / name);
  EXPECT_THAT(refusal().message(), HasSubstr("there is no store in"));
  EXPECT_TRUE(files().empty());
}

TEST_F(InspectionTest, RefusesWhatIsNoStore) {
  close();
  std::ofstream(directory() / "data.mdb", std::ios::trunc) << std::string(8192, 'x');
  EXPECT_EQ(refusal().code(), ErrorCode::invalid);
  EXPECT_THAT(refusal().message(), HasSubstr("data.mdb is no mentat-sync store"));
}

TEST_F(InspectionTest, RefusesATruncatedFile) {
  for (unsigned i = 0; i < 50; ++i) put_chunk("c" + std::to_string(i), std::string(5'000, 'x'));
  close();
  std::filesystem::resize_file(directory() / "data.mdb", 100 * 1024);
  EXPECT_EQ(refusal().code(), ErrorCode::corrupt);
  EXPECT_THAT(refusal().message(), HasSubstr("truncated"));
}

// The last pages may be free ones that were never written.
TEST_F(InspectionTest, TakesAShortFileThatLacksFreePagesOnly) {
  put_log_with_forks();
  put_chunk("large", std::string(100'000, 'x'));
  open(collect_at_once);
  collect();
  close();
  const auto file = directory() / "data.mdb";
  const auto whole = std::filesystem::file_size(file);
  std::filesystem::resize_file(file, whole - 1);
  EXPECT_TRUE(refusal().ok()) << refusal().message();
  EXPECT_EQ(std::filesystem::file_size(file), whole - 1);
}

// Another process is the writer, as a server would be: it makes the map larger than it was when the
// inspector opened it.
TEST_F(InspectionTest, FollowsAWriterBesideIt) {
  close();
  for (const auto& name : files()) std::filesystem::remove(directory() / name);
  LmdbStoreOptions small;
  small.initial_map_bytes = bounds::MiB;
  open(small);
  put_log_with_forks();
  const auto opened = inspector();
  EXPECT_EQ(opened->inspect(user, 0)->summary.chunk_count, 3U);
  const pid_t writer = fork();
  if (writer == 0) {
    open(small);
    const bool stored = put_chunk("large", std::string(4 * bounds::MiB, 'x')) == Verdict::applied;
    close();
    _exit(stored ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(writer, &status, 0), writer);
  ASSERT_EQ(status, 0);
  const auto seen = opened->inspect(user, 0);
  ASSERT_TRUE(seen.ok()) << seen.status().message();
  EXPECT_EQ(seen->summary.chunk_count, 4U);
}

// --- What a collection would take ---------------------------------------------------------------

class EstimateTest : public InspectionTest {
 protected:
  GarbageEstimate estimate(const CollectionRules& rules) {
    auto result = inspector(rules)->estimate(user);
    EXPECT_TRUE(result.ok());
    return *result;
  }

  GarbageEstimate collect(const CollectionRules& rules) {
    LmdbStoreOptions options;
    options.collection = rules;
    open(options);
    GarbageEstimate taken;
    std::string resume_at;
    do {
      Outcome outcome = submit(Collect{user, resume_at});
      EXPECT_TRUE(succeeded(outcome.verdict));
      taken.transactions += outcome.collected.transactions;
      taken.chunks += outcome.collected.chunks;
      taken.chunk_bytes += outcome.collected.chunk_bytes;
      resume_at = outcome.collected.resume_at;
    } while (!resume_at.empty());
    return taken;
  }

  void expect_estimate_is_taken(const CollectionRules& rules) {
    const auto estimated = estimate(rules);
    const auto taken = collect(rules);
    EXPECT_EQ(estimated.transactions, taken.transactions);
    EXPECT_EQ(estimated.chunks, taken.chunks);
    EXPECT_EQ(estimated.chunk_bytes, taken.chunk_bytes);
  }
};

TEST_F(EstimateTest, NothingIsTakenWithinTheTimes) {
  put_log_with_forks();
  const auto seen = estimate({});
  EXPECT_EQ(seen.transactions, 0U);
  EXPECT_EQ(seen.chunks, 0U);
  EXPECT_EQ(seen.released_chunks, 0U);
}

TEST_F(EstimateTest, ChunksThatAreReleasedHaveTheirLease) {
  put_chunk("d", "1234");
  put_transaction(transaction(1), {}, {"d", "d"});
  const auto seen = estimate({milliseconds(0), milliseconds(0), hours(1)});
  EXPECT_EQ(seen.transactions, 1U);
  EXPECT_EQ(seen.chunks, 0U);
  EXPECT_EQ(seen.released_chunks, 1U);
  EXPECT_EQ(seen.released_bytes, 4U);
}

TEST_F(EstimateTest, IsWhatACollectionTakes) {
  const std::vector<CollectionRules> all_rules{
      {},
      {milliseconds(0), hours(1), hours(1)},
      {milliseconds(0), milliseconds(0), hours(1)},
      {hours(1), milliseconds(0), milliseconds(0)},
      {milliseconds(0), milliseconds(0), milliseconds(0)},
  };
  for (const auto& rules : all_rules) {
    open();
    submit(DeleteUser{user});
    put_log_with_forks();
    expect_estimate_is_taken(rules);
  }
}

TEST_F(EstimateTest, IsWhatACollectionTakesOfRandomLogs) {
  std::mt19937 random(42);
  const auto coin = [&] { return random() % 2 == 0; };
  for (unsigned round = 0; round < 6; ++round) {
    open();
    submit(DeleteUser{user});
    for (unsigned i = 0; i < 10; ++i) put_chunk("c" + std::to_string(i), std::string(i, 'x'));
    for (unsigned i = 1; i <= 40; ++i) {
      std::vector<std::string> chunks;
      while (coin()) chunks.push_back("c" + std::to_string(random() % 8));
      const unsigned parent = random() % i;
      put_transaction(transaction(i), parent == 0 ? TransactionId{} : transaction(parent), chunks);
      if (random() % 4 == 0) advance(transaction(1 + random() % i));
    }
    expect_estimate_is_taken({milliseconds(coin() ? 0 : ms_of_an_hour),
                              milliseconds(coin() ? 0 : ms_of_an_hour),
                              milliseconds(coin() ? 0 : ms_of_an_hour)});
  }
}

}  // namespace
}  // namespace mentat_sync
