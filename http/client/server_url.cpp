// A small strict parser: what is not plainly one of the few forms is refused, rather than guessed.
#include "http/client/server_url.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <optional>
#include <utility>

namespace mentat_sync {
namespace {

constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;
constexpr std::string_view http_scheme = "http://";
constexpr std::string_view https_scheme = "https://";
constexpr std::size_t host_chars_max = 253;  // RFC 1035, section 2.3.4

Status refused(std::string_view text, std::string_view why) {
  return {ErrorCode::invalid, "'" + std::string{text} + "' is no server's URL: " +
                                  std::string{why} + " (such as http://127.0.0.1:5013)"};
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_name(std::string_view text) {
  const auto allowed = [](char c) {
    return is_alphanumeric(c) || std::string_view{".-_"}.find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= host_chars_max &&
         std::all_of(text.begin(), text.end(), allowed);
}

bool is_ipv6(const std::string& text) {
  in6_addr ignored{};
  return ::inet_pton(AF_INET6, text.c_str(), &ignored) == 1;
}

/// RFC 3986's pchar and "/". Escapes are passed on as they are.
bool is_path(std::string_view text) {
  const auto allowed = [](char c) {
    return is_alphanumeric(c) ||
           std::string_view{"-._~!$&'()*+,;=:@%/"}.find(c) != std::string_view::npos;
  };
  return std::all_of(text.begin(), text.end(), allowed);
}

std::optional<std::uint16_t> parse_port(std::string_view text, std::uint16_t by_default) {
  if (text.empty()) return by_default;
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc{} || rest != end || port == 0) return std::nullopt;
  return port;
}

/// Host and what follows it: nothing, or ":" and a port.
std::optional<std::pair<std::string, std::string_view>> split_authority(std::string_view text) {
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == text.npos) return std::nullopt;
    std::string host{text.substr(1, close - 1)};
    if (!is_ipv6(host)) return std::nullopt;
    return std::pair{std::move(host), text.substr(close + 1)};
  }
  const auto colon = std::min(text.find(':'), text.size());
  if (!is_name(text.substr(0, colon))) return std::nullopt;
  return std::pair{std::string{text.substr(0, colon)}, text.substr(colon)};
}

}  // namespace

Result<ServerUrl> ServerUrl::parse(std::string_view text) {
  const bool encrypted = text.starts_with(https_scheme);
  if (!encrypted && !text.starts_with(http_scheme)) {
    return refused(text, "it must begin with http:// or https://");
  }
  const auto rest = text.substr(encrypted ? https_scheme.size() : http_scheme.size());
  const auto slash = std::min(rest.find('/'), rest.size());
  const auto authority = split_authority(rest.substr(0, slash));
  if (!authority)
    return refused(text, "a host must follow the scheme, an IPv6 address in brackets");
  const auto after = authority->second;
  if (!after.empty() && !after.starts_with(':')) return refused(text, "the port is malformed");
  const auto port =
      parse_port(after.empty() ? after : after.substr(1), encrypted ? https_port : http_port);
  if (!port) return refused(text, "a port is a number from 1 to 65535");
  auto prefix = rest.substr(slash);
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  if (!is_path(prefix)) return refused(text, "only a plain path may follow the host");

  ServerUrl url;
  url.encrypted_ = encrypted;
  url.host_ = authority->first;
  url.port_ = *port;
  url.prefix_ = prefix;
  return url;
}

std::string ServerUrl::authority() const {
  const bool ipv6 = host_.find(':') != std::string::npos;
  return (ipv6 ? "[" + host_ + "]" : host_) + ":" + std::to_string(port_);
}

std::string ServerUrl::to_string() const {
  return std::string{encrypted_ ? https_scheme : http_scheme} + authority() + prefix_;
}

}  // namespace mentat_sync
