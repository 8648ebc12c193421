// Drawn five times a second, with the rate of the last second: more often nobody can read it.
#include "cli/load/live_line.hpp"

#include "cli/load/load_words.hpp"
#include "cli/progress.hpp"
#include "cli/units.hpp"

#include <algorithm>
#include <ostream>
#include <string_view>
#include <utility>

namespace mentat_sync {
namespace {

using Phase = LoadProgress::Phase;

constexpr std::chrono::milliseconds draw_interval{200};
constexpr std::chrono::milliseconds rate_interval{1'000};
constexpr std::string_view erase_line = "\r\x1b[K";

std::string seconds_left(std::chrono::milliseconds left) {
  return std::to_string((left.count() + 999) / 1000) + " s left";
}

std::string measured_text(const LiveFigures& figures) {
  // Of a whole second: in the first one there are none.
  const auto rate = figures.requests_per_second
                        ? grouped(*figures.requests_per_second, 0) + " requests/s  "
                        : std::string{};
  const auto latencies = figures.p99.count() == 0 ? std::string{}
                                                  : "p50 " + with_unit(figures.p50) + "  p99 " +
                                                        with_unit(figures.p99) + "  ";
  return rate + latencies + grouped(figures.errors) +
         (figures.errors == 1 ? " error  " : " errors  ") + grouped(figures.conflicts) +
         (figures.conflicts == 1 ? " conflict  " : " conflicts  ") + grouped(figures.connections) +
         (figures.connections == 1 ? " connection" : " connections");
}

}  // namespace

std::string live_text(const LiveFigures& figures) {
  switch (figures.phase) {
    case Phase::preparing:
      return "preparing";
    case Phase::ramping:
      return "ramping, " + seconds_left(figures.time_left) + "  " + measured_text(figures);
    case Phase::measuring:
      return seconds_left(figures.time_left) + "  " + measured_text(figures);
    case Phase::verifying:
      return "verifying " + grouped(figures.users_verified) + "/" + grouped(figures.users) +
             " users";
    case Phase::ended:
      return "done";
  }
  return {};
}

LiveLine::LiveLine(const LoadOptions& options, const LoadProgress& progress,
                   const Interrupter& interrupter, std::function<void()> on_interrupt,
                   std::ostream& out, bool drawn)
    : options_(options),
      progress_(progress),
      interrupter_(interrupter),
      on_interrupt_(std::move(on_interrupt)),
      out_(out),
      drawn_(drawn),
      thread_([this] { run(); }) {}

LiveLine::~LiveLine() {
  ending_ = true;
  thread_.join();
  if (drawn_) out_ << erase_line << std::flush;
}

void LiveLine::run() {
  while (!ending_) {
    if (drawn_) draw();
    rest();
  }
}

/// Until the next drawing, or the first Ctrl-C.
void LiveLine::rest() {
  if (interrupted_) return std::this_thread::sleep_for(draw_interval);
  if (!interrupter_.wait_for(draw_interval)) return;
  interrupted_ = true;
  on_interrupt_();
}

void LiveLine::draw() {
  out_ << erase_line << fitting_terminal((interrupted_ ? "(ending)  " : "") + live_text(figures()))
       << std::flush;
}

LiveFigures LiveLine::figures() {
  const auto now = Clock::now();
  enter(progress_.phase, now);
  count_requests(now);
  LiveFigures figures;
  figures.phase = phase_;
  figures.time_left = time_left();
  figures.requests_per_second = rate_;
  figures.p50 = std::chrono::nanoseconds{progress_.p50_ns.load()};
  figures.p99 = std::chrono::nanoseconds{progress_.p99_ns.load()};
  figures.errors = progress_.errors;
  figures.conflicts = progress_.conflicts;
  figures.connections = progress_.connections;
  figures.users_verified = progress_.users_verified;
  figures.users = options_.users;
  return figures;
}

/// Nobody says when a ramp is over: each shard knows by itself, as this does.
void LiveLine::enter(Phase phase, Clock::time_point now) {
  if (phase == Phase::ramping && phase_ == Phase::measuring) return;
  if (phase != phase_) {
    phase_ = phase;
    phase_began_ = now;
    // Nothing is counted while it prepares.
    rate_.reset();
    counted_ = progress_.requests;
    counted_at_ = now;
  }
  if (phase_ == Phase::ramping && now - phase_began_ >= options_.ramp) {
    phase_ = Phase::measuring;
    phase_began_ += options_.ramp;
  }
}

std::chrono::milliseconds LiveLine::time_left() {
  const auto whole = phase_ == Phase::ramping ? options_.ramp : options_.duration;
  const auto spent =
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - phase_began_);
  return std::max(whole - spent, std::chrono::milliseconds{0});
}

void LiveLine::count_requests(Clock::time_point now) {
  const auto time = now - counted_at_;
  if (time < rate_interval) return;
  const auto requests = progress_.requests.load();
  // Figures begin anew when the measuring does.
  const auto more = requests >= counted_ ? requests - counted_ : requests;
  rate_ = static_cast<double>(more) / std::chrono::duration<double>(time).count();
  counted_ = requests;
  counted_at_ = now;
}

}  // namespace mentat_sync
