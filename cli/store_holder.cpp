// Making sure of a process before it is sent a signal.
#include "cli/store_holder.hpp"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <system_error>

namespace mentat_sync {
namespace {

namespace fs = std::filesystem;

constexpr auto remedy = "; its own collector runs every --gc-interval, or stop it and try again";

Status cannot(const std::string& why) {
  return {ErrorCode::busy,
          "a server has the store open, and cannot be asked to collect: " + why + remedy};
}

std::string process(pid_t pid) {
  return "process " + std::to_string(pid);
}

/// Whether `process_directory`/fd has the file that `file` is.
Result<bool> has_open(const fs::path& process_directory, const fs::path& file) {
  std::error_code error;
  fs::directory_iterator entries(process_directory / "fd", error);
  if (error) return Status{ErrorCode::io, error.message()};
  struct stat wanted {};
  struct stat seen {};
  if (::stat(file.c_str(), &wanted) != 0) return Status{ErrorCode::io, std::strerror(errno)};
  for (const auto& entry : entries) {
    if (::stat(entry.path().c_str(), &seen) != 0) continue;
    if (seen.st_dev == wanted.st_dev && seen.st_ino == wanted.st_ino) return true;
  }
  return false;
}

/// The set of signals in the line of /proc/PID/status that begins with `name`.
std::uint64_t signals_in(const fs::path& process_directory, const std::string& name) {
  std::ifstream status(process_directory / "status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name)) return std::stoull(line.substr(name.size()), nullptr, 16);
  }
  return 0;
}

/// A handler is how a server says so: see signals.cpp.
bool takes_signal(const fs::path& process_directory, int number) {
  const std::uint64_t bit = std::uint64_t{1} << (number - 1);
  return (signals_in(process_directory, "SigCgt:") & bit) != 0;
}

}  // namespace

Result<pid_t> ask_holder_to_collect(const fs::path& directory) {
  const auto lock = directory / "mentat-sync.lock";
  pid_t pid = 0;
  if (!(std::ifstream(lock) >> pid) || pid <= 1) {
    return cannot(lock.string() + " does not say which process it is");
  }
  const fs::path process_directory = "/proc/" + std::to_string(pid);
  const auto open = has_open(process_directory, lock);
  if (!open) return cannot(process(pid) + " cannot be looked at: " + open.status().message());
  if (!*open) {
    return cannot(process(pid) +
                  ", which the lock names, does not have it open (it may be "
                  "counted otherwise inside a container)");
  }
  if (!takes_signal(process_directory, SIGUSR1)) {
    return cannot(process(pid) + " does not take SIGUSR1 (it is ending, or not a server)");
  }
  if (::kill(pid, SIGUSR1) != 0) {
    return cannot("no signal can be sent to " + process(pid) + ": " + std::strerror(errno));
  }
  return pid;
}

}  // namespace mentat_sync
