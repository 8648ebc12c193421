// How the program ends: drained and with 0 on the first signal, at once on the second.
#include "support/server_process.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace mentat_sync {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr ExitStatus exited(int code) {
  return {.code = code, .signal = {}};
}

/// A TCP connection to the server, for requests that are sent in parts.
class Connection {
 public:
  explicit Connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool connected() const { return connected_; }

  void send(std::string_view text) const {
    ASSERT_EQ(::send(socket_, text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }

  /// All until the server closes.
  std::string receive_all() const {
    std::string received;
    char part[4096];
    ssize_t size = 0;
    while ((size = ::recv(socket_, part, sizeof part, 0)) > 0) {
      received.append(part, static_cast<std::size_t>(size));
    }
    return received;
  }

 private:
  int socket_;
  bool connected_ = false;
};

constexpr std::string_view put_head =
    "PUT /0.1/2b4ea1f0-6b4a-4c69-9b2a-8f2a6bd50f63/chunks/a "
    "HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n";

/// Waits until the server's log has `event`, for what a signal starts.
void await_event(ServerProcess& server, const std::string& event) {
  const auto quoted = "\"event\":\"" + event + "\"";
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (server.process().err().find(quoted) == std::string::npos) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << server.process().err();
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
}

class SignalTest : public ::testing::TestWithParam<int> {};

TEST_P(SignalTest, DrainsAndExitsWith0) {
  ServerProcess server;
  server.process().signal(GetParam());
  EXPECT_EQ(server.process().wait(), exited(0)) << server.process().err();
  EXPECT_THAT(server.process().err(), HasSubstr("\"event\":\"draining\""));
  EXPECT_THAT(server.process().err(), HasSubstr("\"event\":\"stopped\""));
}

TEST_P(SignalTest, ExitsAtOnceTheSecondTime) {
  ServerProcess server({.data = {},
                        .listen = "127.0.0.1:0",
                        .arguments = {"--drain-timeout", "60s"},
                        .environment = {}});
  const Connection unfinished(server.port());
  ASSERT_TRUE(unfinished.connected());
  unfinished.send(put_head);
  std::this_thread::sleep_for(std::chrono::milliseconds{300});  // until it has been read
  server.process().signal(SIGTERM);
  await_event(server, "draining");
  std::this_thread::sleep_for(std::chrono::milliseconds{100});
  ASSERT_TRUE(server.process().running()) << server.process().err();
  server.process().signal(GetParam());
  EXPECT_EQ(server.process().wait(std::chrono::seconds{10}), exited(128 + GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Shutdown, SignalTest, ::testing::Values(SIGTERM, SIGINT));

/// A terminal that programs can write to.
class Terminal {
 public:
  Terminal() : descriptor_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    if (::grantpt(descriptor_) != 0 || ::unlockpt(descriptor_) != 0) return;
    char name[64];
    if (::ptsname_r(descriptor_, name, sizeof name) == 0) name_ = name;
  }
  ~Terminal() { ::close(descriptor_); }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// Empty: there is none.
  const std::string& name() const { return name_; }

  /// What is written to it, up to `word` and somewhat more.
  std::string read_until(std::string_view word) const {
    std::string seen;
    char part[4096];
    pollfd readable{.fd = descriptor_, .events = POLLIN, .revents = 0};
    while (seen.find(word) == seen.npos && ::poll(&readable, 1, 20'000) > 0) {
      const auto size = ::read(descriptor_, part, sizeof part);
      if (size <= 0) break;
      seen.append(part, static_cast<std::size_t>(size));
    }
    return seen;
  }

 private:
  int descriptor_;
  std::string name_;
};

TEST(Shutdown, TellsThatTheTerminalHasGone) {
  const Terminal terminal;
  ASSERT_NE(terminal.name(), "");
  const TemporaryDirectory data;
  std::vector<std::string> command{"/bin/sh", "-c", "exec \"$@\" 2>\"$0\"", terminal.name()};
  for (auto& word : program_command({"serve", "--listen", "127.0.0.1:0", "--data",
                                     data.path().string(), "--log-format", "json"})) {
    command.push_back(std::move(word));
  }
  ChildProcess server{{.command = command, .environment = {}, .working_directory = {}}};
  EXPECT_THAT(terminal.read_until("\"listening\""), HasSubstr("\"listening\""));
  server.signal(SIGHUP);
  EXPECT_THAT(terminal.read_until("\"stopped\""), HasSubstr("\"signal\":\"SIGHUP\""));
  EXPECT_EQ(server.wait(), exited(0));
}

TEST(Shutdown, AnswersARequestThatHasBegun) {
  ServerProcess server;
  const Connection connection(server.port());
  ASSERT_TRUE(connection.connected());
  connection.send(put_head);
  std::this_thread::sleep_for(std::chrono::milliseconds{300});
  server.process().signal(SIGTERM);
  await_event(server, "draining");
  connection.send("body");
  EXPECT_THAT(connection.receive_all(), StartsWith("HTTP/1.1 201 "));
  EXPECT_EQ(server.process().wait(), exited(0)) << server.process().err();
}

TEST(Shutdown, DoesNotWaitForIdleConnections) {
  ServerProcess server;
  const Connection idle(server.port());
  ASSERT_TRUE(idle.connected());
  EXPECT_EQ(server.terminate(std::chrono::seconds{8}), exited(0)) << server.process().err();
}

TEST(Shutdown, ClosesWhatHasNotEndedAfterTheDrainTimeout) {
  ServerProcess server({.data = {},
                        .listen = "127.0.0.1:0",
                        .arguments = {"--drain-timeout", "500ms"},
                        .environment = {}});
  const Connection unfinished(server.port());
  ASSERT_TRUE(unfinished.connected());
  unfinished.send(put_head);
  std::this_thread::sleep_for(std::chrono::milliseconds{300});
  EXPECT_EQ(server.terminate(std::chrono::seconds{8}), exited(0)) << server.process().err();
}

TEST(Shutdown, OutlivesAPeerThatIsGone) {
  ServerProcess server;
  for (int i = 0; i < 50; ++i) {
    const Connection gone(server.port());
    ASSERT_TRUE(gone.connected());
    gone.send("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  EXPECT_EQ(server.terminate(), exited(0)) << server.process().err();
}

}  // namespace
}  // namespace mentat_sync
