// Reads /proc/PID/status, /proc/PID/stat and /proc/PID/io.
#include "support/process_usage.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>

namespace mentat_sync {
namespace {

std::uint64_t number_of_line(const std::string& path, std::string_view start) {
  std::ifstream file{path};
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(start)) return std::stoull(line.substr(start.size()));
  }
  throw std::runtime_error{"no such process"};
}

/// The fields of /proc/PID/stat after the name, which is in parentheses and may hold anything, and
/// after `skip` more.
std::istringstream fields_of_stat(pid_t process, int skip) {
  std::ifstream stat{"/proc/" + std::to_string(process) + "/stat"};
  std::string text;
  std::getline(stat, text);
  if (text.empty()) throw std::runtime_error{"no such process"};
  std::istringstream fields{text.substr(text.rfind(')') + 1)};
  std::string skipped;
  for (int i = 0; i < skip; ++i) fields >> skipped;
  return fields;
}

}  // namespace

std::uint64_t own_memory_bytes(pid_t process) {
  return number_of_line("/proc/" + std::to_string(process) + "/status", "RssAnon:") * 1024;
}

std::size_t open_files(pid_t process) {
  const std::filesystem::path files = "/proc/" + std::to_string(process) + "/fd";
  if (!std::filesystem::is_directory(files)) throw std::runtime_error{"no such process"};
  const std::filesystem::directory_iterator all{files};
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::uint64_t disk_bytes_read(pid_t process) {
  return number_of_line("/proc/" + std::to_string(process) + "/io", "read_bytes:");
}

std::uint64_t major_faults(pid_t process) {
  std::uint64_t faults = 0;
  fields_of_stat(process, 9) >> faults;
  return faults;
}

std::chrono::duration<double> processor_time(pid_t process) {
  std::uint64_t user = 0;
  std::uint64_t system = 0;
  fields_of_stat(process, 11) >> user >> system;
  return std::chrono::duration<double>{static_cast<double>(user + system) /
                                       static_cast<double>(::sysconf(_SC_CLK_TCK))};
}

}  // namespace mentat_sync
