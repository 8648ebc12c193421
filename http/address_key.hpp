// AddressKey: what counts as one address when clients are told apart. An IPv4 address, or a /64 of
// IPv6: a single customer has at least that much of the latter, and could be any part of it.
//
// Thread-safety: a value type, and pure functions.
#pragma once

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>

namespace mentat_sync {

/// 16 bytes, those of IPv4 as IPv6 maps them.
using AddressKey = std::array<unsigned char, 16>;

/// IPv4 as such, also where IPv6 maps it, as a socket of both has it: one client has one name.
inline boost::asio::ip::address unmapped(const boost::asio::ip::address& address) {
  namespace ip = boost::asio::ip;
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

inline AddressKey address_key(const boost::asio::ip::address& address) {
  namespace ip = boost::asio::ip;
  if (address.is_v4()) return ip::make_address_v6(ip::v4_mapped, address.to_v4()).to_bytes();
  AddressKey key = address.to_v6().to_bytes();
  if (!address.to_v6().is_v4_mapped()) std::fill(key.begin() + 8, key.end(), 0);
  return key;
}

}  // namespace mentat_sync
