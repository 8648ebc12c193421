// Faults: kill -9 in the middle of pushes: each is there whole or not at all, and all that were
// acknowledged are. MENTAT_SYNC_CRASH_CYCLES makes it longer.
#include "push_ledger.hpp"
#include "support/server_process.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <thread>

namespace mentat_sync {
namespace {

constexpr int default_cycles = 15;
constexpr std::size_t pushers = 4;
constexpr int longest_load_ms = 300;

int cycles() {
  const char* text = std::getenv("MENTAT_SYNC_CRASH_CYCLES");
  return text != nullptr ? std::atoi(text) : default_cycles;
}

void crash_again_and_again(const ServerProcessOptions& options) {
  std::mt19937_64 random{std::random_device{}()};
  std::vector<PushLedger> ledgers;
  for (std::size_t i = 0; i < pushers; ++i) ledgers.emplace_back(random());
  ServerProcess server{options};
  for (int cycle = 0; cycle < cycles() && !testing::Test::HasFailure(); ++cycle) {
    SCOPED_TRACE("cycle " + std::to_string(cycle));
    {
      std::vector<std::jthread> threads;
      for (auto& ledger : ledgers) {
        threads.emplace_back([&ledger, port = server.port()] { ledger.push_until_gone(port); });
      }
      std::this_thread::sleep_for(std::chrono::milliseconds{10 + random() % longest_load_ms});
      server.kill();
    }
    server.start();
    for (auto& ledger : ledgers) ledger.verify(server.port());
  }
  std::size_t acknowledged = 0;
  std::size_t applied = 0;
  std::size_t lost = 0;
  for (const auto& ledger : ledgers) {
    acknowledged += ledger.acknowledged();
    applied += ledger.applied_in_flight();
    lost += ledger.lost_in_flight();
  }
  std::cout << acknowledged << " acknowledged in " << cycles() << " cycles; of those in flight "
            << applied << " were applied, " << lost << " were not\n";
  EXPECT_GT(acknowledged, 0U);
}

TEST(PushCrash, LeavesEachPushWholeOrNotAtAll) {
  crash_again_and_again({});
}

TEST(PushCrash, AmongCollectionsTakesNothingThatIsCommitted) {
  ServerProcessOptions options;
  // Loose chunks stay: the ledgers count them.
  options.arguments = {"--gc-interval",        "10ms", "--gc-grace",    "0s",
                       "--gc-abandoned-after", "0s",   "--chunk-lease", "1h"};
  crash_again_and_again(options);
}

TEST(PushCrash, TerminationAnswersThePushesThatItApplied) {
  PushLedger ledger{3};
  ServerProcess server;
  for (int cycle = 0; cycle < 3; ++cycle) {
    std::jthread pusher{[&ledger, port = server.port()] { ledger.push_until_gone(port); }};
    std::this_thread::sleep_for(std::chrono::milliseconds{150});
    const ExitStatus clean_exit{.code = 0, .signal = {}};
    EXPECT_EQ(server.terminate(), clean_exit) << server.process().err();
    pusher.join();
    server.start();
    ledger.verify(server.port());
  }
  EXPECT_EQ(ledger.applied_in_flight(), 0U) << "applied, but not answered";
}

}  // namespace
}  // namespace mentat_sync
