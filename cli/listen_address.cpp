// Splits at the last colon; the system's own parser judges the address.
#include "cli/listen_address.hpp"

#include <arpa/inet.h>
#include <charconv>
#include <netinet/in.h>

namespace mentat_sync {
namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (text.empty() || error != std::errc{} || stop != end) return std::nullopt;
  return port;
}

bool is_ipv4(const std::string& address) {
  in_addr parsed{};
  return ::inet_pton(AF_INET, address.c_str(), &parsed) == 1;
}

bool is_ipv6(const std::string& address) {
  in6_addr parsed{};
  return ::inet_pton(AF_INET6, address.c_str(), &parsed) == 1;
}

bool is_bracketed(std::string_view host) {
  return host.size() > 2 && host.front() == '[' && host.back() == ']';
}

}  // namespace

std::optional<ListenAddress> ListenAddress::parse(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = parse_port(text.substr(colon + 1));
  if (!port) return std::nullopt;
  const auto host = text.substr(0, colon);
  if (is_bracketed(host)) {
    std::string address{host.substr(1, host.size() - 2)};
    if (!is_ipv6(address)) return std::nullopt;
    return ListenAddress{std::move(address), *port};
  }
  std::string address{host};
  if (!is_ipv4(address)) return std::nullopt;
  return ListenAddress{std::move(address), *port};
}

std::string ListenAddress::to_string() const {
  const bool bracketed = address.find(':') != std::string::npos;
  return (bracketed ? '[' + address + ']' : address) + ':' + std::to_string(port);
}

bool ListenAddress::is_loopback() const {
  in6_addr parsed{};
  if (::inet_pton(AF_INET6, address.c_str(), &parsed) != 1) return address.starts_with("127.");
  const bool is_mapped_loopback = IN6_IS_ADDR_V4MAPPED(&parsed) && parsed.s6_addr[12] == 127;
  return IN6_IS_ADDR_LOOPBACK(&parsed) || is_mapped_loopback;
}

}  // namespace mentat_sync
