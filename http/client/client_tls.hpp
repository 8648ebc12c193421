// ClientTls: TLS on a client's socket that is connected already. The server's certificate must come
// from a trusted authority and be for the host that was asked for; there is no way around that.
//
// Thread-safety: one thread. Ownership: not the descriptor, which must outlive it.
// Failures: error codes: OpenSSL's in asio::error::get_ssl_category(), eof at the server's orderly
// end; a stream that ends without that is another error.
// Source: SSL_get_error(3), X509_check_host(3).
#pragma once

#include "http/client/client_options.hpp"
#include "http/tls/openssl_handles.hpp"
#include "storage/result.hpp"

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace mentat_sync {

using ClientTlsContext = std::shared_ptr<SSL_CTX>;

/// Reads the files that the options name; a failure names the one that cannot be used.
Result<ClientTlsContext> make_client_tls_context(const ClientOptions& options);

class ClientTls {
 public:
  using IoCode = boost::system::error_code;

  /// What an attempt has come to: bytes, an error, or the events of poll(2) to wait for.
  struct Attempt {
    std::size_t bytes = 0;
    short waits_for = 0;
    IoCode error = {};
  };

  ClientTls(SSL_CTX& context, int descriptor, const std::string& host);

  Attempt handshake();
  Attempt read(void* data, std::size_t size);
  /// After one that must wait, the same bytes must follow.
  Attempt write(std::string_view bytes);
  /// Whether there is something to read; `bytes` is 1 then.
  Attempt peek();
  void say_goodbye();

  /// Why the server's certificate was refused; empty: it was not.
  std::string certificate_fault() const;

 private:
  Attempt failed(int result);

  TlsHandle tls_;
  bool usable_ = false;
};

}  // namespace mentat_sync
