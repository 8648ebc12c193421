// Signal handlers that write to an eventfd, and messages.
#include "cli/remote.hpp"

#include "cli/exit_codes.hpp"

#include <arpa/inet.h>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <iostream>
#include <system_error>

namespace mentat_sync {
namespace {

// What the handler interrupts, and the last signal that it was called for. Lock-free, as a signal
// handler needs it.
std::atomic<Interrupter*> interrupted_by_signals{nullptr};
std::atomic<int> caught_signal{0};
static_assert(std::atomic<Interrupter*>::is_always_lock_free);
static_assert(std::atomic<int>::is_always_lock_free);

/// "127.example.org" is not.
bool is_this_machine(const std::string& host) {
  constexpr std::uint32_t loopback_network = 127;
  in_addr address{};
  const bool is_ipv4 = ::inet_pton(AF_INET, host.c_str(), &address) == 1;
  if (is_ipv4) return ntohl(address.s_addr) >> 24U == loopback_network;
  return host == "localhost" || host == "::1";
}

extern "C" void interrupt_clients(int number) {
  caught_signal = number;
  if (auto* interrupter = interrupted_by_signals.load()) interrupter->interrupt();
}

}  // namespace

Interruption::Interruption() {
  interrupted_by_signals = &interrupter_;
  caught_signal = 0;
  struct sigaction settings {};
  settings.sa_handler = interrupt_clients;
  // The second one ends the process, whatever it does. Without SA_RESTART: a read or a write that
  // waits for a pipe's other end must end too.
  settings.sa_flags = static_cast<int>(SA_RESETHAND);
  ::sigaction(SIGINT, &settings, &old_int_);
  ::sigaction(SIGTERM, &settings, &old_term_);
}

Interruption::~Interruption() {
  ::sigaction(SIGINT, &old_int_, nullptr);
  ::sigaction(SIGTERM, &old_term_, nullptr);
  interrupted_by_signals = nullptr;
}

ClientOptions client_options(const ServerUrl& server, const RemoteAccess& access,
                             const Interruption& interruption) {
  ClientOptions options;
  options.user_agent = "mentat-sync/" MENTAT_SYNC_VERSION;
  options.interrupter = &interruption.interrupter();
  options.token = access.token_of_file.empty() ? access.token : access.token_of_file;
  options.ca_file = access.ca_file;
  options.certificate_file = access.certificate_file;
  options.key_file = access.key_file;
  if (!options.token.empty() && !server.encrypted() && !is_this_machine(server.host())) {
    std::cerr << "mentat-sync: warning: the token goes to " << server.host()
              << " in the clear; use https://" << std::endl;
  }
  return options;
}

Client make_client(const RemoteOptions& options, const Interruption& interruption) {
  return {options.server, options.user,
          client_options(options.server, options.access, interruption)};
}

int fail(const std::string& message) {
  // Whatever failed after it, failed because of it.
  if (const int number = caught_signal; number != 0) {
    std::cerr << "mentat-sync: interrupted" << std::endl;
    return exit_codes::first_signal + number;
  }
  std::cerr << "mentat-sync: " << message << std::endl;
  return exit_codes::failure;
}

int fail(const ClientError& error) {
  return fail(error.message);
}

Status write_output(std::string_view bytes) {
  errno = 0;
  if (std::cout.write(bytes.data(), static_cast<std::streamsize>(bytes.size()))) return {};
  const int error = errno;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
  const std::string why = error != 0 ? std::string{": "} + std::strerror(error) : "";
  return {ErrorCode::io, "cannot write to standard output" + why};
}

int finish_output() {
  // What failed before has left its reason there, as far as nothing has failed since.
  if (std::cout.good()) errno = 0;
  if (std::cout.flush()) return exit_codes::success;
  if (errno == EPIPE) return exit_codes::failure;
  return fail("cannot write to standard output" +
              (errno ? ": " + std::generic_category().message(errno) : std::string{}));
}

}  // namespace mentat_sync
