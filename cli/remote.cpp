// Signal handlers that write to an eventfd, and messages.
#include "cli/remote.hpp"

#include "cli/exit_codes.hpp"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <iostream>

namespace mentat_sync {
namespace {

// What the handler interrupts. Lock-free, as a signal handler needs it.
std::atomic<Interrupter*> interrupted_by_signals{nullptr};
static_assert(std::atomic<Interrupter*>::is_always_lock_free);

extern "C" void interrupt_clients(int) {
  if (auto* interrupter = interrupted_by_signals.load()) interrupter->interrupt();
}

}  // namespace

Interruption::Interruption() {
  interrupted_by_signals = &interrupter_;
  struct sigaction settings {};
  settings.sa_handler = interrupt_clients;
  // The second one ends the process, whatever it does.
  settings.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
  ::sigaction(SIGINT, &settings, &old_int_);
  ::sigaction(SIGTERM, &settings, &old_term_);
}

Interruption::~Interruption() {
  ::sigaction(SIGINT, &old_int_, nullptr);
  ::sigaction(SIGTERM, &old_term_, nullptr);
  interrupted_by_signals = nullptr;
}

ClientOptions client_options(const Interruption& interruption) {
  ClientOptions options;
  options.user_agent = "mentat-sync/" MENTAT_SYNC_VERSION;
  options.interrupter = &interruption.interrupter();
  return options;
}

Client make_client(const RemoteOptions& options, const Interruption& interruption) {
  return {options.server, options.user, client_options(interruption)};
}

int fail(const std::string& message) {
  std::cerr << "mentat-sync: " << message << std::endl;
  return exit_codes::failure;
}

int fail(const ClientError& error) {
  return fail(error.message);
}

int finish_output() {
  errno = 0;
  if (std::cout.flush()) return exit_codes::success;
  if (errno == EPIPE) return exit_codes::failure;
  return fail("cannot write to standard output" +
              (errno ? ": " + std::string{std::strerror(errno)} : std::string{}));
}

}  // namespace mentat_sync
