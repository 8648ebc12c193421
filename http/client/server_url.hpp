// ServerUrl: where a server is, as people write it: "http://127.0.0.1:5013",
// "http://[::1]:5013/sync".
//
// Thread-safety: a value type.
// Failures: a Status that says what is wrong with the text.
// Source: RFC 3986, of which it takes scheme, host, port and path.
#pragma once

#include "storage/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mentat_sync {

class ServerUrl {
 public:
  /// http or https, a host (a name, an IPv4 address, or an IPv6 address in brackets), a port (80 or
  /// 443 when there is none), and what stands before the API's paths, for a server behind a proxy.
  static Result<ServerUrl> parse(std::string_view text);

  /// https.
  bool encrypted() const { return encrypted_; }
  /// Without brackets.
  const std::string& host() const { return host_; }
  std::uint16_t port() const { return port_; }
  /// Empty, or begins with "/" and does not end with it.
  const std::string& prefix() const { return prefix_; }

  /// As the Host header has it: "[::1]:5013".
  std::string authority() const;
  std::string to_string() const;

  friend bool operator==(const ServerUrl&, const ServerUrl&) = default;

 private:
  bool encrypted_ = false;
  std::string host_;
  std::uint16_t port_ = 0;
  std::string prefix_;
};

}  // namespace mentat_sync
