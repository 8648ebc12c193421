// See process_families.hpp.
#include "http/metrics/process_families.hpp"

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace mentat_sync {
namespace {

using prometheus::MetricType;

/// Of /proc/self/stat, in its units.
struct ProcessState {
  double user_ticks = 0;
  double system_ticks = 0;
  double threads = 0;
  double start_ticks = 0;
  double virtual_bytes = 0;
  double resident_pages = 0;
};

/// The fields behind the program's name, which may hold spaces and parentheses itself.
std::optional<ProcessState> process_state() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  if (!std::getline(file, line) || line.rfind(')') == line.npos) return std::nullopt;
  std::istringstream rest(line.substr(line.rfind(')') + 1));
  // The state is the 3rd field of proc(5), so utime, the 14th, is the 12th here.
  const std::vector<std::string> fields{std::istream_iterator<std::string>{rest}, {}};
  if (fields.size() < 22) return std::nullopt;
  const auto number = [&fields](std::size_t index) { return std::stod(fields[index]); };
  return ProcessState{.user_ticks = number(11),
                      .system_ticks = number(12),
                      .threads = number(17),
                      .start_ticks = number(19),
                      .virtual_bytes = number(20),
                      .resident_pages = number(21)};
}

double seconds_of(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

/// When the system was started, in seconds since 1970. By the clocks, for the packaged service sees
/// nothing in /proc but processes; and asked once, so that it does not waver.
double boot_time() {
  static const double time = seconds_of(CLOCK_REALTIME) - seconds_of(CLOCK_BOOTTIME);
  return time;
}

void tell_state(Families& families, const ProcessState& state) {
  const auto ticks_of_second = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const auto page_bytes = static_cast<double>(::sysconf(_SC_PAGESIZE));
  families
      .shared("process_cpu_seconds_total",
              "Time of processors used, by it and by the system for it.", MetricType::Counter)
      .add((state.user_ticks + state.system_ticks) / ticks_of_second);
  families.shared("process_threads", "Threads.", MetricType::Gauge).add(state.threads);
  families
      .shared("process_virtual_memory_bytes", "Address space; the store's map is part of it.",
              MetricType::Gauge)
      .add(state.virtual_bytes);
  families
      .shared("process_resident_memory_bytes",
              "Memory in use; pages of the store's file that are cached are part of it.",
              MetricType::Gauge)
      .add(state.resident_pages * page_bytes);
  families
      .shared("process_start_time_seconds", "When it was started, in seconds since 1970.",
              MetricType::Gauge)
      .add(boot_time() + state.start_ticks / ticks_of_second);
}

void tell_descriptors(Families& families) {
  std::error_code error;
  const std::filesystem::directory_iterator descriptors("/proc/self/fd", error);
  if (!error) {
    // One of them is the directory's, while it is read.
    const auto open = std::distance(begin(descriptors), end(descriptors)) - 1;
    families.shared("process_open_fds", "File descriptors in use.", MetricType::Gauge)
        .add(static_cast<double>(open));
  }
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    families.shared("process_max_fds", "File descriptors it may have.", MetricType::Gauge)
        .add(static_cast<double>(limit.rlim_cur));
  }
}

}  // namespace

void tell_process(Families& families) {
  if (const auto state = process_state()) tell_state(families, *state);
  tell_descriptors(families);
}

}  // namespace mentat_sync
