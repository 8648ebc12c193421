// What the program tells a service manager: this test is one, with a socket of its own.
#include "cli/notify_socket.hpp"
#include "support/http_client.hpp"
#include "support/server_process.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace mentat_sync {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr ExitStatus exited_well{.code = 0, .signal = {}};

ServerProcessOptions told_to(const NotifySocket& socket) {
  return {.data = {},
          .listen = "127.0.0.1:0",
          .arguments = {"--drain-timeout", "7s"},
          .environment = {{"NOTIFY_SOCKET", socket.path()}}};
}

TEST(ServiceManager, IsToldWhereTheServerListens) {
  const NotifySocket told;
  ServerProcess server(told_to(told));
  EXPECT_EQ(told.next(), "READY=1\nSTATUS=Listening on " + server.address());
}

TEST(ServiceManager, IsToldThatItStopsAndHowLongThatMayTake) {
  const NotifySocket told;
  ServerProcess server(told_to(told));
  EXPECT_THAT(told.next(), StartsWith("READY=1\n"));
  server.process().signal(SIGTERM);
  EXPECT_EQ(told.next(), "STOPPING=1\nEXTEND_TIMEOUT_USEC=37000000\nSTATUS=Draining");
  EXPECT_EQ(server.process().wait(), exited_well) << server.process().err();
}

TEST(ServiceManager, IsToldOfReloading) {
  const NotifySocket told;
  ServerProcess server(told_to(told));
  EXPECT_THAT(told.next(), StartsWith("READY=1\n"));
  server.process().signal(SIGHUP);
  EXPECT_THAT(told.next(), StartsWith("RELOADING=1\nMONOTONIC_USEC="));
  EXPECT_EQ(told.next(), "READY=1");
  EXPECT_EQ(server.terminate(), exited_well) << server.process().err();
}

TEST(ServiceManager, HasItsWatchdogAnsweredAgainAndAgain) {
  const NotifySocket told;
  auto options = told_to(told);
  options.environment.emplace_back("WATCHDOG_USEC", "100000");
  ServerProcess server(options);
  EXPECT_THAT(told.next(), StartsWith("READY=1\n"));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(told.next(), "WATCHDOG=1");
  EXPECT_EQ(server.terminate(), exited_well) << server.process().err();
}

TEST(ServiceManager, HasNoWatchdogAnsweredThatItHasNot) {
  const NotifySocket told;
  ServerProcess server(told_to(told));
  EXPECT_EQ(server.terminate(), exited_well) << server.process().err();
  EXPECT_THAT(told.next(), StartsWith("READY=1\n"));
  EXPECT_THAT(told.next(), StartsWith("STOPPING=1\n"));
}

TEST(ServiceManager, IsNotWaitedForWhenItIsGone) {
  ServerProcess server(
      {.data = {},
       .listen = "127.0.0.1:0",
       .arguments = {},
       .environment = {{"NOTIFY_SOCKET", "/nowhere/notify"}, {"WATCHDOG_USEC", "100000"}}});
  EXPECT_EQ(server.terminate(), exited_well) << server.process().err();
}

/// A TCP socket on a port that the system chose, as a service manager holds one for the server.
class ListeningSocket {
 public:
  explicit ListeningSocket(int type = SOCK_STREAM) : socket_(::socket(AF_INET, type, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(socket_, any, size), 0);
    if (type == SOCK_STREAM) {
      EXPECT_EQ(::listen(socket_, 16), 0);
    }
    EXPECT_EQ(::getsockname(socket_, any, &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~ListeningSocket() { ::close(socket_); }
  ListeningSocket(const ListeningSocket&) = delete;
  ListeningSocket& operator=(const ListeningSocket&) = delete;

  std::uint16_t port() const { return port_; }

  /// The server, started with the socket as its descriptor 3; see sd_listen_fds(3).
  ChildProcess::Options start(const std::filesystem::path& data, const NotifySocket& told) const {
    auto command = program_command({"serve", "--listen", "127.0.0.1:1", "--data", data});
    const auto script =
        "LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\" \"$@\" 3<&" + std::to_string(socket_);
    command.insert(command.begin(), {"/bin/bash", "-c", script});
    return {.command = std::move(command),
            .environment = {{"NOTIFY_SOCKET", told.path()}},
            .working_directory = {}};
  }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

TEST(ServiceManager, HandsOverTheSocketThatIsServed) {
  const NotifySocket told;
  const TemporaryDirectory data;
  const ListeningSocket socket;
  ChildProcess server(socket.start(data.path() / "store", told));
  EXPECT_THAT(told.next(),
              HasSubstr("STATUS=Listening on 127.0.0.1:" + std::to_string(socket.port())));
  HttpClient client(socket.port());
  EXPECT_EQ(client.request({.target = "/__lbheartbeat__"}).status, 200U);
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(), exited_well) << server.err();
}

TEST(ServiceManager, KeepsTheSocketWhileTheServerStartsAnew) {
  const NotifySocket told;
  const TemporaryDirectory data;
  const ListeningSocket socket;
  for (int i = 0; i < 2; ++i) {
    // Asked before there is anyone to answer: the question waits.
    HttpConnection early(socket.port());
    ASSERT_TRUE(early.send("GET /__lbheartbeat__ HTTP/1.1\r\nHost: x\r\n\r\n"));
    ChildProcess server(socket.start(data.path() / "store", told));
    EXPECT_EQ(early.receive().status, 200U);
    server.signal(SIGTERM);
    EXPECT_EQ(server.wait(), exited_well) << server.err();
  }
}

TEST(ServiceManager, IsToldWhenWhatItHandsOverIsNoSocketToListenOn) {
  const NotifySocket told;
  const TemporaryDirectory data;
  const ListeningSocket datagrams(SOCK_DGRAM);
  ChildProcess server(datagrams.start(data.path() / "store", told));
  EXPECT_EQ(server.wait(), (ExitStatus{.code = 1, .signal = {}}));
  EXPECT_THAT(server.err(), HasSubstr("is no listening TCP socket"));
}

TEST(ServiceManager, CanEndItWhileItStarts) {
  const NotifySocket told;
  const TemporaryDirectory data;
  ChildProcess server({.command = program_command(
                           {"serve", "--listen", "127.0.0.1:0", "--data", data.path() / "store"}),
                       .environment = {{"NOTIFY_SOCKET", told.path()}},
                       .working_directory = {}});
  // From when its directory is there on, it takes signals; until then one ends it as any process.
  while (!std::filesystem::exists(data.path() / "store") && server.running()) {
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  server.signal(SIGTERM);
  EXPECT_EQ(server.wait(), exited_well) << server.err();
  EXPECT_THAT(told.next(), StartsWith("READY=1\n"));
  EXPECT_THAT(told.next(), AllOf(StartsWith("STOPPING=1\n"), HasSubstr("Draining")));
}

}  // namespace
}  // namespace mentat_sync
