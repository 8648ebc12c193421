// The watchdog within one process: whether it is answered is the server's health's to say.
#include "cli/environment_variable.hpp"
#include "cli/service_manager.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

namespace mentat_sync {
namespace {

/// Where the service manager is told, without waiting for what does not come.
class NotifySocket {
 public:
  NotifySocket() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path().c_str(), sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~NotifySocket() { ::close(socket_); }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  std::string path() const { return directory_.path() / "notify"; }

  /// What has come; empty: nothing.
  std::string next() const {
    char message[256];
    const ssize_t size = ::recv(socket_, message, sizeof message, 0);
    return {message, size > 0 ? static_cast<std::size_t>(size) : 0};
  }

 private:
  TemporaryDirectory directory_;
  int socket_;
};

void await_calls(const std::atomic<int>& calls, int count) {
  while (calls < count) std::this_thread::sleep_for(std::chrono::milliseconds{1});
}

class WatchdogTest : public ::testing::Test {
 protected:
  const NotifySocket told;
  std::atomic<int> calls = 0;

 private:
  const EnvironmentVariable socket_{"NOTIFY_SOCKET", told.path()};
  const EnvironmentVariable interval_{"WATCHDOG_USEC", "10000"};
};

TEST_F(WatchdogTest, IsAnsweredWhileAllIsWell) {
  {
    const Watchdog watchdog([this] { return ++calls > 0; });
    await_calls(calls, 3);
  }
  EXPECT_EQ(told.next(), "WATCHDOG=1");
  EXPECT_EQ(told.next(), "WATCHDOG=1");
}

TEST_F(WatchdogTest, IsNotAnsweredWhileSomethingIsNot) {
  {
    const Watchdog watchdog([this] { return ++calls < 0; });
    await_calls(calls, 3);
  }
  EXPECT_EQ(told.next(), "");
}

TEST_F(WatchdogTest, IsAnsweredAgainOnceItIs) {
  {
    const Watchdog watchdog([this] { return ++calls >= 3; });
    await_calls(calls, 4);
  }
  EXPECT_EQ(told.next(), "WATCHDOG=1");
}

TEST(Watchdog, NobodyIsAskedWithoutOne) {
  std::atomic<int> calls = 0;
  {
    const Watchdog watchdog([&calls] { return ++calls > 0; });
  }
  EXPECT_EQ(calls, 0);
}

}  // namespace
}  // namespace mentat_sync
