// The keeper of a spawned server: a process of its own between the load tool and the server. It
// ends the server and removes its directory when the tool says so, and also when the tool is
// killed, for then nobody else could.
//
// Thread-safety: from the main thread, before others start: it forks.
// Ownership: the keeper owns the server and the directory; whoever holds the descriptor holds the
// keeper, which begins its end when the descriptor is closed.
// Failures: a Status when it cannot be forked; what fails later stands in the server's log.
// Source: prctl(2) (PR_SET_PDEATHSIG), signalfd(2), sched_setaffinity(2).
#pragma once

#include "storage/result.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace mentat_sync {

struct KeptServer {
  std::filesystem::path program;
  std::vector<std::string> arguments;
  /// "NAME=VALUE".
  std::vector<std::string> environment;
  /// Removed in the end, with all that is in it.
  std::filesystem::path directory;
  /// What the server writes, in the directory.
  std::filesystem::path log;
  /// The processor that it runs on.
  std::optional<unsigned> cpu;
};

struct ServerKeeper {
  pid_t process = -1;
  /// Readable when the server has ended: a byte that is its exit code, 128 and the signal's number
  /// when one has ended it, or nothing when the keeper itself has gone. The keeper and its server
  /// are a session of their own, so that Ctrl-C at the terminal is the tool's alone.
  int descriptor = -1;
};

Result<ServerKeeper> start_keeper(const KeptServer& server);

}  // namespace mentat_sync
