// Two forks: the keeper, which stays this program, and its child, which becomes the server.
#include "cli/load/server_keeper.hpp"

#include "cli/exit_codes.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace mentat_sync {
namespace {

/// From SIGTERM to SIGKILL: longer than a server without clients drains.
constexpr std::chrono::seconds patience{15};

std::vector<char*> pointers_to(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// Standard output and standard error, into the server's log.
bool redirect(const std::filesystem::path& log) {
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  return nothing >= 0 && file >= 0 && ::dup2(nothing, STDIN_FILENO) >= 0 &&
         ::dup2(file, STDOUT_FILENO) >= 0 && ::dup2(file, STDERR_FILENO) >= 0;
}

/// Into the server's log, whose end is shown.
[[noreturn]] void give_up(const std::string& what) {
  const std::string line = what + ": " + std::generic_category().message(errno) + "\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
  ::_exit(127);
}

void run_on(unsigned cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  if (::sched_setaffinity(0, sizeof set, &set) == 0) return;
  give_up("cannot run on processor " + std::to_string(cpu));
}

[[noreturn]] void become_server(const KeptServer& server, pid_t keeper) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != keeper) ::_exit(127);  // it died before the line above
  if (server.cpu) run_on(*server.cpu);
  std::vector<std::string> arguments = server.arguments;
  std::vector<std::string> environment = server.environment;
  const auto argv = pointers_to(arguments);
  const auto envp = pointers_to(environment);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(server.program.c_str(), argv.data(), envp.data());
  give_up("cannot run " + server.program.string());
}

class Keeper {
 public:
  Keeper(const KeptServer& server, int tool) : server_(server), tool_(tool) {}

  [[noreturn]] void run() {
    ::setsid();
    // A parent may have had it ignored, and then nobody hears of a child's end.
    ::signal(SIGCHLD, SIG_DFL);
    // Whatever is sent to it: its end is the tool's, or the server's kill.
    sigset_t all;
    ::sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, nullptr);
    sigset_t child;
    ::sigemptyset(&child);
    ::sigaddset(&child, SIGCHLD);
    children_ = ::signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    if (children_ >= 0 && redirect(server_.log)) start();
    wait_for_tool();
    end_server();
    std::error_code ignored;  // there is nobody left to tell
    std::filesystem::remove_all(server_.directory, ignored);
    ::_exit(0);
  }

 private:
  void start() {
    const pid_t self = ::getpid();
    process_ = ::fork();
    if (process_ == 0) become_server(server_, self);
  }

  /// Tells the tool when the server ends before.
  void wait_for_tool() {
    bool told = false;
    for (;;) {
      if (!told && !server_runs()) {
        told = true;
        log_end();
        const auto code = exit_code();
        [[maybe_unused]] const auto sent = ::send(tool_, &code, sizeof code, MSG_NOSIGNAL);
      }
      std::array<pollfd, 2> waiting{pollfd{tool_, POLLIN, 0}, pollfd{children_, POLLIN, 0}};
      ::poll(waiting.data(), waiting.size(), -1);
      if (waiting[0].revents != 0) return;
      drop_signals();
    }
  }

  void drop_signals() const {
    signalfd_siginfo signal{};
    while (::read(children_, &signal, sizeof signal) > 0) continue;
  }

  bool server_runs() {
    if (process_ > 0 && ::waitpid(process_, &status_, WNOHANG) != 0) process_ = -1;
    return process_ > 0;
  }

  /// Of a process that a signal ended, as a shell counts.
  std::uint8_t exit_code() const {
    return static_cast<std::uint8_t>(
        WIFSIGNALED(status_) ? exit_codes::first_signal + WTERMSIG(status_) : WEXITSTATUS(status_));
  }

  /// Behind what it has written itself, for whom a signal ends says nothing.
  void log_end() const {
    const std::string line = WIFSIGNALED(status_)
                                 ? "ended by signal " + std::to_string(WTERMSIG(status_)) + "\n"
                                 : "exit code " + std::to_string(WEXITSTATUS(status_)) + "\n";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
  }

  void end_server() {
    using Clock = std::chrono::steady_clock;
    if (server_runs()) ::kill(process_, SIGTERM);
    const auto deadline = Clock::now() + patience;
    while (server_runs() && Clock::now() < deadline) {
      pollfd waiting{children_, POLLIN, 0};
      ::poll(&waiting, 1, 100);
      drop_signals();
    }
    if (!server_runs()) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }

  const KeptServer& server_;
  int tool_;
  int children_ = -1;
  pid_t process_ = -1;
  int status_ = 0;
};

}  // namespace

Result<ServerKeeper> start_keeper(const KeptServer& server) {
  const auto failed = [](const std::string& what) {
    return Status{ErrorCode::io, what + ": " + std::generic_category().message(errno)};
  };
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return failed("socketpair");
  }
  const pid_t process = ::fork();
  if (process == 0) {
    ::close(ends[0]);
    Keeper{server, ends[1]}.run();
  }
  const auto status = process < 0 ? failed("fork") : Status{};
  ::close(ends[1]);
  if (process > 0) return ServerKeeper{process, ends[0]};
  ::close(ends[0]);
  return status;
}

}  // namespace mentat_sync
