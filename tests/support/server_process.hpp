// ServerProcess: `mentat-sync serve` as a child process, on a port that the system chose.
//
// Thread-safety, ownership and lifetime: as ChildProcess, which it starts.
// Failures: throws std::runtime_error with what the server wrote.
#pragma once

#include "support/child_process.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace mentat_sync {

struct ServerProcessOptions {
  /// Empty: a temporary directory, which lives as long as the ServerProcess (restarts included).
  std::filesystem::path data;
  std::string listen = "127.0.0.1:0";
  /// Further arguments of `serve`.
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> environment;
  /// Generous, for sanitizers on a loaded machine.
  std::chrono::milliseconds start_timeout{30'000};
};

class ServerProcess {
 public:
  /// Starts it and waits until it says that it listens.
  explicit ServerProcess(ServerProcessOptions options = {});

  /// Starts it again on the same data, after it ended; the port may be another.
  void start();
  /// SIGTERM, and waits for the end. Nothing when it still runs after `timeout`.
  std::optional<ExitStatus> terminate(std::chrono::milliseconds timeout = std::chrono::seconds{30});
  /// kill -9, and waits for the end.
  void kill() { process().kill(); }

  std::uint16_t port() const { return port_; }
  /// As logged: "127.0.0.1:41231".
  const std::string& address() const { return address_; }
  const std::filesystem::path& data() const { return options_.data; }
  ChildProcess& process() { return *process_; }

 private:
  void await_listening();

  TemporaryDirectory own_data_;
  ServerProcessOptions options_;
  std::unique_ptr<ChildProcess> process_;
  std::string address_;
  std::uint16_t port_ = 0;
};

/// The value of `field` in the first JSON log line of `log` whose event is `event`; empty when
/// there is none. A line that is still being written does not count.
std::string logged_field(const std::string& log, const std::string& event,
                         const std::string& field);

/// The program's path and the given arguments, for ChildProcess.
std::vector<std::string> program_command(std::vector<std::string> arguments);

}  // namespace mentat_sync
