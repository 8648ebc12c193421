// libsystemd's functions do nothing where no service manager has set their variables.
#include "cli/service_manager.hpp"

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <netdb.h>
#include <sys/socket.h>
#include <utility>

#if MENTAT_SYNC_WITH_SYSTEMD
#include <ctime>
#include <systemd/sd-daemon.h>
#endif

namespace mentat_sync {
namespace {

#if MENTAT_SYNC_WITH_SYSTEMD

void notify(const std::string& message) {
  ::sd_notify(0, message.c_str());
}

/// Which service managers from 253 on want beside RELOADING=1, to tell it from an earlier one.
std::string monotonic_us() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::to_string(static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000);
}

/// Zero: there is no watchdog.
std::chrono::microseconds watchdog_interval() {
  std::uint64_t us = 0;
  if (::sd_watchdog_enabled(0, &us) <= 0) return {};
  return std::chrono::microseconds{us};
}

#else

void notify(const std::string&) {}
std::string monotonic_us() {
  return {};
}
std::chrono::microseconds watchdog_interval() {
  return {};
}

#endif

/// A status is one line.
std::string status_line(std::string text) {
  if (text.empty()) return {};
  std::replace(text.begin(), text.end(), '\n', ' ');
  return "\nSTATUS=" + text;
}

/// Signals are main's: a thread that could take one would end the process where main waits for it.
std::jthread start_without_signals(std::function<void(std::stop_token)> run) {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  std::jthread thread{std::move(run)};
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

}  // namespace

void notify_ready(const std::string& status) {
  notify("READY=1" + status_line(status));
}

void notify_reloading() {
  notify("RELOADING=1\nMONOTONIC_USEC=" + monotonic_us());
}

void notify_stopping(const std::string& status, std::chrono::microseconds at_most) {
  notify("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + std::to_string(at_most.count()) +
         status_line(status));
}

#if MENTAT_SYNC_WITH_SYSTEMD
Result<std::vector<int>> inherited_sockets() {
  // The variables are for this process only: it takes them out of the environment.
  const int count = ::sd_listen_fds(1);
  std::vector<int> sockets;
  for (int i = 0; i < count; ++i) {
    const int socket = SD_LISTEN_FDS_START + i;
    if (::sd_is_socket_inet(socket, AF_UNSPEC, SOCK_STREAM, 1, 0) <= 0) {
      return Status{ErrorCode::invalid,
                    "descriptor " + std::to_string(socket) +
                        " that the service manager handed over is no listening TCP socket; see "
                        "ListenStream= of its socket unit"};
    }
    sockets.push_back(socket);
  }
  return sockets;
}
#else
Result<std::vector<int>> inherited_sockets() {
  return std::vector<int>{};
}
#endif

std::optional<ListenAddress> address_of_socket(int socket) {
  sockaddr_storage address{};
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  char host[NI_MAXHOST];
  char port[NI_MAXSERV];
  if (::getsockname(socket, any, &size) != 0) return {};
  if (::getnameinfo(any, size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return {};
  }
  if (address.ss_family != AF_INET && address.ss_family != AF_INET6) return {};
  return ListenAddress{host, static_cast<std::uint16_t>(std::stoul(port))};
}

Watchdog::Watchdog(IsWell is_well) : is_well_(std::move(is_well)) {
  const auto interval = watchdog_interval();
  if (interval.count() == 0) return;
  thread_ = start_without_signals(
      [this, interval](const std::stop_token& stopped) { run(stopped, interval / 2); });
}

void Watchdog::run(const std::stop_token& stopped, std::chrono::microseconds interval) {
  std::unique_lock lock{mutex_};
  while (!stopped.stop_requested()) {
    if (is_well_()) notify("WATCHDOG=1");
    stopping_.wait_for(lock, stopped, interval, [] { return false; });
  }
}

}  // namespace mentat_sync
