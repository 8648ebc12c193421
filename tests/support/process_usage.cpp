// Reads /proc/PID/status and /proc/PID/stat.
#include "support/process_usage.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace mentat_sync {

std::uint64_t own_memory_bytes(pid_t process) {
  std::ifstream status{"/proc/" + std::to_string(process) + "/status"};
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssAnon:")) return std::stoull(line.substr(8)) * 1024;
  }
  throw std::runtime_error{"no such process"};
}

std::size_t open_files(pid_t process) {
  const std::filesystem::path files = "/proc/" + std::to_string(process) + "/fd";
  if (!std::filesystem::is_directory(files)) throw std::runtime_error{"no such process"};
  const std::filesystem::directory_iterator all{files};
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::chrono::duration<double> processor_time(pid_t process) {
  std::ifstream stat{"/proc/" + std::to_string(process) + "/stat"};
  std::string text;
  std::getline(stat, text);
  if (text.empty()) throw std::runtime_error{"no such process"};
  // The name, in parentheses, may hold anything; utime and stime are the 12th and 13th after it.
  std::istringstream fields{text.substr(text.rfind(')') + 1)};
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  std::uint64_t user = 0;
  std::uint64_t system = 0;
  fields >> user >> system;
  return std::chrono::duration<double>{static_cast<double>(user + system) /
                                       static_cast<double>(::sysconf(_SC_CLK_TCK))};
}

}  // namespace mentat_sync
