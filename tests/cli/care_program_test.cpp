// The care of the data with the program itself: beside a server that is written to, killed in the
// middle.
#include "care_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lmdb.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>
#include <unistd.h>

namespace mentat_sync {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// A server that collects what it can as soon as it can, so that everything changes all the time.
ServerProcessOptions restless_server() {
  ServerProcessOptions options;
  options.arguments = {"--gc-interval", "100ms", "--gc-grace", "0", "--chunk-lease", "0"};
  return options;
}

/// Devices that write, fork, and delete their logs, until it is destroyed.
class Writers {
 public:
  explicit Writers(std::uint16_t port) {
    for (unsigned seed = 1; seed <= 3; ++seed) {
      threads_.emplace_back([this, port, seed] { write(port, seed); });
    }
  }
  ~Writers() {
    ended_ = true;
    for (auto& thread : threads_) thread.join();
  }
  Writers(const Writers&) = delete;
  Writers& operator=(const Writers&) = delete;

  unsigned rounds() const { return rounds_; }

 private:
  void write(std::uint16_t port, unsigned seed) {
    SyncClient client{port, new_uuid()};
    for (unsigned i = seed; !ended_; ++i) {
      try {
        write_some(client, i);
      } catch (const HttpError&) {  // a chunk was collected before it was named
      }
      ++rounds_;
    }
  }

