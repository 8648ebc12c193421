// What the service manager (systemd) is told of the server, and what it hands over: sockets that
// listen already. Without one, or built with MENTAT_SYNC_WITH_SYSTEMD=OFF, nothing happens.
//
// Thread-safety: telling, from any thread; inherited_sockets() before threads start.
// Failures: a service manager that cannot be reached is not told; a server must not end for it.
// Source: sd_notify(3), sd_listen_fds(3), sd_watchdog_enabled(3).
#pragma once

#include "cli/listen_address.hpp"
#include "storage/result.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace mentat_sync {

/// `status` is a line for a person, which `systemctl status` shows; empty: the one before stays.
void notify_ready(const std::string& status = {});
/// Until the next notify_ready().
void notify_reloading();
/// Ending takes at most so long, however short the service manager's own patience is.
void notify_stopping(const std::string& status, std::chrono::microseconds at_most);

/// Descriptors of listening TCP sockets, the caller's from now on; none when none were handed over.
/// A failure when something else was.
Result<std::vector<int>> inherited_sockets();

/// Where a TCP socket listens; nothing for any other.
std::optional<ListenAddress> address_of_socket(int socket);

/// Answers the service manager's watchdog, when it has one, for as long as the server is well; once
/// it is not, the service manager ends it and starts it anew.
class Watchdog {
 public:
  /// Called on a thread of its own, at most every half of the watchdog's time; may take long.
  using IsWell = std::function<bool()>;

  explicit Watchdog(IsWell is_well);
  /// Waits for a call of `is_well` that has begun.
  ~Watchdog() = default;
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  void run(const std::stop_token& stopped, std::chrono::microseconds interval);

  IsWell is_well_;
  /// Only for waiting until it is stopped.
  std::mutex mutex_;
  std::condition_variable_any stopping_;
  // Last: its end uses what stands above.
  std::jthread thread_;
};

}  // namespace mentat_sync
