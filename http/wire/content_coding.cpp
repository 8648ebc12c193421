// Choosing a content coding by the qualities that a peer gives to each.
#include "http/wire/content_coding.hpp"

#include "http/ascii_case.hpp"

#include <algorithm>
#include <array>

namespace mentat_sync {
namespace {

/// In the order of preference among those of one quality.
constexpr std::array preference{ContentCoding::zstd, ContentCoding::gzip, ContentCoding::identity};

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Takes what is before the first `separator` off the front of `text`.
std::string_view take_until(std::string_view& text, char separator) {
  const auto end = std::min(text.find(separator), text.size());
  const auto taken = trim(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return taken;
}

/// A qvalue in thousandths; nothing when it is not one.
std::optional<int> parse_quality(std::string_view text) {
  constexpr int whole = 1000;
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  int quality = text[0] == '1' ? whole : 0;
  int weight = whole;
  for (const char c : text.substr(std::min<std::size_t>(text.size(), 2))) {
    if (c < '0' || c > '9') return std::nullopt;
    weight /= 10;
    quality += (c - '0') * weight;
  }
  if (quality > whole) return std::nullopt;
  return quality;
}

/// The quality that a member's parameters give; nothing when they are not well-formed.
std::optional<int> quality_of(std::string_view parameters) {
  if (parameters.empty()) return 1000;
  const auto name = take_until(parameters, '=');
  if (!equal_ignoring_case(name, "q")) return std::nullopt;
  return parse_quality(trim(parameters));
}

/// What an Accept-Encoding field says of our codings and of all others.
struct Qualities {
  std::array<std::optional<int>, preference.size()> named;
  std::optional<int> others;
};

Qualities parse(std::string_view field) {
  Qualities qualities;
  while (!field.empty()) {
    auto member = take_until(field, ',');
    const auto name = take_until(member, ';');
    const auto quality = quality_of(member);
    if (name.empty() || !quality) continue;
    const auto coding = coding_named(name);
    if (!coding && name != "*") continue;
    auto& said = coding ? qualities.named[static_cast<std::size_t>(*coding)] : qualities.others;
    if (!said) said = quality;
  }
  return qualities;
}

}  // namespace

std::string_view name_of(ContentCoding coding) {
  switch (coding) {
    case ContentCoding::gzip:
      return "gzip";
    case ContentCoding::zstd:
      return "zstd";
    case ContentCoding::identity:
      break;
  }
  return "identity";
}

std::optional<ContentCoding> coding_named(std::string_view content_encoding) {
  const auto name = trim(content_encoding);
  if (name.empty() || equal_ignoring_case(name, "identity")) return ContentCoding::identity;
  if (equal_ignoring_case(name, "gzip") || equal_ignoring_case(name, "x-gzip"))
    return ContentCoding::gzip;
  if (equal_ignoring_case(name, "zstd")) return ContentCoding::zstd;
  return std::nullopt;
}

std::optional<ContentCoding> choose_coding(std::string_view accept_encoding) {
  const Qualities qualities = parse(accept_encoding);
  std::optional<ContentCoding> best;
  int best_quality = 0;
  for (const ContentCoding coding : preference) {
    const auto& named = qualities.named[static_cast<std::size_t>(coding)];
    const int quality = named.value_or(qualities.others.value_or(0));
    if (quality <= best_quality) continue;
    best = coding;
    best_quality = quality;
  }
  if (best) return best;
  const auto& identity = qualities.named[static_cast<std::size_t>(ContentCoding::identity)];
  const bool forbidden = identity.value_or(qualities.others.value_or(1)) == 0;
  return forbidden ? std::nullopt : std::optional(ContentCoding::identity);
}

}  // namespace mentat_sync