  static void write_some(SyncClient& client, unsigned i) {
    const auto head = client.head();
    client.put_chunk(new_uuid(), std::string(i * 997 % 20'000, 'x'));
    client.add_transaction(head);
    client.commit_transaction(head);
    if (i % 20 == 0) client.delete_user();
  }

  std::atomic<bool> ended_{false};
  std::atomic<unsigned> rounds_{0};
  std::vector<std::thread> threads_;
};

// --- Beside a server ----------------------------------------------------------------------------

TEST_F(CareProgramTest, FindsNothingBesideABusyServer) {
  ServerProcess server{restless_server()};
  const Writers writers{server.port()};
  for (int i = 0; i < 15; ++i) {
    const auto checked = run({"check"}, server.data());
    EXPECT_EQ(checked.status.code, 0) << checked.out << checked.err;
    EXPECT_THAT(checked.out, StartsWith("sound: "));
  }
  EXPECT_GT(writers.rounds(), 0U);
  EXPECT_TRUE(server.process().running());
}

TEST_F(CareProgramTest, BackupsOfABusyServerAreSound) {
  ServerProcess server{restless_server()};
  const Writers writers{server.port()};
  for (int i = 0; i < 8; ++i) {
    const auto copied = run({"backup", in("copy.mdb"), "--force", "--verify"}, server.data());
    EXPECT_EQ(copied.status.code, 0) << copied.out << copied.err;
  }
  const auto restored = run({"restore", in("copy.mdb")}, in("restored"));
  EXPECT_EQ(restored.status.code, 0) << restored.err;
  ServerProcessOptions options;
  options.data = in("restored");
  ServerProcess other{options};
  EXPECT_TRUE(other.process().running());
}

TEST_F(CareProgramTest, CountsBesideABusyServer) {
  ServerProcess server{restless_server()};
  const Writers writers{server.port()};
  for (int i = 0; i < 5; ++i) {
    const auto counted = run({"stats", "--json", "--users", "2"}, server.data());
    ASSERT_EQ(counted.status.code, 0) << counted.err;
    const auto json = nlohmann::json::parse(counted.out);
    EXPECT_GT(json["pages"], json["free_pages"]);
    EXPECT_LE(json["largest_users"].size(), 2U);
  }
}

TEST_F(CareProgramTest, DoesNotReplaceAStoreThatIsServed) {
  ServerProcess server;
  SyncClient client{server.port(), new_uuid()};
  client.commit_transaction(root_id);
  ASSERT_EQ(run({"backup", in("copy.mdb")}, server.data()).status.code, 0);
  const auto compacted = run({"compact"}, server.data());
  EXPECT_EQ(compacted.status.code, 1);
  EXPECT_THAT(compacted.err, HasSubstr("in use by process"));
  const auto restored = run({"restore", in("copy.mdb"), "--force"}, server.data());
  EXPECT_EQ(restored.status.code, 1);
  EXPECT_THAT(restored.err, HasSubstr("in use by process"));
  EXPECT_EQ(client.put_chunk("still", "here").status, 201);
}

// --- Killed -------------------------------------------------------------------------------------

/// Processes besides `server` that LMDB's table of readers names.
int other_readers(const fs::path& data, pid_t server) {
  MDB_env* env = nullptr;
  mdb_env_create(&env);
  EXPECT_EQ(mdb_env_open(env, data.c_str(), MDB_RDONLY | MDB_NOTLS, 0), MDB_SUCCESS);
  std::string text;
  mdb_reader_list(
      env,
      [](const char* line, void* to) {
        static_cast<std::string*>(to)->append(line);
        return 0;
      },
      &text);
  mdb_env_close(env);
  std::istringstream lines{text};
  int others = 0;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words{line};
    pid_t pid = 0;
    if (words >> pid && pid != server) ++others;
  }
  return others;
}

/// The server frees the slots of the dead now and then: bounds::commits_between_reader_checks.
void commit_until_readers_are_checked(SyncClient& client) {
  constexpr int commits_between_reader_checks = 1'024;
  for (int i = 0; i <= commits_between_reader_checks; ++i) {
    client.put_chunk(new_uuid(), "x");
  }
}

TEST_F(CareProgramTest, AKilledBackupLeavesNoFileUnderItsNameAndNoReader) {
  ServerProcess server;
  SyncClient client{server.port(), new_uuid()};
  for (int i = 0; i < 200; ++i) client.put_chunk(new_uuid(), std::string(100'000, 'x'));
  for (int i = 0; i < 10; ++i) {
    ChildProcess child{command({"backup", in("copy.mdb")}, server.data())};
    std::this_thread::sleep_for(std::chrono::milliseconds(3 * i));
    child.kill();
    if (fs::exists(in("copy.mdb"))) {
      EXPECT_EQ(run({"check", "--file", in("copy.mdb")}).status.code, 0);
      fs::remove(in("copy.mdb"));
    }
    for (int j = 0; j < 500 && other_readers(server.data(), server.process().pid()) > 0; ++j) {
      std::this_thread::sleep_for(10ms);  // until its child has noticed
    }
    // One that was killed while it read itself, before its child copied: the server's to find.
    if (other_readers(server.data(), server.process().pid()) > 0)
      commit_until_readers_are_checked(client);
    EXPECT_EQ(other_readers(server.data(), server.process().pid()), 0);
  }
  EXPECT_EQ(run({"check"}, server.data()).status.code, 0);
}

TEST_F(CareProgramTest, AnInterruptedBackupLeavesNothing) {
  make_store(400);
  for (int i = 0; i < 10; ++i) {
    ChildProcess child{command({"backup", in("copy.mdb")}, data())};
    std::this_thread::sleep_for(std::chrono::milliseconds(4 * i));
    child.signal(SIGINT);
    ASSERT_TRUE(child.wait());
    const bool whole = fs::exists(in("copy.mdb"));
    EXPECT_EQ(files(place_.path()),
              whole ? (std::set<std::string>{"copy.mdb", "data"}) : std::set<std::string>{"data"});
    fs::remove(in("copy.mdb"));
  }
}

TEST_F(CareProgramTest, AKilledCompactLeavesAWholeStore) {
  make_store(100);
  for (int i = 0; i < 20; ++i) {
    ChildProcess child{command({"compact"}, data())};
    std::this_thread::sleep_for(std::chrono::milliseconds(2 * i));
    child.kill();
    // Its own child may hold the lock until it notices.
    const auto checked = run({"check"}, data());
    EXPECT_EQ(checked.status.code, 0) << checked.out << checked.err;
  }
  ServerProcessOptions options;
  options.data = data();
  const ServerProcess server{options};
}

TEST_F(CareProgramTest, AKilledRestoreLeavesAWholeStore) {
  make_store(100);
  ASSERT_EQ(run({"backup", in("copy.mdb")}, data()).status.code, 0);
  for (int i = 0; i < 20; ++i) {
    ChildProcess child{command({"restore", in("copy.mdb"), "--force"}, data())};
    std::this_thread::sleep_for(std::chrono::milliseconds(2 * i));
    child.kill();
    const auto checked = run({"check"}, data());
    EXPECT_EQ(checked.status.code, 0) << checked.out << checked.err;
  }
}

}  // namespace
}  // namespace mentat_sync
