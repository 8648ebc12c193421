// PinnedServer: the program under test on one processor and the caller on another.
//
// Thread-safety: as ServerProcess, whose failures are its failures.
// Ownership: the data directory is the caller's; the server ends with the object.
#pragma once

#include "bench/processors.hpp"
#include "support/server_process.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mentat_sync {

class PinnedServer {
 public:
  explicit PinnedServer(std::filesystem::path data, std::vector<std::string> arguments = {}) {
    ServerProcessOptions options;
    options.data = std::move(data);
    options.arguments = std::move(arguments);
    options.arguments.insert(options.arguments.end(), {"--threads", "1"});
    pin_to(0);
    server_.emplace(std::move(options));
    pin_to(1);
  }

  std::uint16_t port() const { return server_->port(); }
  pid_t pid() { return server_->process().pid(); }
  /// SIGTERM, and waits for the end; a server that does not end is killed.
  void end() {
    server_->terminate();
    server_.reset();
  }

 private:
  std::optional<ServerProcess> server_;
};

}  // namespace mentat_sync
