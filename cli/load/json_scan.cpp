// Whitespace may stand anywhere; escapes do not stand in ids.
#include "cli/load/json_scan.hpp"

#include <algorithm>

namespace mentat_sync {
namespace {

void skip_space(std::string_view& text) {
  const auto at = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  text.remove_prefix(at);
}

bool skip(std::string_view& text, char c) {
  skip_space(text);
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// What follows the key's colon; empty: there is no such key.
std::string_view behind_key(std::string_view json, std::string_view quoted_key) {
  for (auto at = json.find(quoted_key); at != json.npos; at = json.find(quoted_key, at + 1)) {
    auto rest = json.substr(at + quoted_key.size());
    if (skip(rest, ':')) return rest;
  }
  return {};
}

std::optional<std::string_view> take_string(std::string_view& text) {
  if (!skip(text, '"')) return std::nullopt;
  const auto end = text.find('"');
  if (end == text.npos) return std::nullopt;
  const auto string = text.substr(0, end);
  text.remove_prefix(end + 1);
  return string;
}

}  // namespace

std::optional<Uuid> uuid_at(std::string_view json, std::string_view quoted_key) {
  auto rest = behind_key(json, quoted_key);
  const auto string = take_string(rest);
  return string ? Uuid::parse(*string) : std::nullopt;
}

JsonStrings::JsonStrings(std::string_view json, std::string_view quoted_key)
    : rest_(behind_key(json, quoted_key)) {
  malformed_ = !skip(rest_, '[');
  ended_ = malformed_ || skip(rest_, ']');
}

std::optional<std::string_view> JsonStrings::next() {
  if (ended_) return std::nullopt;
  const auto string = take_string(rest_);
  ended_ = skip(rest_, ']');
  malformed_ = !string || (!ended_ && !skip(rest_, ','));
  ended_ = ended_ || malformed_;
  return string;
}

}  // namespace mentat_sync
