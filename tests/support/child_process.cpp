// fork, exec and wait. Output goes to files, so that no pipe can fill up and stop the child.
#include "support/child_process.hpp"

#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace mentat_sync {
namespace {

constexpr std::chrono::milliseconds poll_interval{2};

std::string read_file(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<std::string> environment_of(const ChildProcess::Options& options) {
  std::vector<std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (std::strncmp(*entry, "MENTAT_SYNC_", 12) != 0) variables.emplace_back(*entry);
  }
  for (const auto& [name, value] : options.environment) variables.push_back(name + "=" + value);
  return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  return pointers;
}

void redirect(const char* path, int descriptor) {
  int file = ::open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0 || ::dup2(file, descriptor) < 0) ::_exit(127);
}

/// What the child does with strings that were prepared before the fork: after it, in a process that
/// had several threads, nothing may allocate.
struct Prepared {
  std::string out;
  std::string err;
  std::string working_directory;
  std::vector<char*> argv;
  std::vector<char*> envp;
  pid_t parent;
};

[[noreturn]] void become_program(const Prepared& prepared) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != prepared.parent) ::_exit(127);  // it died before the line above
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  redirect("/dev/null", STDIN_FILENO);
  redirect(prepared.out.c_str(), STDOUT_FILENO);
  redirect(prepared.err.c_str(), STDERR_FILENO);
  const std::string& directory = prepared.working_directory;
  if (!directory.empty() && ::chdir(directory.c_str()) != 0) ::_exit(127);
  ::execve(prepared.argv[0], prepared.argv.data(), prepared.envp.data());
  ::_exit(127);
}

ExitStatus decode(int status) {
  if (WIFSIGNALED(status)) return {.code = {}, .signal = WTERMSIG(status)};
  return {.code = WEXITSTATUS(status), .signal = {}};
}

}  // namespace

ChildProcess::ChildProcess(const Options& options) {
  std::vector<std::string> arguments = options.command;
  std::vector<std::string> variables = environment_of(options);
  const Prepared prepared{.out = (output_.path() / "out").string(),
                          .err = (output_.path() / "err").string(),
                          .working_directory = options.working_directory.string(),
                          .argv = pointers_to(arguments),
                          .envp = pointers_to(variables),
                          .parent = ::getpid()};
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error(std::string("fork: ") + std::strerror(errno));
  if (pid_ == 0) become_program(prepared);
}

ChildProcess::~ChildProcess() {
  if (!status_) kill();
}

void ChildProcess::signal(int number) const {
  if (!status_) ::kill(pid_, number);
}

void ChildProcess::kill() {
  signal(SIGKILL);
  wait();
}

bool ChildProcess::running() {
  return !wait(std::chrono::milliseconds{0});
}

std::optional<ExitStatus> ChildProcess::wait(std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (!status_) {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      status_ = decode(status);
    } else if (std::chrono::steady_clock::now() >= deadline) {
      return std::nullopt;
    } else {
      std::this_thread::sleep_for(poll_interval);
    }
  }
  return status_;
}

std::string ChildProcess::out() const {
  return read_file(output_.path() / "out");
}
std::string ChildProcess::err() const {
  return read_file(output_.path() / "err");
}

Finished run_to_end(const ChildProcess::Options& options, std::chrono::milliseconds timeout) {
  ChildProcess child(options);
  const auto status = child.wait(timeout);
  if (!status) throw std::runtime_error("still running: " + options.command.front() + child.err());
  return {.status = *status, .out = child.out(), .err = child.err()};
}

}  // namespace mentat_sync
