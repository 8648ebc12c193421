// The care of damaged files with the program itself, and what it says where it can do nothing.
#include "care_fixture.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace mentat_sync {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class DamageProgramTest : public CareProgramTest {
 protected:
  static std::string content(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  /// A store whose only chunk is not what its SHA-256 id says: all of it can be copied.
  void make_damaged_store() {
    const std::string bytes(10'000, 'h');
    ServerProcessOptions options;
    options.data = data();
    ServerProcess server{options};
    SyncClient client{server.port(), user};
    client.put_chunk(sha256_hex(bytes), bytes);
    server.terminate();
    std::string file = content(data() / "data.mdb");
    const auto at = file.find("hhhhhhhh");
    ASSERT_NE(at, file.npos);
    file[at] = 'H';
    std::ofstream{data() / "data.mdb", std::ios::binary | std::ios::trunc} << file;
  }

  Finished run_with(std::pair<std::string, std::string> variable,
                    std::vector<std::string> arguments) const {
    auto options = command(std::move(arguments), data());
    options.environment.push_back(std::move(variable));
    return run_to_end(options);
  }

  const std::string user = new_uuid();
};

TEST_F(DamageProgramTest, AVerifiedBackupOfADamagedStoreReplacesNoOlderOne) {
  make_store();
  ASSERT_EQ(run({"backup", in("week.mdb")}, data()).status.code, 0);
  const std::string good = content(in("week.mdb"));
  fs::remove_all(data());
  make_damaged_store();
  const auto copied = run({"backup", "--force", "--verify", in("week.mdb")}, data());
  EXPECT_EQ(copied.status.code, 4) << copied.out << copied.err;
  EXPECT_THAT(copied.out, HasSubstr("\ndamaged: 1 finding"));
  EXPECT_THAT(copied.err, HasSubstr("nothing was replaced"));
  EXPECT_EQ(content(in("week.mdb")), good);
  EXPECT_EQ(files(place_.path()), (std::set<std::string>{"data", "week.mdb"}));
  EXPECT_EQ(run({"backup", "--force", in("week.mdb")}, data()).status.code, 0)
      << "a damaged store can be kept as it is";
  EXPECT_NE(content(in("week.mdb")), good);
}

TEST_F(DamageProgramTest, AnInterruptedVerificationLeavesNothing) {
  make_store(400);
  for (int i = 0; i < 10; ++i) {
    ChildProcess child{command({"backup", "--verify", in("copy.mdb")}, data())};
    std::this_thread::sleep_for(std::chrono::milliseconds(8 * i));
    child.signal(SIGINT);
    ASSERT_TRUE(child.wait());
    const bool whole = fs::exists(in("copy.mdb"));
    EXPECT_EQ(files(place_.path()),
              whole ? (std::set<std::string>{"copy.mdb", "data"}) : std::set<std::string>{"data"});
    fs::remove(in("copy.mdb"));
  }
}

TEST_F(DamageProgramTest, TheClientsVariableHidesNoDamage) {
  make_damaged_store();
  const std::pair<std::string, std::string> variable{"MENTAT_SYNC_USER", new_uuid()};
  EXPECT_EQ(run_with(variable, {"check"}).status.code, 4);
  const auto collected = run_with(variable, {"gc", "--dry-run", "--chunk-lease", "0"});
  EXPECT_EQ(collected.status.code, 0) << collected.err;
  EXPECT_THAT(collected.out, HasSubstr("would collect from 1 user: 0 transactions, 1 chunk"));
}

TEST_F(DamageProgramTest, AnUnknownUserIsNeitherSoundNorWithoutGarbage) {
  make_store(1);
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"check"}, {"gc"}, {"gc", "--dry-run"}}) {
    auto arguments = words;
    arguments.insert(arguments.end(), {"--user", user});
    const auto failed = run(arguments, data());
    EXPECT_EQ(failed.status.code, 1) << words.front();
    EXPECT_EQ(failed.out, "");
    EXPECT_EQ(failed.err, "mentat-sync: the store has no log of user " + user + "\n");
  }
}

TEST_F(DamageProgramTest, TheSummaryNamesTheOnlyUserThatWasLookedAt) {
  make_damaged_store();
  const auto checked = run({"check", "--no-hashes", "--user", user}, data());
  EXPECT_EQ(checked.status.code, 0) << checked.err;
  EXPECT_THAT(checked.out, StartsWith("sound: only user " + user + ": 1 log, "));
  const auto json = run({"check", "--no-hashes", "--json", "--user", user}, data());
  EXPECT_EQ(nlohmann::json::parse(json.out).at("user"), user);
  const auto collected = run({"gc", "--chunk-lease", "0", "--user", user}, data());
  EXPECT_EQ(collected.status.code, 0) << collected.err;
  EXPECT_THAT(collected.out, HasSubstr("collected from user " + user + " only: "));
}

TEST_F(DamageProgramTest, WhatIsNoStoreIsNotCalledDamaged) {
  std::ofstream{in("key.pem")} << "-----BEGIN PRIVATE KEY-----\n";
  const std::string said = "mentat-sync: " + in("key.pem").string() + " is no mentat-sync store\n";
  const auto checked = run({"check", "--file", in("key.pem")});
  EXPECT_EQ(checked.status.code, 1) << checked.out;
  EXPECT_EQ(checked.err, said);
  const auto restored = run({"restore", in("key.pem")}, data());
  EXPECT_EQ(restored.status.code, 1) << restored.out;
  EXPECT_EQ(restored.err, said);
}

