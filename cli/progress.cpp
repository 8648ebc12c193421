// One line, drawn over itself.
#include "cli/progress.hpp"

#include "cli/units.hpp"

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

namespace mentat_sync {
namespace {

constexpr std::chrono::milliseconds draw_interval{100};
constexpr std::uint64_t bar_columns = 30;
constexpr std::uint64_t counted_below = 10'000;  // more than that reads better as a size
constexpr std::size_t columns_unless_known = 80;
constexpr std::string_view erase_line = "\r\x1b[K";

std::string amount(std::uint64_t number, std::uint64_t scale) {
  return scale < counted_below ? std::to_string(number) : to_human_size(number);
}

}  // namespace

Progress::Progress(std::ostream& out, std::string label, std::uint64_t total, bool enabled)
    : out_(out),
      label_(std::move(label)),
      total_(total),
      enabled_(enabled),
      next_draw_(Clock::now() + draw_interval) {}

Progress::~Progress() {
  if (drawn_) out_ << erase_line << std::flush;
}

void Progress::advance(std::uint64_t by) {
  done_ += by;
  if (!enabled_) return;
  const auto now = Clock::now();
  if (now < next_draw_) return;
  next_draw_ = now + draw_interval;
  draw();
}

void Progress::draw() {
  out_ << erase_line << fitting_terminal(text()) << std::flush;
  drawn_ = true;
}

std::string Progress::text() const {
  const auto scale = std::max(total_, done_);
  std::string line = label_ + " ";
  if (total_ == 0) return line + amount(done_, scale);
  const auto done = std::min(done_, total_);
  // By doubles: the product of two sizes may not fit.
  const double part = static_cast<double>(done) / static_cast<double>(total_);
  const auto filled = static_cast<std::size_t>(part * static_cast<double>(bar_columns));
  line += "[" + std::string(filled, '#') + std::string(bar_columns - filled, '.') + "] ";
  line += std::to_string(static_cast<int>(part * 100)) + "% ";
  return line + amount(done, scale) + " of " + amount(total_, scale);
}

std::string fitting_terminal(std::string line) {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return fitting(std::move(line), known ? size.ws_col : columns_unless_known);
}

std::string fitting(std::string line, std::size_t columns) {
  std::size_t taken = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const bool begins_character = (static_cast<unsigned char>(line[at]) & 0xC0U) != 0x80U;
    if (begins_character && ++taken >= columns) line.resize(at);
  }
  return line;
}

bool progress_wanted() {
  const char* terminal = std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe): one thread
  return ::isatty(STDERR_FILENO) == 1 && terminal && std::string_view{terminal} != "dumb";
}

}  // namespace mentat_sync
