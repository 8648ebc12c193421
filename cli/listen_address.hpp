// ListenAddress: "127.0.0.1:5013" or "[::1]:5013", taken apart.
//
// Thread-safety: a value type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mentat_sync {

struct ListenAddress {
  /// Numeric, IPv6 without its brackets.
  std::string address = "127.0.0.1";
  /// 0: the system chooses.
  std::uint16_t port = 5013;

  /// Nothing when `text` is not a numeric address, a colon and a port. Names are refused: what a
  /// name resolves to can change, and with it who can reach the server.
  static std::optional<ListenAddress> parse(std::string_view text);

  /// As parse() takes it.
  std::string to_string() const;

  /// Whether only programs on this machine can reach it.
  bool is_loopback() const;

  friend bool operator==(const ListenAddress&, const ListenAddress&) = default;
};

}  // namespace mentat_sync
