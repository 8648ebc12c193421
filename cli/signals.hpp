// Signals: SIGTERM, SIGINT, SIGUSR1 and SIGHUP, taken by the main thread where it waits for them.
//
// SIGHUP asks for the files to be read anew, as it does of any server; but of one that was started
// from a terminal it says that the terminal has gone, and that ends it as SIGTERM does.
//
// Construct it before any other thread starts: threads inherit that the signals are blocked, so
// that no handler ever interrupts them. SIGPIPE is ignored: a peer that is gone is an error of a
// write.
//
// Thread-safety: belongs to the main thread.
// Lifetime: what it sets stays set for the rest of the process.
// Source: sigwait(3), signal-safety(7).
#pragma once

#include <csignal>

namespace mentat_sync {

class Signals {
 public:
  Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// Waits for the next of them, and returns its number.
  int wait();
  /// Whether that one says that the process is to end.
  bool ends(int number) const;

  /// From now on SIGTERM or SIGINT ends the process at once, with 128 + its number: whoever asks
  /// twice does not want to wait. Nothing acknowledged is lost, for that is on disk.
  void exit_on_next();

 private:
  sigset_t taken_{};
  bool at_terminal_ = false;
};

/// "SIGTERM", of one of those above.
const char* name_of_signal(int number);

}  // namespace mentat_sync
