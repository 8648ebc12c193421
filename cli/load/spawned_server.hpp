// SpawnedServer: a server of the load tool's own, on a port that the system chose, with a store
// that goes with it.
//
// Thread-safety: start it from the main thread, before others start: it forks. What is const may be
// asked from any thread.
// Ownership: the destructor ends the server and removes its directory; when this process is killed,
// its keeper does (see server_keeper.hpp).
// Failures: a Status with the end of the server's log; ErrorCode::invalid: the server does not take
// its arguments.
#pragma once

#include "cli/load/load_options.hpp"
#include "cli/load/server_keeper.hpp"
#include "http/client/interrupter.hpp"
#include "http/client/server_url.hpp"
#include "storage/result.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace mentat_sync {

class SpawnedServer {
 public:
  /// `program`: this one; another one in tests.
  static Result<std::unique_ptr<SpawnedServer>> start(
      const LoadOptions& options, const Interrupter& interrupter,
      const std::filesystem::path& program = "/proc/self/exe");
  ~SpawnedServer();
  SpawnedServer(const SpawnedServer&) = delete;
  SpawnedServer& operator=(const SpawnedServer&) = delete;

  const ServerUrl& url() const { return *url_; }
  /// It has not ended by itself.
  bool running() const { return !ends_within(std::chrono::milliseconds{0}); }
  /// Waits for its end, but no longer than that.
  bool ends_within(std::chrono::milliseconds time) const;
  /// The last lines of what it wrote.
  std::string log_end() const;
  /// Of its store and its log.
  const std::filesystem::path& directory() const { return directory_; }

 private:
  explicit SpawnedServer(std::filesystem::path directory) : directory_(std::move(directory)) {}

  std::filesystem::path log() const { return directory_ / "log"; }
  Status launch(const LoadOptions& options, const std::filesystem::path& program);
  Status await_listening(const Interrupter& interrupter);
  bool read_address();
  Status why_not_running() const;

  std::filesystem::path directory_;
  ServerKeeper keeper_;
  std::optional<ServerUrl> url_;
};

}  // namespace mentat_sync
