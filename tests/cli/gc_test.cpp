// Collecting by oneself, looking only, and asking whoever has the store open.
#include "cli/gc.hpp"

#include "cli/exit_codes.hpp"
#include "cli/gc_report.hpp"
#include "cli/store_holder.hpp"
#include "local_store.hpp"
#include "storage/inspection.hpp"

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mentat_sync {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr CollectionRules at_once{milliseconds(0), milliseconds(0), milliseconds(0)};

/// What the command prints, and its exit code.
struct Ran {
  int exit_code = 0;
  std::string out;
  std::string err;
};

Ran run(const GcOptions& options) {
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  Ran ran;
  ran.exit_code = gc(options);
  ran.out = ::testing::internal::GetCapturedStdout();
  ran.err = ::testing::internal::GetCapturedStderr();
  return ran;
}

GcOptions options_for(const LocalStore& store, const CollectionRules& rules = at_once) {
  GcOptions options;
  options.data = store.directory();
  options.rules = rules;
  return options;
}

/// Another process that has the lock, as a server has it, until it gets SIGUSR1 or is killed.
class Holder {
 public:
  enum class Signals { taken, by_default, ignored };

  Holder(const std::filesystem::path& directory, Signals signals) {
    int ready[2];
    if (::pipe(ready) != 0) throw std::runtime_error("pipe");
    pid_ = ::fork();
    if (pid_ == 0) hold(directory, signals, ready[1]);
    char byte = 0;
    EXPECT_EQ(::read(ready[0], &byte, 1), 1);
    ::close(ready[0]);
    ::close(ready[1]);
  }
  ~Holder() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

  pid_t pid() const { return pid_; }
  bool running() const { return ::waitpid(pid_, nullptr, WNOHANG) == 0; }

  /// Waits for the end; whether the signal was taken.
  bool got_signal() {
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

 private:
  [[noreturn]] static void hold(const std::filesystem::path& directory, Signals signals,
                                int ready) {
    sigset_t usr1;
    ::sigemptyset(&usr1);
    ::sigaddset(&usr1, SIGUSR1);
    ::signal(SIGUSR1, signals == Signals::ignored ? SIG_IGN : SIG_DFL);
    if (signals == Signals::taken) {
      ::sigprocmask(SIG_BLOCK, &usr1, nullptr);
      ::signal(SIGUSR1, [](int) {});
    }
    const int lock = ::open((directory / "mentat-sync.lock").c_str(), O_RDWR | O_CREAT, 0600);
    const auto pid = std::to_string(::getpid()) + "\n";
    if (::flock(lock, LOCK_EX) != 0 || ::ftruncate(lock, 0) != 0 ||
        ::write(lock, pid.data(), pid.size()) < 0 || ::write(ready, "x", 1) != 1) {
      ::_exit(2);
    }
    ::alarm(60);  // never outlives a test that went wrong
    int number = 0;
    while (signals != Signals::taken) ::pause();
    ::_exit(::sigwait(&usr1, &number) == 0 && number == SIGUSR1 ? 0 : 1);
  }

  pid_t pid_ = -1;
};

TEST(GcOptions, AreThoseOfTheCommandLine) {
  CLI::App app;
  GcOptions options;
  add_gc(app, options);
  std::vector<std::string> arguments{
      "gc",        "--data", "there",         "--user", local_user.to_string(),
      "--dry-run", "--json", "--chunk-lease", "90s"};
  app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  EXPECT_EQ(options.data, "there");
  EXPECT_EQ(options.user, local_user);
  EXPECT_TRUE(options.dry_run);
  EXPECT_TRUE(options.json);
  EXPECT_EQ(options.rules.chunk_lease, std::chrono::seconds(90));
  EXPECT_EQ(options.rules.dead_grace, bounds::dead_grace);
}

TEST(Gc, CollectsByItselfWhenNoServerRuns) {
  const LocalStore store;
  store.put_forks();
  const auto ran = run(options_for(store));
  EXPECT_EQ(ran.exit_code, exit_codes::success) << ran.err;
  EXPECT_EQ(ran.out, local_user.to_string() +
                         "  2 transactions, 1 chunk, 3 B\n"
                         "collected from 1 user: 2 transactions, 1 chunk, 3 B\n");
  EXPECT_EQ(store.summary(local_user).chunk_count, 1U);
  EXPECT_EQ(store.summary(local_user).seq, 2U);
}

TEST(Gc, ADryRunSaysTheSameAndChangesNothing) {
  const LocalStore store;
  store.put_forks();
  auto options = options_for(store);
  options.dry_run = true;
  for (int i = 0; i < 2; ++i) {
    const auto ran = run(options);
    EXPECT_EQ(ran.exit_code, exit_codes::success) << ran.err;
    EXPECT_EQ(ran.out, local_user.to_string() +
                           "  2 transactions, 1 chunk, 3 B\n"
                           "would collect from 1 user: 2 transactions, 1 chunk, 3 B\n");
  }
  EXPECT_EQ(store.summary(local_user).chunk_count, 2U);
}

TEST(Gc, TakesNothingBeforeItsTime) {
  const LocalStore store;
  store.put_forks();
  const auto ran = run(options_for(store, {}));
  EXPECT_EQ(ran.exit_code, exit_codes::success) << ran.err;
  EXPECT_EQ(ran.out, "collected from 0 users: 0 transactions, 0 chunks, 0 B\n");
}

TEST(Gc, TakesOnlyOneUsersWhenToldTo) {
  const LocalStore store;
  store.put_forks();
  store.submit({PutChunk{other_local_user, *ChunkId::parse("b"), "1"}});
  auto options = options_for(store);
  options.user = other_local_user;
  options.json = true;
  const auto json = nlohmann::json::parse(run(options).out);
  EXPECT_EQ(json["total"]["chunks"], 1);
  ASSERT_EQ(json["users"].size(), 1U);
  EXPECT_EQ(json["users"][0]["user"], other_local_user.to_string());
  EXPECT_EQ(json["dry_run"], false);
  EXPECT_EQ(store.summary(local_user).chunk_count, 2U);
  EXPECT_EQ(store.summary(other_local_user).chunk_count, 0U);
}

TEST(Gc, MakesNoStoreWhereThereIsNone) {
  const TemporaryDirectory empty;
  GcOptions options;
  options.data = empty.path();
  EXPECT_EQ(run(options).exit_code, exit_codes::failure);
  EXPECT_THAT(run(options).err, HasSubstr("there is no store in"));
  options.dry_run = true;
  EXPECT_EQ(run(options).exit_code, exit_codes::failure);
  EXPECT_TRUE(std::filesystem::is_empty(empty.path()));
}

TEST(Gc, AsksTheServerThatHasTheStoreOpen) {
  const LocalStore store;
  store.put_forks();
  Holder server(store.directory(), Holder::Signals::taken);
  const auto ran = run(options_for(store));
  EXPECT_EQ(ran.exit_code, exit_codes::success) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("asked it (process " + std::to_string(server.pid()) + ")"));
  EXPECT_TRUE(server.got_signal());
}

TEST(Gc, LooksBesideAServer) {
  const LocalStore store;
  store.put_forks();
  const Holder server(store.directory(), Holder::Signals::taken);
  auto options = options_for(store);
  options.dry_run = true;
  EXPECT_THAT(run(options).out, HasSubstr("would collect from 1 user: 2 transactions"));
  EXPECT_TRUE(server.running());
}

TEST(Gc, SendsNoSignalThatWouldEndAProcess) {
  const LocalStore store;
  store.put_forks();
  const Holder other(store.directory(), Holder::Signals::by_default);
  const auto ran = run(options_for(store));
  EXPECT_EQ(ran.exit_code, exit_codes::failure);
  EXPECT_THAT(ran.err, HasSubstr("does not take SIGUSR1"));
  EXPECT_TRUE(other.running());
}

TEST(Gc, AnotherCollectionIsNoServer) {
  const LocalStore store;
  store.put_forks();
  const Holder other(store.directory(), Holder::Signals::ignored);
  EXPECT_EQ(run(options_for(store)).exit_code, exit_codes::failure);
  EXPECT_TRUE(other.running());
}

TEST(StoreHolder, IsNotWhoeverTheLockNamesByChance) {
  const TemporaryDirectory directory;
  std::ofstream(directory.path() / "mentat-sync.lock") << ::getpid() << '\n';
  const auto asked = ask_holder_to_collect(directory.path());
  ASSERT_FALSE(asked.ok());
  EXPECT_THAT(asked.status().message(), HasSubstr("does not have it open"));
}

TEST(StoreHolder, IsUnknownWhenTheLockNamesNone) {
  const TemporaryDirectory directory;
  for (const auto* text : {"", "server", "1", "-5", "0"}) {
    std::ofstream(directory.path() / "mentat-sync.lock") << text;
    const auto asked = ask_holder_to_collect(directory.path());
    ASSERT_FALSE(asked.ok());
    EXPECT_THAT(asked.status().message(), HasSubstr("does not say which process it is"));
  }
}

TEST(GcReport, SaysWhatIsLeftToLeases) {
  std::ostringstream out;
  GcReport report(out, std::nullopt, true, false);
  report.add(local_user, {1, 0, 0, 2, 2048});
  report.add(other_local_user, {});
  report.end();
  EXPECT_EQ(out.str(),
            local_user.to_string() +
                "  1 transaction, 0 chunks, 0 B; 2 more chunks, 2.0 KiB, once their "
                "leases have run out\n"
                "would collect from 1 user: 1 transaction, 0 chunks, 0 B; 2 more chunks, "
                "2.0 KiB, once their leases have run out\n");
}

}  // namespace
}  // namespace mentat_sync
