// Faults: kill -9 under load, again and again: nothing that was acknowledged is ever lost, and a
// push is there whole or not at all. And SIGTERM, after which what was applied was also answered.
// MENTAT_SYNC_KILLS makes it longer; `./dev soak --kills N` is the same.
#include "kill_run.hpp"
#include "support/server_process.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <thread>

namespace mentat_sync {
namespace {

/// On a machine that is so slow that these take longer, they take longer.
constexpr std::size_t fewest_kills = 20;
constexpr std::chrono::seconds shortest_run{20};

TEST(Crash, LosesNothingAcknowledgedAndLeavesEachPushWholeOrNotAtAll) {
  const char* text = std::getenv("MENTAT_SYNC_KILLS");
  if (text != nullptr) {
    EXPECT_TRUE(run_kills(static_cast<std::size_t>(std::atoi(text)), std::chrono::seconds{0}));
  } else {
    EXPECT_TRUE(run_kills(fewest_kills, shortest_run));
  }
}

/// Three times: `work` until the server has ended as it was told to, and then `verify`.
void terminate_under(const std::function<void(std::uint16_t)>& work,
                     const std::function<void(std::uint16_t)>& verify) {
  ServerProcess server;
  for (int cycle = 0; cycle < 3; ++cycle) {
    std::jthread device{[&work, port = server.port()] { work(port); }};
    std::this_thread::sleep_for(std::chrono::milliseconds{150});
    const ExitStatus clean_exit{.code = 0, .signal = {}};
    EXPECT_EQ(server.terminate(), clean_exit) << server.process().err();
    device.join();
    server.start();
    verify(server.port());
  }
}

TEST(Termination, UnderLoadAnswersWhatItApplied) {
  UploadLedger ledger{2};
  terminate_under([&](std::uint16_t port) { ledger.upload(port); },
                  [&](std::uint16_t port) { ledger.verify(port); });
}

TEST(Termination, AnswersThePushesThatItApplied) {
  PushLedger ledger{3};
  terminate_under([&](std::uint16_t port) { ledger.push_until_gone(port); },
                  [&](std::uint16_t port) { ledger.verify(port); });
  EXPECT_EQ(ledger.applied_in_flight(), 0U) << "applied, but not answered";
}

}  // namespace
}  // namespace mentat_sync
