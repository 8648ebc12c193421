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
    sigset_t held;
    ::sigemptyset(&held);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&held, number);
    ::pthread_sigmask(SIG_BLOCK, &held, &before_);
  }
  ~HeldSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace mentat_sync
