// See trusted_proxies.hpp.
#include "http/trusted_proxies.hpp"

#include "http/address_key.hpp"
#include "http/field_list.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>

namespace mentat_sync {
namespace {

namespace ip = boost::asio::ip;

constexpr unsigned bits_before_mapped_v4 = 96;

ip::address_v6::bytes_type bytes_of(const ip::address& address) {
  if (address.is_v4()) return ip::make_address_v6(ip::v4_mapped, address.to_v4()).to_bytes();
  return address.to_v6().to_bytes();
}

std::optional<unsigned> parse_bits(std::string_view digits) {
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return bits;
}

bool same_prefix(const ip::address_v6::bytes_type& a, const ip::address_v6::bytes_type& b,
                 unsigned bits) {
  const std::size_t whole = bits / 8;
  if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin())) {
    return false;
  }
  if (bits % 8 == 0) return true;
  const unsigned unused = 8 - bits % 8;
  return (a[whole] >> unused) == (b[whole] >> unused);
}

bool is_port(std::string_view digits) {
  constexpr std::size_t digits_max = 5;
  return !digits.empty() && digits.size() <= digits_max &&
         digits.find_first_not_of("0123456789") == digits.npos;
}

/// "192.0.2.7" of "192.0.2.7:80", "2001:db8::7" of "[2001:db8::7]:80" and of "[2001:db8::7]": some
/// proxies name the port too. What has another shape stays as it is.
std::string_view without_port(std::string_view member) {
  const auto colon = member.rfind(':');
  if (member.starts_with('[')) {
    const auto bracket = member.find(']');
    if (bracket == member.npos) return member;
    const auto rest = member.substr(bracket + 1);
    const bool is_whole = rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
    return is_whole ? member.substr(1, bracket - 1) : member;
  }
  const bool is_only_one = colon != member.npos && member.find(':') == colon;
  return is_only_one && is_port(member.substr(colon + 1)) ? member.substr(0, colon) : member;
}

/// The address in a member of the header.
std::optional<ip::address> parse_member(std::string_view member) {
  boost::system::error_code error;
  const auto address = ip::make_address(std::string{without_port(member)}, error);
  return error ? std::nullopt : std::optional{unmapped(address)};
}

/// Takes the last member off a comma-separated list.
std::string_view take_last(std::string_view& list) {
  const auto comma = list.rfind(',');
  const auto last = comma == std::string_view::npos ? list : list.substr(comma + 1);
  list = comma == std::string_view::npos ? std::string_view{} : list.substr(0, comma);
  return trimmed(last);
}

}  // namespace

Status TrustedProxies::add(std::string_view network) {
  const auto slash = network.find('/');
  boost::system::error_code error;
  const auto address = ip::make_address(std::string{network.substr(0, slash)}, error);
  const unsigned most = !error && address.is_v4() ? 32 : 128;
  const auto bits = slash == std::string_view::npos ? std::optional<unsigned>{most}
                                                    : parse_bits(network.substr(slash + 1));
  if (error || !bits || *bits > most) {
    return {ErrorCode::invalid, "'" + std::string{network} +
                                    "' is no address or network such as 10.0.0.1 or 10.0.0.0/8"};
  }
  networks_.push_back({bytes_of(address), address.is_v4() ? bits_before_mapped_v4 + *bits : *bits});
  return {};
}

ip::address TrustedProxies::client_of(const RequestHeader& header, const ip::address& peer) const {
  if (networks_.empty() || !trusts(peer)) return unmapped(peer);
  const auto all = combined(header, "X-Forwarded-For");
  std::string_view rest = all ? std::string_view{*all} : std::string_view{};
  ip::address client = unmapped(peer);
  while (!rest.empty()) {
    const auto address = parse_member(take_last(rest));
    if (!address) return client;
    client = *address;
    if (!trusts(client)) return client;
  }
  return client;
}

bool TrustedProxies::trusts(const ip::address& address) const {
  const auto bytes = bytes_of(address);
  return std::ranges::any_of(networks_, [&](const Network& network) {
    return same_prefix(bytes, network.prefix, network.bits);
  });
}

}  // namespace mentat_sync
