// NotifySocket: where a service manager is told how a service is; see sd_notify(3).
//
// Thread-safety: one thread. Failures: fails the test that it is made in.
#pragma once

#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace mentat_sync {

class NotifySocket {
 public:
  /// How long next() waits; zero: it does not.
  explicit NotifySocket(std::chrono::seconds patience = std::chrono::seconds{20})
      : socket_(::socket(AF_UNIX, SOCK_DGRAM | (patience.count() == 0 ? SOCK_NONBLOCK : 0), 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path().c_str(), sizeof address.sun_path - 1);
    const timeval time{.tv_sec = patience.count(), .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~NotifySocket() { ::close(socket_); }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  std::string path() const { return directory_.path() / "notify"; }

  /// The next message; empty when none comes.
  std::string next() const {
    char message[1024];
    const ssize_t size = ::recv(socket_, message, sizeof message, 0);
    return {message, size > 0 ? static_cast<std::size_t>(size) : 0};
  }

 private:
  TemporaryDirectory directory_;
  int socket_;
};

}  // namespace mentat_sync
