// Faults: kill -9 under load, again and again: nothing that was acknowledged is ever lost.
// MENTAT_SYNC_CRASH_CYCLES makes it longer.
#include "support/server_process.hpp"
#include "upload_ledger.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <thread>

namespace mentat_sync {
namespace {

constexpr int default_cycles = 15;
constexpr std::size_t uploaders = 4;
constexpr int longest_load_ms = 350;

int cycles() {
  const char* text = std::getenv("MENTAT_SYNC_CRASH_CYCLES");
  return text != nullptr ? std::atoi(text) : default_cycles;
}

TEST(Crash, LosesNothingAcknowledged) {
  std::mt19937_64 random{std::random_device{}()};
  std::vector<UploadLedger> ledgers;
  for (std::size_t i = 0; i < uploaders; ++i) ledgers.emplace_back(random());
  ServerProcess server;
  for (int cycle = 0; cycle < cycles() && !testing::Test::HasFailure(); ++cycle) {
    SCOPED_TRACE("cycle " + std::to_string(cycle));
    {
      std::vector<std::jthread> threads;
      for (auto& ledger : ledgers) {
        threads.emplace_back([&ledger, port = server.port()] { ledger.upload(port); });
      }
      std::this_thread::sleep_for(std::chrono::milliseconds{10 + random() % longest_load_ms});
      server.kill();
    }
    server.start();
    for (auto& ledger : ledgers) ledger.verify(server.port());
  }
  std::size_t acknowledged = 0;
  for (const auto& ledger : ledgers) acknowledged += ledger.acknowledged();
  std::cout << acknowledged << " acknowledged in " << cycles() << " cycles\n";
  EXPECT_GT(acknowledged, 0U);
}

TEST(Crash, DuringStartUpDoesNoHarm) {
  UploadLedger ledger{1};
  ServerProcess server;
  std::jthread uploader{[&ledger, port = server.port()] { ledger.upload(port); }};
  std::this_thread::sleep_for(std::chrono::milliseconds{100});
  server.kill();
  uploader.join();
  for (int cycle = 0; cycle < 5; ++cycle) {
    // Killed at a moment between its first instruction and its first request.
    ChildProcess starting{{.command = program_command({"serve", "--listen", "127.0.0.1:0", "--data",
                                                       server.data().string()}),
                           .environment = {},
                           .working_directory = {}}};
    std::this_thread::sleep_for(std::chrono::milliseconds{cycle * 8});
    starting.kill();
  }
  server.start();
  ledger.verify(server.port());
}

TEST(Crash, TerminationUnderLoadAnswersWhatItApplied) {
  UploadLedger ledger{2};
  ServerProcess server;
  for (int cycle = 0; cycle < 3; ++cycle) {
    std::jthread uploader{[&ledger, port = server.port()] { ledger.upload(port); }};
    std::this_thread::sleep_for(std::chrono::milliseconds{150});
    const ExitStatus clean_exit{.code = 0, .signal = {}};
    EXPECT_EQ(server.terminate(), clean_exit) << server.process().err();
    uploader.join();
    server.start();
    ledger.verify(server.port());
  }
}

}  // namespace
}  // namespace mentat_sync
