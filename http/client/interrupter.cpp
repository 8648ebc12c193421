// An eventfd that is written once and never read, so that it stays readable.
#include "http/client/interrupter.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace mentat_sync {

Interrupter::Interrupter() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Interrupter::~Interrupter() {
  ::close(descriptor_);
}

void Interrupter::interrupt() noexcept {
  const int kept = errno;  // a signal handler must not change it
  const std::uint64_t one = 1;
  // It can only fail when the counter is full, and then the descriptor is readable anyway.
  [[maybe_unused]] const auto written = ::write(descriptor_, &one, sizeof one);
  errno = kept;
}

bool Interrupter::interrupted() const {
  return wait_for(std::chrono::milliseconds{0});
}

bool Interrupter::wait_for(std::chrono::milliseconds time) const {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + time;
  for (;;) {
    pollfd waiting{descriptor_, POLLIN, 0};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
    const auto timeout_ms =
        std::clamp<std::int64_t>(left.count(), 0, std::numeric_limits<int>::max());
    const int ready = ::poll(&waiting, 1, static_cast<int>(timeout_ms));
    if (ready > 0) return true;
    if (Clock::now() >= end) return false;
  }
}

}  // namespace mentat_sync
