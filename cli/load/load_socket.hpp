// LoadSocket: one non-blocking connection, with TLS over it or not. It never waits: whoever has it
// is told by the event loop when to try again.
//
// Thread-safety: one thread. Ownership: closes its descriptor; the target must outlive it.
// Failures: values; what a failure was does not matter to a load test, only that there was one.
#pragma once

#include "cli/load/load_target.hpp"
#include "http/client/client_tls.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mentat_sync {

class LoadSocket {
 public:
  enum class State : std::uint8_t { done, blocked, ended, failed };

  struct Attempt {
    State state = State::done;
    std::size_t bytes = 0;
  };

  LoadSocket() = default;
  ~LoadSocket() { close(); }
  LoadSocket(const LoadSocket&) = delete;
  LoadSocket& operator=(const LoadSocket&) = delete;

  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }
  /// What TLS had against the server, when connect() has failed; empty: nothing.
  std::string tls_fault() const;

  /// Makes the descriptor and begins to connect; false: it failed.
  bool open(const LoadTarget& target);
  /// Whether it is connected, and TLS begun, by now.
  State connect();
  Attempt write(std::string_view head, std::string_view body);
  Attempt read(char* room, std::size_t size);
  void close();

 private:
  State shake_hands();

  int descriptor_ = -1;
  bool connected_ = false;
  std::optional<ClientTls> tls_;
  bool secured_ = false;
};

}  // namespace mentat_sync
