// Waits are exact to microseconds where the kernel can (Linux 5.11): iterations are due at times.
#include "cli/load/event_loop.hpp"

#include "cli/load/load_bounds.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/epoll.h>
#include <system_error>
#include <unistd.h>

namespace mentat_sync {
namespace {

thread_local std::array<epoll_event, load_bounds::events_at_once> events;

}  // namespace

EventLoop::EventLoop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

EventLoop::~EventLoop() {
  ::close(epoll_);
}

void EventLoop::watch(int descriptor, Source& source) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &source;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

int EventLoop::wait(Clock::time_point until) {
  using std::chrono::nanoseconds;
  const auto left = std::max<nanoseconds>(until - Clock::now(), nanoseconds{0});
  if (precise_) {
    constexpr std::int64_t second = 1'000'000'000;
    timespec time{};
    time.tv_sec = left.count() / second;
    time.tv_nsec = left.count() % second;
    const int count = ::epoll_pwait2(epoll_, events.data(), events.size(), &time, nullptr);
    if (count >= 0 || errno != ENOSYS) return count;
    precise_ = false;
  }
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  return ::epoll_wait(epoll_, events.data(), events.size(), static_cast<int>(ms));
}

void EventLoop::turn(Clock::time_point until) {
  if (waking_) until = {};
  if (!sleepers_.empty()) until = std::min(until, sleepers_.top().until);
  const int count = wait(until);
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    const bool hung_up = (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    static_cast<Source*>(event.data.ptr)->on_ready(hung_up);
  }
  wake_due();
}

void EventLoop::wake_due() {
  if (sleepers_.empty()) {
    waking_ = false;
    return;
  }
  // Those who fall asleep again are not looked at before the next turn.
  const auto now = Clock::now();
  std::vector<std::coroutine_handle<>> due;
  while (!sleepers_.empty() && (waking_ || sleepers_.top().until <= now)) {
    due.push_back(sleepers_.top().coroutine);
    sleepers_.pop();
  }
  waking_ = false;
  for (const auto coroutine : due) coroutine.resume();
}

}  // namespace mentat_sync
