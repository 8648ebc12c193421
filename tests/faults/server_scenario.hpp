// ServerScenario: a whole server in this process (connections, actors, store), which a client
// writes to in every way; whatever fails meanwhile.
//
// Thread-safety: one thread.
// Failures: reported through GoogleTest: what is stored is not what was answered.
#pragma once

#include "fault_runs.hpp"
#include "store_ledger.hpp"
#include "support/http_client.hpp"

#include <cstddef>
#include <filesystem>
#include <string>

namespace mentat_sync {

class SyncClient;

class ServerScenario final : public Scenario {
 public:
  explicit ServerScenario(std::filesystem::path directory);

  void run() override;
  void expect_sound() override;

  /// Requests answered with 2xx.
  std::size_t succeeded() const { return succeeded_; }

 private:
  /// False when the server cannot start.
  bool serve_once();
  void talk(std::uint16_t port);
  void upload(SyncClient& client);
  void publish(SyncClient& client);
  void push(SyncClient& client);
  void read(SyncClient& client);
  template <class Request>
  void note(const Command& command, Request request);

  const std::filesystem::path directory_;
  StoreLedger ledger_;
  std::size_t succeeded_ = 0;
};

}  // namespace mentat_sync
