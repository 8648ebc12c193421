// TlsCredentials: the certificate that a server shows and what it asks of its clients, read from
// files, and read again while it serves.
//
// Thread-safety: any thread.
// Ownership and lifetime: a connection holds the context that it began with, so reload() ends none.
// Failures: a Status that names the file and what is wrong with it; a failed reload changes
// nothing. Source: OpenSSL 3.0; RFC 7301 (ALPN).
#pragma once

#include "http/tls/tls_options.hpp"
#include "storage/log.hpp"
#include "storage/result.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

// OpenSSL's SSL_CTX, so that whoever includes this needs no header of OpenSSL.
struct ssl_ctx_st;

namespace mentat_sync {

class TlsCredentials {
 public:
  using TimePoint = std::chrono::system_clock::time_point;

  /// Reads the files. What is doubtful but can be used (a certificate that has expired, a key that
  /// others can read) is logged.
  static Result<std::shared_ptr<TlsCredentials>> load(TlsOptions options, Log log);

  /// What new connections are made with.
  std::shared_ptr<ssl_ctx_st> current() const;

  /// Reads the files again. A certificate that has expired is refused unless the present one has
  /// too: a renewal that went wrong must not replace what still works.
  Status reload();

  /// When the certificate expires.
  TimePoint expires() const;

 private:
  struct Loaded {
    std::shared_ptr<ssl_ctx_st> context;
    TimePoint expires;
    std::string subject;
  };

  TlsCredentials(TlsOptions options, Log log);
  static Result<Loaded> read(const TlsOptions& options);
  void take(Loaded loaded);
  void log_doubts(const Loaded& loaded) const;

  const TlsOptions options_;
  const Log log_;
  /// Protects loaded_: read by each I/O thread for each connection, held for a copy.
  mutable std::mutex mutex_;
  Loaded loaded_;
};

}  // namespace mentat_sync
