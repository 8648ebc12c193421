// TlsPeer: a blocking TLS client for tests, which can also do what a well-behaved one would not.
//
// Thread-safety: one thread. Every wait is bounded, so that a server that says nothing fails a test
// instead of hanging it.
#pragma once

#include "http/tls/openssl_handles.hpp"
#include "test_certificates.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

struct TlsPeerOptions {
  /// PEM: whom it trusts. Empty: everybody.
  std::string authority = {};
  std::optional<TestIdentity> identity = {};
  std::vector<std::string> protocols = {};
  /// 0: whatever the server wants.
  int version_min = 0;
  int version_max = 0;
  /// To be resumed.
  SSL_SESSION* session = nullptr;
};

class TlsPeer {
 public:
  /// Connects, and shakes hands.
  explicit TlsPeer(std::uint16_t port, const TlsPeerOptions& options = {});
  /// On a socket that is connected, which it then owns.
  TlsPeer(int descriptor, const TlsPeerOptions& options, bool shakes_hands = true);
  ~TlsPeer();
  TlsPeer(const TlsPeer&) = delete;
  TlsPeer& operator=(const TlsPeer&) = delete;

  bool handshake();
  /// Empty: none.
  const std::string& failure() const { return failure_; }
  SSL& tls() { return *tls_; }
  int descriptor() const { return descriptor_; }

  /// False when it is not taken.
  bool send(std::string_view bytes);
  /// Of one record at the most; empty at the end or on failure.
  std::string read_some();
  /// Whether `text` arrives; what came is kept in received().
  bool awaits(std::string_view text);
  std::string read_to_end();
  const std::string& received() const { return received_; }
  /// How the stream has ended: with the peer's close_notify.
  bool said_goodbye() const;
  /// Close_notify, and the end of TCP's stream.
  void finish_sending();
  /// The end of TCP's stream alone.
  void cut_off();

 private:
  int descriptor_;
  TlsContextHandle context_;
  TlsHandle tls_;
  std::string failure_;
  std::string received_;
};

/// A blocking socket with time-outs, connected to a port of this machine.
int connect_to(std::uint16_t port);

}  // namespace mentat_sync
