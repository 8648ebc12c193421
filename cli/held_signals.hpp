// HeldSignals: while it lives, SIGINT, SIGTERM and SIGHUP wait.
//
// Whoever is ended while it reads a store leaves its snapshot behind, for which the writer keeps
// pages until somebody clears it away.
//
// Thread-safety: the calling thread's signals; before others are started.
// Source: pthread_sigmask(3).
#pragma once

#include <csignal>
#include <initializer_list>

namespace mentat_sync {

class HeldSignals {
 public:
  HeldSignals() {
    const sigset_t held = all();
    ::pthread_sigmask(SIG_BLOCK, &held, &before_);
  }
  ~HeldSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

  /// Whether one waits.
  static bool waiting() {
    sigset_t waiting;
    ::sigpending(&waiting);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
      if (::sigismember(&waiting, number) == 1) return true;
    }
    return false;
  }

  /// Lets those that wait have their effect, which may be the end.
  static void let_through() {
    const sigset_t held = all();
    sigset_t before;
    ::pthread_sigmask(SIG_UNBLOCK, &held, &before);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

 private:
  static sigset_t all() {
    sigset_t held;
    ::sigemptyset(&held);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&held, number);
    return held;
  }

  sigset_t before_{};
};

}  // namespace mentat_sync
