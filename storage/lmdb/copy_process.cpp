// Forking, and what the child does.
#include "storage/lmdb/copy_process.hpp"

#include "storage/bounds.hpp"
#include "storage/lmdb/failure.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mentat_sync {
namespace {

constexpr std::size_t read_bytes = 1 * bounds::MiB;

int copy(const std::filesystem::path& directory, int out) {
  MDB_env* env = nullptr;
  if (const int code = mdb_env_create(&env); code != MDB_SUCCESS) return code;
  std::error_code error;
  const bool locked = std::filesystem::exists(directory / "lock.mdb", error);
  unsigned flags = MDB_RDONLY | MDB_NOTLS;
  if (!locked) flags |= MDB_NOLOCK;
  mdb_env_set_maxreaders(env, bounds::reader_slots);
  int code = mdb_env_open(env, directory.c_str(), flags, 0);
  int cleared = 0;
  if (code == MDB_SUCCESS) code = mdb_reader_check(env, &cleared);
  if (code == MDB_SUCCESS) code = mdb_env_copyfd2(env, out, MDB_CP_COMPACT);
  mdb_env_close(env);
  return code;
}

/// The lock of the directory must not be held for longer than by the parent.
void close_all_but(int one, int other) {
  const auto low = static_cast<unsigned>(std::min(one, other));
  const auto high = static_cast<unsigned>(std::max(one, other));
  ::close_range(STDERR_FILENO + 1, low - 1, 0);
  if (high - low > 1) ::close_range(low + 1, high - 1, 0);
  ::close_range(high + 1, ~0U, 0);
}

/// A terminal's Ctrl-C comes to both processes, but this one is to end by its pipe (EPIPE), after
/// it has freed its snapshot.
[[noreturn]] void run_child(const std::filesystem::path& directory, int out, int verdict) {
  sigset_t all;
  ::sigfillset(&all);
  for (const int number : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL}) {
    ::sigdelset(&all, number);
    std::signal(number, SIG_DFL);
  }
  ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
  const int code = copy(directory, out);
  ::_exit(::write(verdict, &code, sizeof code) == sizeof code ? 0 : 1);
}

Status system_failure(const char* call) {
  return {ErrorCode::io, std::string{call} + ": " + std::generic_category().message(errno)};
}

void close_all(std::initializer_list<int> descriptors) {
  for (const int descriptor : descriptors) ::close(descriptor);
}

}  // namespace

Result<CopyProcess> CopyProcess::start(const std::filesystem::path& directory) {
  std::array<int, 2> bytes{};
  std::array<int, 2> verdict{};
  if (::pipe2(bytes.data(), O_CLOEXEC) != 0) return system_failure("pipe");
  if (::pipe2(verdict.data(), O_CLOEXEC) != 0) {
    Status status = system_failure("pipe");
    close_all({bytes[0], bytes[1]});
    return status;
  }
  const pid_t child = ::fork();
  if (child == 0) {
    close_all_but(bytes[1], verdict[1]);
    run_child(directory, bytes[1], verdict[1]);
  }
  Status status = child < 0 ? system_failure("fork") : Status();
  close_all({bytes[1], verdict[1]});
  CopyProcess process{child, bytes[0], verdict[0]};
  if (!status.ok()) return status;
  return process;
}

CopyProcess::CopyProcess(CopyProcess&& other) noexcept
    : child_(std::exchange(other.child_, -1)),
      bytes_(std::exchange(other.bytes_, -1)),
      verdict_(std::exchange(other.verdict_, -1)) {}

CopyProcess::~CopyProcess() {
  for (const int descriptor : {bytes_, verdict_}) {
    if (descriptor >= 0) ::close(descriptor);
  }
  if (child_ > 0) ::waitpid(child_, nullptr, 0);
}

Result<std::string> CopyProcess::read() {
  std::string bytes(read_bytes, '\0');
  for (;;) {
    const auto got = ::read(bytes_, bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_failure("read");
    bytes.resize(static_cast<std::size_t>(got));
    return bytes;
  }
}

Status CopyProcess::finish() {
  int code = 0;
  const bool said = ::read(verdict_, &code, sizeof code) == sizeof code;
  int status = 0;
  ::waitpid(std::exchange(child_, -1), &status, 0);
  if (!said) {
    const std::string how =
        WIFSIGNALED(status) ? ::strsignal(WTERMSIG(status)) : "without a word";  // NOLINT
    return {ErrorCode::corrupt,
            "the store is damaged: copying it ended (" + how + "); mentat-sync check says where"};
  }
  if (code == MDB_SUCCESS) return {};
  const LmdbFailure failure{"copying the store", code};
  // Written straight from the map, where the file has no page for it: elsewhere that is SIGBUS.
  const bool is_cut_off = code == EFAULT;
  if (!is_corrupt(code) && !is_cut_off) return to_status(failure);
  return {ErrorCode::corrupt, std::string{"the store is damaged: "} + failure.what() +
                                  "; mentat-sync check says where"};
}

}  // namespace mentat_sync
