// Mount namespaces: as root one alone, otherwise within a user namespace in which we are root.
// Source: unshare(2), user_namespaces(7), mount(2).
#include "small_file_system.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

namespace mentat_sync {
namespace {

bool write_file(const char* path, const std::string& text) {
  std::ofstream file{path};
  file << text;
  return static_cast<bool>(file.flush());
}

}  // namespace

SmallFileSystem::SmallFileSystem(std::uint64_t size_bytes) {
  if (!enter_namespace()) return;
  const std::string options = "size=" + std::to_string(size_bytes);
  mounted_ = ::mount("tmpfs", path().c_str(), "tmpfs", 0, options.c_str()) == 0;
  if (!mounted_) failed("mount");
}

SmallFileSystem::~SmallFileSystem() {
  if (mounted_) ::umount2(path().c_str(), MNT_DETACH);
}

bool SmallFileSystem::failed(const std::string& call) {
  why_not_ = call + ": " + std::strerror(errno);
  return false;
}

bool SmallFileSystem::enter_namespace() {
  const auto user = std::to_string(::geteuid());
  const auto group = std::to_string(::getegid());
  if (::geteuid() == 0) {
    if (::unshare(CLONE_NEWNS) != 0) return failed("unshare");
  } else {
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return failed("unshare");
    if (!write_file("/proc/self/setgroups", "deny") ||
        !write_file("/proc/self/uid_map", "0 " + user + " 1") ||
        !write_file("/proc/self/gid_map", "0 " + group + " 1")) {
      return failed("uid_map");
    }
  }
  // What is mounted here must not reach the rest of the system.
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return failed("mount /");
  return true;
}

}  // namespace mentat_sync
