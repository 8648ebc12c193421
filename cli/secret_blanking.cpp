// Parameters first, by their names; then tokens wherever they stand, by their forms.
#include "cli/secret_blanking.hpp"

#include "http/ascii_case.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

namespace mentat_sync {
namespace {

constexpr std::string_view blank = "***";

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Of base64url.
bool is_token_char(char c) {
  return (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_' ||
         c == '-';
}

int value_of(char hex) {
  return hex <= '9' ? hex - '0' : ascii_lower(hex) - 'a' + 10;
}

/// A text without percent-encoding, and where each of its characters begins in the original.
struct Plain {
  std::string text;
  /// One more than there are characters: the end.
  std::vector<std::size_t> begins;
};

Plain plain_of(std::string_view raw) {
  Plain plain;
  for (std::size_t i = 0; i < raw.size();) {
    plain.begins.push_back(i);
    const bool encoded =
        raw[i] == '%' && i + 2 < raw.size() && is_hex(raw[i + 1]) && is_hex(raw[i + 2]);
    plain.text +=
        encoded ? static_cast<char>(value_of(raw[i + 1]) * 16 + value_of(raw[i + 2])) : raw[i];
    i += encoded ? 3 : 1;
  }
  plain.begins.push_back(raw.size());
  return plain;
}

// --- Parameters --------------------------------------------------------------------------------

bool names_a_secret(std::string_view name) {
  std::string plain = plain_of(name).text;
  std::ranges::transform(plain, plain.begin(), ascii_lower);
  return plain.ends_with("token");
}

std::string without_value(std::string_view parameter) {
  const auto equals = parameter.find('=');
  if (equals == parameter.npos || !names_a_secret(parameter.substr(0, equals))) {
    return std::string{parameter};
  }
  return std::string{parameter.substr(0, equals + 1)}.append(blank);
}

std::string without_secret_parameters(std::string_view text) {
  const auto query = text.find('?');
  if (query == text.npos) return std::string{text};
  std::string kept{text.substr(0, query)};
  auto rest = text.substr(query);
  while (!rest.empty()) {
    kept += rest.front();  // '?' or '&'
    rest.remove_prefix(1);
    const auto parameter = rest.substr(0, rest.find('&'));
    kept += without_value(parameter);
    rest.remove_prefix(parameter.size());
  }
  return kept;
}

// --- Tokens ------------------------------------------------------------------------------------

/// What was found at the beginning of a text, of which the first `run` characters may be of a
/// token; and how much of that may stay.
struct Secret {
  std::size_t kept = 0;
  std::size_t size = 0;
};

std::size_t run_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is_token_char) - text.begin());
}

/// "mst_", 12 hexadecimal digits, "_" and the secret; however it was misspelt.
std::optional<Secret> own_token_at(std::string_view text, std::size_t run) {
  constexpr std::string_view prefix = "mst_";
  constexpr std::size_t id_chars = 12;
  if (!text.starts_with(prefix)) return std::nullopt;
  const std::size_t head = prefix.size() + id_chars;
  if (run <= head) return std::nullopt;
  const bool has_id =
      std::ranges::all_of(text.substr(prefix.size(), id_chars), is_hex) && text[head] == '_';
  return Secret{has_id ? head + 1 : prefix.size(), run};
}

/// The header of a JWT is an object in base64url: '{"…' is "eyJ…".
std::optional<Secret> jwt_at(std::string_view text, std::size_t header) {
  constexpr std::string_view prefix = "eyJ";
  if (!text.starts_with(prefix)) return std::nullopt;
  std::size_t size = header;
  while (size < text.size() && text[size] == '.') size += 1 + run_of(text.substr(size + 1));
  if (size <= header + 1) return std::nullopt;
  return Secret{prefix.size(), size};
}

std::string without_tokens(std::string_view raw) {
  const Plain plain = plain_of(raw);
  std::string kept;
  std::size_t copied = 0;
  std::size_t run_end = 0;  // of each run once, so that no target takes long
  for (std::size_t i = 0; i < plain.text.size();) {
    const auto rest = std::string_view{plain.text}.substr(i);
    if (i >= run_end) run_end = i + run_of(rest);
    auto secret = own_token_at(rest, run_end - i);
    if (!secret) secret = jwt_at(rest, run_end - i);
    if (secret) {
      kept.append(raw.substr(copied, plain.begins[i + secret->kept] - copied)).append(blank);
      copied = plain.begins[i + secret->size];
    }
    i += secret ? secret->size : 1;
  }
  return kept.append(raw.substr(copied));
}

}  // namespace

std::string without_secrets(std::string_view text) {
  return without_tokens(without_secret_parameters(text));
}

}  // namespace mentat_sync