TEST_F(DamageProgramTest, ADirectoryWhoseFileIsNoStoreIsNotCalledDamaged) {
  fs::create_directory(data());
  std::ofstream{data() / "data.mdb"} << "hello\n";
  const std::string said =
      "mentat-sync: " + (data() / "data.mdb").string() + " is no mentat-sync store\n";
  const std::vector<std::vector<std::string>> commands{{"check"},   {"stats"},
                                                       {"compact"}, {"backup", in("copy.mdb")},
                                                       {"gc"},      {"inspect", "--user", user}};
  for (const auto& words : commands) {
    const auto failed = run(words, data());
    EXPECT_EQ(failed.status.code, 1) << words.front();
    EXPECT_EQ(failed.out, "") << words.front();
    EXPECT_EQ(failed.err, said) << words.front();
  }
  EXPECT_EQ(content(data() / "data.mdb"), "hello\n");
}

TEST_F(DamageProgramTest, RestoringADamagedBackupLeavesNothingWhereNothingWas) {
  make_damaged_store();
  for (const char* target : {"new", "new/and/deep"}) {
    const auto failed = run({"restore", data()}, in(target));
    EXPECT_EQ(failed.status.code, 4) << failed.err;
    EXPECT_EQ(files(place_.path()), std::set<std::string>{"data"});
  }
}

// What root makes there, the server could not open.
TEST_F(DamageProgramTest, FilesThatRootMakesBelongToTheDirectorysOwner) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can act for others";
  constexpr uid_t other = 54'321;
  make_store(1);
  fs::remove(data() / "lock.mdb");
  fs::remove(data() / "mentat-sync.lock");
  ASSERT_EQ(::chown(data().c_str(), other, other), 0);
  ASSERT_EQ(::chown((data() / "data.mdb").c_str(), other, other), 0);
  EXPECT_EQ(run({"gc"}, data()).status.code, 0);
  for (const auto& name : files(data())) {
    struct stat status {};
    ASSERT_EQ(::stat((data() / name).c_str(), &status), 0);
    EXPECT_EQ(status.st_uid, other) << name;
    EXPECT_EQ(status.st_gid, other) << name;
  }
  EXPECT_EQ(files(data()).size(), 3U);
}

TEST_F(DamageProgramTest, LinksToOthersFilesAreNotGivenAway) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can act for others";
  make_store(1);
  std::ofstream{in("precious")} << "roots";
  fs::remove(data() / "mentat-sync.lock");
  fs::create_symlink(in("precious"), data() / "mentat-sync.lock");
  ASSERT_EQ(::chown(data().c_str(), 54'321, 54'321), 0);
  EXPECT_EQ(run({"gc"}, data()).status.code, 1);
  struct stat status {};
  ASSERT_EQ(::stat(in("precious").c_str(), &status), 0);
  EXPECT_EQ(status.st_uid, 0U);
  EXPECT_EQ(content(in("precious")), "roots");
}

TEST_F(DamageProgramTest, TellsDamageByItsExitCode) {
  make_store();
  const auto file = data() / "data.mdb";
  const auto whole = fs::file_size(file);
  fs::resize_file(file, whole / 2);
  const auto checked = run({"check"}, data());
  EXPECT_EQ(checked.status.code, 4) << checked.out << checked.err;
  EXPECT_THAT(checked.out, HasSubstr("lies beyond the end of the file"));
  EXPECT_THAT(checked.out, HasSubstr("\ndamaged: "));
  const auto json = nlohmann::json::parse(run({"check", "--json"}, data()).out);
  EXPECT_EQ(json["sound"], false);
  EXPECT_GT(json["findings"].size(), 0U);
  const auto copied = run({"backup", in("copy.mdb")}, data());
  EXPECT_EQ(copied.status.code, 4) << copied.err;
  EXPECT_FALSE(fs::exists(in("copy.mdb")));
  EXPECT_EQ(run({"compact"}, data()).status.code, 4);
  EXPECT_EQ(fs::file_size(file), whole / 2) << "nothing was changed";
}

TEST_F(DamageProgramTest, SaysWhatCouldNotBeDone) {
  fs::create_directory(in("empty"));
  for (const char* name : {"check", "stats", "compact"}) {
    const auto failed = run({name}, in("empty"));
    EXPECT_EQ(failed.status.code, 1) << name;
    EXPECT_THAT(failed.err, HasSubstr("there is no store in")) << name;
  }
  EXPECT_TRUE(fs::is_empty(in("empty")));
  EXPECT_EQ(run({"backup"}, in("empty")).status.code, 2);
  EXPECT_EQ(run({"restore", in("none")}, in("empty")).status.code, 1);
  EXPECT_EQ(run({"backup", "/proc/none/copy.mdb"}, in("empty")).status.code, 1);
}

TEST_F(DamageProgramTest, TakesDirectoriesForBackups) {
  make_store();
  ASSERT_EQ(run({"backup", in("copies").string() + "/"}, data()).status.code, 0);
  EXPECT_TRUE(fs::exists(in("copies") / "data.mdb"));
  EXPECT_EQ(run({"restore", in("copies")}, in("other")).status.code, 0);
  EXPECT_EQ(run({"check"}, in("other")).status.code, 0);
}

TEST_F(DamageProgramTest, StreamsToStandardOutput) {
  make_store();
  const auto copied = run({"backup", "-"}, data());
  ASSERT_EQ(copied.status.code, 0) << copied.err;
  std::ofstream{in("copy.mdb"), std::ios::binary} << copied.out;
  EXPECT_EQ(run({"check", "--file", in("copy.mdb")}).status.code, 0);
}

TEST_F(DamageProgramTest, DirectoriesThatMayNotBeReadAreNoDamage) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  make_store();
  fs::permissions(data(), fs::perms::none);
  const auto checked = run({"check"}, data());
  fs::permissions(data(), fs::perms::owner_all);
  EXPECT_EQ(checked.status.code, 1) << checked.err;
}

}  // namespace
}  // namespace mentat_sync
