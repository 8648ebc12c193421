// A BIO over a non-blocking socket that somebody else owns.
//
// OpenSSL's own writes by write(2), and so raises SIGPIPE when the peer has gone: a library must
// not count on that being ignored.
//
// Thread-safety: as its socket. Ownership: does not close the descriptor, which must outlive it.
// Failures: none but memory. Source: BIO_meth_new(3).
#pragma once

#include "http/tls/openssl_handles.hpp"

namespace mentat_sync {

/// Throws std::bad_alloc.
BioHandle make_socket_bio(int descriptor);

/// Has `tls` read and write `descriptor`, by one BIO for both.
void use_socket(SSL& tls, int descriptor);

}  // namespace mentat_sync
