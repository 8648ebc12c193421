// A directory of the control groups' file system; its files are the group's settings.
#include "bench/memory_group.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <string_view>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace mentat_sync {
namespace {

constexpr std::string_view name_start = "mentat-sync-bench-";

struct Hierarchy {
  std::filesystem::path root;
  const char* limit_file;
};

std::array<Hierarchy, 2> hierarchies() {
  return {Hierarchy{"/sys/fs/cgroup/memory", "memory.limit_in_bytes"},
          Hierarchy{"/sys/fs/cgroup", "memory.max"}};
}

/// 0, or errno. Such a file takes a value in one write, and never a new file's beginning.
int write_setting(const std::filesystem::path& file, const std::string& value) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return errno;
  const bool taken = ::write(descriptor, value.data(), value.size()) >= 0;
  const int error = taken ? 0 : errno;
  ::close(descriptor);
  return error;
}

/// A group of a benchmark that is no more; one with processes in it the system would not remove.
bool is_left_over(const std::filesystem::path& group) {
  const std::string name = group.filename().string();
  if (!name.starts_with(name_start)) return false;
  const pid_t maker = std::atoi(name.c_str() + name_start.size());
  return maker > 0 && ::kill(maker, 0) != 0 && errno == ESRCH;
}

void remove_left_over(const std::filesystem::path& root) {
  std::error_code error;
  for (const auto& group : std::filesystem::directory_iterator{root, error}) {
    if (is_left_over(group.path())) ::rmdir(group.path().c_str());
  }
}

}  // namespace

std::optional<MemoryGroup> MemoryGroup::make(std::uint64_t limit_bytes, std::string& why_not) {
  for (const auto& [root, limit_file] : hierarchies()) {
    remove_left_over(root);
    const auto directory = root / (std::string{name_start} + std::to_string(::getpid()));
    std::error_code error;
    std::filesystem::create_directory(directory, error);
    if (!error) {
      MemoryGroup group{directory};
      error.assign(write_setting(directory / limit_file, std::to_string(limit_bytes)),
                   std::generic_category());
      if (!error) return group;
    }
    why_not += (why_not.empty() ? "" : "; ") + root.string() + ": " + error.message();
  }
  return std::nullopt;
}

MemoryGroup::MemoryGroup(MemoryGroup&& other) noexcept
    : directory_(std::exchange(other.directory_, {})) {}

MemoryGroup::~MemoryGroup() {
  if (directory_.empty()) return;
  // A process that has ended leaves it a moment later.
  for (int i = 0; i < 100 && ::rmdir(directory_.c_str()) != 0 && errno == EBUSY; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
}

void MemoryGroup::add(pid_t process) const {
  const int error = write_setting(directory_ / "cgroup.procs", std::to_string(process));
  if (error != 0) {
    throw std::system_error{error, std::generic_category(), directory_ / "cgroup.procs"};
  }
}

}  // namespace mentat_sync
