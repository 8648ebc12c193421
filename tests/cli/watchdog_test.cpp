// The watchdog within one process: whether it is answered is the server's health's to say.
#include "cli/environment_variable.hpp"
#include "cli/notify_socket.hpp"
#include "cli/service_manager.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

namespace mentat_sync {
namespace {

void await_calls(const std::atomic<int>& calls, int count) {
  while (calls < count) std::this_thread::sleep_for(std::chrono::milliseconds{1});
}

class WatchdogTest : public ::testing::Test {
 protected:
  const NotifySocket told{std::chrono::seconds{0}};
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
