// What the commands that talk to a server have in common when they run: the client, being
// interrupted, and saying what went wrong.
//
// Thread-safety: the main thread.
// Lifetime: one Interruption at a time; while it lives SIGINT and SIGTERM end what clients wait
// for, and what they interrupt fails with 128 and the signal's number, as a shell counts.
// Failures: told on standard error; the exit code is returned.
#pragma once

#include "cli/remote_options.hpp"
#include "http/client/client.hpp"
#include "http/client/interrupter.hpp"
#include "storage/result.hpp"

#include <csignal>
#include <string>
#include <string_view>

namespace mentat_sync {

class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  const Interrupter& interrupter() const { return interrupter_; }

 private:
  Interrupter interrupter_;
  struct sigaction old_int_ {};
  struct sigaction old_term_ {};
};

/// Warns when a token would cross a network in the clear.
ClientOptions client_options(const ServerUrl& server, const RemoteAccess& access,
                             const Interruption& interruption);
Client make_client(const RemoteOptions& options, const Interruption& interruption);

/// Says it, and returns exit_codes::failure; after a signal it says that, and returns its exit
/// code.
int fail(const std::string& message);
int fail(const ClientError& error);

/// A failure gives the system's reason.
Status write_output(std::string_view bytes);

/// Flushes standard output: success, or failure (said, unless whoever read has gone).
int finish_output();

}  // namespace mentat_sync
