// TlsTransport: TLS over a socket, by OpenSSL on the socket itself.
//
// It tries, and waits for the socket only when that would block: so an idle connection holds none
// of OpenSSL's buffers, and no buffer of ours.
//
// Thread-safety, ownership, failures: as Transport. The errors are OpenSSL's, in the category
// asio::error::get_ssl_category(); a stream that ends without the peer's close_notify is one.
// Source: SSL_read(3), SSL_get_error(3); RFC 8446 section 6.1 (closure alerts).
#pragma once

#include "http/transport.hpp"

#include <memory>

struct ssl_ctx_st;

namespace mentat_sync {

/// The server's side. The transport holds what it needs of `context`. Throws std::bad_alloc.
std::unique_ptr<Transport> make_tls_transport(Socket socket, ssl_ctx_st& context);

}  // namespace mentat_sync
