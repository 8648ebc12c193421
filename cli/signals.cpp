// sigwait for the signals, a handler that exits for the second.
#include "cli/signals.hpp"

#include <initializer_list>
#include <unistd.h>

namespace mentat_sync {
namespace {

constexpr int exit_code_base = 128;  // as a shell reports a signal

extern "C" void exit_at_once(int number) {
  ::_exit(exit_code_base + number);
}

extern "C" void do_nothing(int) {}

void set_action(int number, void (*action)(int)) {
  struct sigaction settings {};
  settings.sa_handler = action;
  ::sigaction(number, &settings, nullptr);
}

}  // namespace

Signals::Signals() : at_terminal_(::isatty(STDERR_FILENO) != 0) {
  set_action(SIGPIPE, SIG_IGN);
  // Never called, for the signal is blocked: it tells whoever wants to send it that it is taken
  // (see store_holder.hpp). That it is blocked is not shown while a thread waits for it.
  set_action(SIGUSR1, do_nothing);
  ::sigemptyset(&taken_);
  for (int number : {SIGTERM, SIGINT, SIGUSR1, SIGHUP}) ::sigaddset(&taken_, number);
  ::pthread_sigmask(SIG_BLOCK, &taken_, nullptr);
}

int Signals::wait() {
  int number = 0;
  while (::sigwait(&taken_, &number) != 0) {
  }
  return number;
}

bool Signals::ends(int number) const {
  return number == SIGTERM || number == SIGINT || (number == SIGHUP && at_terminal_);
}

void Signals::exit_on_next() {
  for (int number : {SIGTERM, SIGINT}) set_action(number, exit_at_once);
  for (int number : {SIGUSR1, SIGHUP}) set_action(number, SIG_IGN);
  ::pthread_sigmask(SIG_UNBLOCK, &taken_, nullptr);
}

const char* name_of_signal(int number) {
  switch (number) {
    case SIGTERM:
      return "SIGTERM";
    case SIGINT:
      return "SIGINT";
    case SIGUSR1:
      return "SIGUSR1";
    case SIGHUP:
      return "SIGHUP";
    default:
      return "unknown";
  }
}

}  // namespace mentat_sync
