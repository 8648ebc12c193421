// Tokens that the server's operator hands out: what one looks like, and what is kept of it.
//
// A token is "mst_ID_SECRET": ID is 12 hexadecimal digits, SECRET 32 random bytes as base64url. The
// fixed shape, mst_[0-9a-f]{12}_[A-Za-z0-9_-]{43}, is what scanners for leaked secrets can look
// for.
//
// Of a token only its SHA-256 is kept. A fast hash is enough: slow ones (bcrypt, Argon2) make
// guessing of what people choose expensive, while 256 random bits cannot be guessed at any speed;
// and every request pays for the hash.
//
// Thread-safety: value types and pure functions; make_token() asks OpenSSL for random bytes.
// Shapes: the file is lines of JSON, the first of which names the format:
//   {"format":"mentat-sync-tokens","version":1}
//   {"id":"0123456789ab","name":"laptop","created":"2026-01-31T12:00:00Z",
//    "expires":"2026-04-30T12:00:00Z","user":"6f8c1f3e-…","scopes":["read","write"],"sha256":"…"}
// (one line each). "expires" may be left away, "user" is "*" for all users. An empty file is one
// without tokens. What is not known is refused: it might be a restriction.
// Failures: a Status that names the line.
#pragma once

#include "http/auth/scopes.hpp"
#include "storage/ids.hpp"
#include "storage/result.hpp"
#include "storage/sha256.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

struct TokenRecord {
  std::string id;
  /// For the operator: which device, or whose.
  std::string name;
  std::chrono::sys_seconds created{};
  /// Nothing: never.
  std::optional<std::chrono::sys_seconds> expires;
  /// Nothing: all users.
  std::optional<UserId> user;
  Scopes scopes;
  /// Of the token's text.
  Sha256 sha256{};
};

/// Whether it is fit for a line and for a terminal: not too long, and without control characters.
bool is_token_name(std::string_view name);

/// The id within a token's text; nothing when it has another shape.
std::optional<std::string_view> id_of_token(std::string_view text);

/// Fills in id and hash of a record that has the rest, and gives the token. The token is nowhere
/// else: whoever loses it needs another one.
Result<std::string> make_token(TokenRecord& record);

Result<std::vector<TokenRecord>> parse_token_file(std::string_view text);
std::string to_token_file(const std::vector<TokenRecord>& records);

}  // namespace mentat_sync
