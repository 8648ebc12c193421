// The compact form and its header.
#include "http/auth/jwt.hpp"

#include "http/ascii_case.hpp"
#include "http/auth/base64url.hpp"
#include "http/auth/strict_json.hpp"

#include <algorithm>
#include <optional>

namespace mentat_sync {
namespace {

using nlohmann::json;

constexpr Refused malformed{"The token is no JWT"};
constexpr Refused wrong_type{"The token is a JWT for something else"};
constexpr Refused needs_more{"The token wants extensions that are not known here"};
constexpr Refused wrong_algorithm{"The algorithm of the token is not taken here"};
constexpr Refused wrong_key{"No key of this server has signed the token"};

struct Parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  /// Header and payload, with the dot between them.
  std::string_view signed_text;
};

std::optional<Parts> split(std::string_view token) {
  const auto first = token.find('.');
  const auto second = first == token.npos ? token.npos : token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos) return std::nullopt;
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
               token.substr(second + 1), token.substr(0, second)};
}

/// Whether it is an access token as far as it says: tokens of other types may be signed with the
/// same key (RFC 8725, section 3.11).
bool has_right_type(const json& header) {
  if (!header.contains("typ")) return true;
  const auto type = string_member(header, "typ").value_or("");
  const auto is = [&type](std::string_view other) { return equal_ignoring_case(type, other); };
  return is("JWT") || is("at+jwt") || is("application/at+jwt");
}

/// A "kid" that is there must be a string.
bool has_right_key_id(const json& header) {
  return !header.contains("kid") || string_member(header, "kid");
}

/// The key for a token with this header.
std::variant<const JwtKey*, Refused> key_for(const JwtKeys& keys, const json& header) {
  if (!has_right_type(header)) return wrong_type;
  if (header.contains("crit")) return needs_more;
  const auto algorithm = parse_jwt_algorithm(string_member(header, "alg").value_or(""));
  if (!algorithm) return wrong_algorithm;
  if (!has_right_key_id(header)) return malformed;
  const JwtKey* key = keys.find(*algorithm, string_member(header, "kid"));
  if (key == nullptr) return wrong_key;
  return key;
}

}  // namespace

std::variant<std::string, Refused> verified_payload(const JwtKeys& keys, std::string_view token) {
  const auto parts = split(token);
  if (!parts) return malformed;
  const auto header_text = base64url::decode(parts->header);
  const auto header = parse_strict_object(header_text.value_or(""));
  const auto signature = base64url::decode(parts->signature);
  auto payload = base64url::decode(parts->payload);
  if (!header || !signature || !payload) return malformed;
  const auto key = key_for(keys, *header);
  if (const auto* refused = std::get_if<Refused>(&key)) return *refused;
  if (!std::get<const JwtKey*>(key)->verifies(parts->signed_text, *signature)) return wrong_key;
  return *std::move(payload);
}

}  // namespace mentat_sync
