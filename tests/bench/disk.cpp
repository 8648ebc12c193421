// Appending and syncing, as a log that commits each record would.
#include "bench/disk.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace mentat_sync {
namespace {

void check(bool ok, const char* call) {
  if (!ok) throw std::system_error{errno, std::generic_category(), call};
}

}  // namespace

double fdatasyncs_a_second(const std::filesystem::path& directory,
                           std::chrono::duration<double> time) {
  using Clock = std::chrono::steady_clock;
  const auto path = directory / "fdatasync";
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  check(file >= 0, "open");
  const std::array<char, 4096> page{};
  std::size_t syncs = 0;
  const auto start = Clock::now();
  std::chrono::duration<double> elapsed{};
  do {
    check(write(file, page.data(), page.size()) == static_cast<ssize_t>(page.size()), "write");
    check(fdatasync(file) == 0, "fdatasync");
    ++syncs;
    elapsed = Clock::now() - start;
  } while (elapsed < time);
  close(file);
  std::filesystem::remove(path);
  return static_cast<double>(syncs) / elapsed.count();
}

}  // namespace mentat_sync
