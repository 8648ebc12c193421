// TrustedProxies: whose word is taken for where a request comes from. A proxy in front of the
// server appends its peer's address to X-Forwarded-For; anybody may send such a header, so it
// counts only from those that the operator names.
//
// Thread-safety: immutable once built.
// Failures: add() by Status; a header that cannot be read is as none.
// Source: X-Forwarded-For has no standard; read as nginx's real_ip_recursive does, from the right.
#pragma once

#include "http/message.hpp"
#include "storage/result.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

class TrustedProxies {
 public:
  /// An address or a network: "10.0.0.1", "10.0.0.0/8", "fd00::/8".
  Status add(std::string_view network);

  /// The peer, or, when that is a trusted proxy, the last address in X-Forwarded-For that is not
  /// one. A port beside an address is dropped; IPv4 that IPv6 maps is given as IPv4.
  boost::asio::ip::address client_of(const RequestHeader& header,
                                     const boost::asio::ip::address& peer) const;

 private:
  struct Network {
    boost::asio::ip::address_v6::bytes_type prefix{};
    unsigned bits = 0;
  };

  bool trusts(const boost::asio::ip::address& address) const;

  /// IPv4 networks as IPv6 maps them.
  std::vector<Network> networks_;
};

}  // namespace mentat_sync
