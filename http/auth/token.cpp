// The shape of a token; the lines of the file.
#include "http/auth/token.hpp"

#include "http/auth/base64url.hpp"
#include "http/auth/strict_json.hpp"
#include "http/auth/timestamp.hpp"
#include "storage/bounds.hpp"
#include "storage/character_set.hpp"
#include "storage/hex.hpp"

#include <openssl/rand.h>

#include <array>
#include <set>
#include <utility>

namespace mentat_sync {
namespace {

using nlohmann::json;

constexpr std::string_view prefix = "mst_";
constexpr std::size_t id_bytes = 6;
constexpr std::size_t id_chars = 2 * id_bytes;
constexpr std::size_t secret_bytes = 32;
constexpr std::size_t secret_chars = 43;
constexpr std::size_t token_chars = prefix.size() + id_chars + 1 + secret_chars;

constexpr std::size_t name_bytes_max = 100;  // of a line of `token list`

constexpr std::string_view header_line = R"({"format":"mentat-sync-tokens","version":1})";
constexpr std::string_view all_users = "*";

constexpr CharacterSet hex_digits{"0123456789abcdef"};

std::optional<Sha256> parse_sha256(std::string_view hex) {
  Sha256 digest{};
  if (hex.size() != 2 * digest.size() || !hex_digits.holds_all_of(hex)) return std::nullopt;
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<std::uint8_t>(value(hex[2 * i]) * 16 + value(hex[2 * i + 1]));
  }
  return digest;
}

template <std::size_t bytes>
std::optional<std::string> random_bytes() {
  std::array<unsigned char, bytes> random;
  if (::RAND_bytes(random.data(), static_cast<int>(bytes)) != 1) return std::nullopt;
  return std::string{random.begin(), random.end()};
}

std::optional<Scopes> parse_scopes(const json& object) {
  const auto found = object.find("scopes");
  if (found == object.end() || !found->is_array() || found->empty()) return std::nullopt;
  Scopes scopes;
  for (const json& word : *found) {
    const auto scope = word.is_string() ? parse_scope(word.get<std::string>()) : std::nullopt;
    if (!scope) return std::nullopt;
    scopes.add(*scope);
  }
  return scopes;
}

/// The first name in `object` that no record has.
std::optional<std::string> unknown_name(const json& object) {
  static const std::set<std::string> known{"id",   "name",   "created", "expires",
                                           "user", "scopes", "sha256"};
  for (const auto& member : object.items()) {
    if (!known.contains(member.key())) return member.key();
  }
  return std::nullopt;
}

/// Fills in whose log; false when it is neither a uuid nor "*".
bool read_user(const json& object, TokenRecord& record) {
  const auto user = string_member(object, "user");
  if (!user) return false;
  if (*user == all_users) return true;
  record.user = UserId::parse(*user);
  return record.user.has_value();
}

/// Fills in the dates; false when one is malformed.
bool read_dates(const json& object, TokenRecord& record) {
  const auto created = parse_timestamp(string_member(object, "created").value_or(""));
  if (!created) return false;
  record.created = *created;
  if (!object.contains("expires")) return true;
  record.expires = parse_timestamp(string_member(object, "expires").value_or(""));
  return record.expires.has_value();
}

/// The record, or what is wrong with it.
std::variant<TokenRecord, std::string> parse_record(const std::string& line) {
  const auto object = parse_strict_object(line);
  if (!object) return "is no JSON object";
  if (const auto name = unknown_name(*object)) return "has an unknown \"" + *name + "\"";
  TokenRecord record;
  record.id = string_member(*object, "id").value_or("");
  record.name = string_member(*object, "name").value_or("");
  const auto scopes = parse_scopes(*object);
  const auto digest = parse_sha256(string_member(*object, "sha256").value_or(""));
  if (record.id.size() != id_chars || !hex_digits.holds_all_of(record.id)) {
    return "has no \"id\" of 12 hex digits";
  }
  if (!is_token_name(record.name))
    return "has a \"name\" that is too long or has control characters";
  if (!digest) return "has no \"sha256\" of 64 hex digits";
  if (!scopes) return "has no \"scopes\" out of read, write and admin";
  if (!read_user(*object, record)) return "has no \"user\", a uuid or \"*\"";
  if (!read_dates(*object, record)) return "has no date such as \"2026-01-31T12:00:00Z\"";
  record.scopes = *scopes;
  record.sha256 = *digest;
  return record;
}

Status wrong_line(std::size_t number, const std::string& what) {
  return {ErrorCode::invalid, "line " + std::to_string(number) + " " + what};
}

std::string to_line(const TokenRecord& record) {
  nlohmann::ordered_json line;
  line["id"] = record.id;
  line["name"] = record.name;
  line["created"] = to_timestamp(record.created);
  if (record.expires) line["expires"] = to_timestamp(*record.expires);
  line["user"] = record.user ? record.user->to_string() : std::string{all_users};
  line["scopes"] = json::array();
  for (const Scope scope : all_scopes) {
    if (record.scopes.has(scope)) line["scopes"].push_back(to_string(scope));
  }
  line["sha256"] = to_hex(record.sha256);
  return line.dump();
}

}  // namespace

bool is_token_name(std::string_view name) {
  if (name.size() > name_bytes_max) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<unsigned char>(name[i]);
    if (byte < 0x20 || byte == 0x7F) return false;
    // U+0080 to U+009F, which some terminals obey too.
    const bool is_c1 =
        byte == 0xC2 && i + 1 < name.size() && static_cast<unsigned char>(name[i + 1]) < 0xA0;
    if (is_c1) return false;
  }
  return true;
}

std::optional<std::string_view> id_of_token(std::string_view text) {
  if (text.size() != token_chars || !text.starts_with(prefix)) return std::nullopt;
  const auto id = text.substr(prefix.size(), id_chars);
  if (!hex_digits.holds_all_of(id) || text[prefix.size() + id_chars] != '_') return std::nullopt;
  return id;
}

Result<std::string> make_token(TokenRecord& record) {
  const auto id = random_bytes<id_bytes>();
  const auto secret = random_bytes<secret_bytes>();
  if (!id || !secret) return Status{ErrorCode::io, "no random bytes can be had from OpenSSL"};
  record.id.clear();
  append_hex(record.id, *id);
  std::string token =
      std::string{prefix}.append(record.id).append("_").append(base64url::encode(*secret));
  record.sha256 = sha256(token);
  return token;
}

Result<std::vector<TokenRecord>> parse_token_file(std::string_view text) {
  std::vector<TokenRecord> records;
  std::set<std::string> ids;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    if (end == text.npos) return wrong_line(number, "is cut off");
    const std::string line{text.substr(0, end)};
    text.remove_prefix(end + 1);
    if (number == 1) {
      if (line == header_line) continue;
      return wrong_line(number, "is not " + std::string{header_line});
    }
    if (records.size() == bounds::tokens_max) return wrong_line(number, "is one token too many");
    auto record = parse_record(line);
    if (const auto* wrong = std::get_if<std::string>(&record)) return wrong_line(number, *wrong);
    if (!ids.insert(std::get<TokenRecord>(record).id).second) {
      return wrong_line(number, "has an \"id\" that another line has");
    }
    records.push_back(std::get<TokenRecord>(std::move(record)));
  }
  return records;
}

std::string to_token_file(const std::vector<TokenRecord>& records) {
  std::string text = std::string{header_line} + "\n";
  for (const TokenRecord& record : records) text += to_line(record) + "\n";
  return text;
}

}  // namespace mentat_sync
