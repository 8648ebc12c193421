// Peer: who is at the other end of a connection, as far as the connection itself knows.
//
// Thread-safety: a value type.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <string>

namespace mentat_sync {

struct Peer {
  boost::asio::ip::address address;
  /// Whether the connection is TLS.
  bool encrypted = false;
  /// The subject (RFC 2253) of the client's certificate, which was verified; empty: it sent none.
  std::string certificate;
};

}  // namespace mentat_sync
