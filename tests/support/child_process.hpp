// ChildProcess: a program under test, run as a child that cannot outlive the test.
//
// Thread-safety: one object belongs to one thread. The child dies with the thread that spawned it
// (PR_SET_PDEATHSIG), so spawn from a thread that lives as long as the child should.
// Ownership and lifetime: owns the child; the destructor kills it (SIGKILL) and reaps it.
// Failures: throws std::runtime_error, which fails the test that it happens in.
#pragma once

#include "support/temporary_directory.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace mentat_sync {

/// How a child ended: its exit code, or the signal that killed it.
struct ExitStatus {
  std::optional<int> code;
  std::optional<int> signal;
  friend bool operator==(const ExitStatus&, const ExitStatus&) = default;
};

class ChildProcess {
 public:
  struct Options {
    /// The program's path and its arguments.
    std::vector<std::string> command;
    /// Added to the environment of the test, which loses all MENTAT_SYNC_… first.
    std::vector<std::pair<std::string, std::string>> environment;
    /// Where it runs; empty: where the test runs.
    std::filesystem::path working_directory;
  };

  explicit ChildProcess(const Options& options);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  /// kill -9, and waits for the end.
  void kill();
  bool running();
  /// Nothing when it is still running after `timeout`.
  std::optional<ExitStatus> wait(std::chrono::milliseconds timeout = std::chrono::seconds{30});

  /// What it has written so far.
  std::string out() const;
  std::string err() const;

 private:
  TemporaryDirectory output_;
  pid_t pid_ = -1;
  std::optional<ExitStatus> status_;
};

/// Runs a command to its end.
struct Finished {
  ExitStatus status;
  std::string out;
  std::string err;
};
Finished run_to_end(const ChildProcess::Options& options,
                    std::chrono::milliseconds timeout = std::chrono::seconds{30});

}  // namespace mentat_sync
