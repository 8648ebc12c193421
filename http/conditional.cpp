// Reads the fields of conditional and range requests.
#include "http/conditional.hpp"

#include "http/ascii_case.hpp"
#include "http/field_list.hpp"

#include <algorithm>
#include <limits>
#include <string>

namespace mentat_sync {
namespace {

using beast_http::field;

struct EntityTag {
  std::string_view opaque;
  bool weak = false;
};

bool is_tag_char(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x21 || (byte >= 0x23 && byte != 0x7f);
}

/// Cuts a tag off the front of `rest`; nothing, and `rest` as it was, when there is none.
std::optional<EntityTag> cut_tag(std::string_view& rest) {
  std::string_view text = rest;
  const bool weak = text.starts_with("W/");
  if (weak) text.remove_prefix(2);
  if (!text.starts_with('"')) return std::nullopt;
  text.remove_prefix(1);
  const std::size_t size = text.find('"');
  if (size == std::string_view::npos) return std::nullopt;
  const std::string_view opaque = text.substr(0, size);
  if (!std::ranges::all_of(opaque, is_tag_char)) return std::nullopt;
  rest = text.substr(size + 1);
  return EntityTag{opaque, weak};
}

/// Those that are well-formed; the others are passed over.
std::vector<EntityTag> parse_tags(std::string_view list) {
  std::vector<EntityTag> tags;
  while (!list.empty()) {
    list = trimmed(list);
    const auto tag = cut_tag(list);
    const std::size_t comma = std::min(list.find(','), list.size());
    const bool ends_here = trimmed(list.substr(0, comma)).empty();
    if (tag && ends_here) tags.push_back(*tag);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return tags;
}

bool matches_strongly(std::string_view list, std::string_view opaque_tag) {
  return std::ranges::any_of(parse_tags(list), [&](const EntityTag& tag) {
    return !tag.weak && tag.opaque == opaque_tag;
  });
}

bool matches_weakly(std::string_view list, std::string_view opaque_tag) {
  return std::ranges::any_of(parse_tags(list),
                             [&](const EntityTag& tag) { return tag.opaque == opaque_tag; });
}

/// Digits only; beyond 64 bits it is their greatest number.
std::optional<std::uint64_t> parse_position(std::string_view digits) {
  constexpr auto greatest = std::numeric_limits<std::uint64_t>::max();
  if (digits.empty()) return std::nullopt;
  std::uint64_t position = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    position = position > (greatest - digit) / 10 ? greatest : position * 10 + digit;
  }
  return position;
}

RangeDecision last_bytes(std::uint64_t count, std::uint64_t size_bytes) {
  if (count == 0) return {RangeDecision::Kind::unsatisfiable};
  // Satisfiable by the words of RFC 9110, but no 206 can say it.
  if (size_bytes == 0) return {};
  return {RangeDecision::Kind::part, size_bytes - std::min(count, size_bytes), size_bytes - 1};
}

/// "first-last", "first-" or "-count".
RangeDecision resolve(std::string_view spec, std::uint64_t size_bytes) {
  const std::size_t dash = spec.find('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view after = spec.substr(dash + 1);
  if (dash == 0) {
    const auto count = parse_position(after);
    return count ? last_bytes(*count, size_bytes) : RangeDecision{};
  }
  const auto first = parse_position(spec.substr(0, dash));
  const auto last =
      after.empty() ? std::numeric_limits<std::uint64_t>::max() : parse_position(after);
  if (!first || !last || *last < *first) return {};
  if (*first >= size_bytes) return {RangeDecision::Kind::unsatisfiable};
  return {RangeDecision::Kind::part, *first, std::min(*last, size_bytes - 1)};
}

}  // namespace

bool is_conditional(const RequestHeader& header) {
  return std::ranges::any_of(header, [](const auto& line) {
    const field name = line.name();
    return name == field::if_match || name == field::if_none_match || name == field::range;
  });
}

Precondition evaluate_read(const RequestHeader& header, std::string_view opaque_tag) {
  if (const auto list = combined(header, field::if_match)) {
    if (trimmed(*list) != "*" && !matches_strongly(*list, opaque_tag)) return Precondition::failed;
  }
  if (const auto list = combined(header, field::if_none_match)) {
    if (trimmed(*list) == "*" || matches_weakly(*list, opaque_tag)) {
      return Precondition::not_modified;
    }
  }
  return Precondition::holds;
}

std::optional<std::vector<TransactionId>> if_match_heads(const RequestHeader& header) {
  const auto list = combined(header, field::if_match);
  if (!list || trimmed(*list) == "*") return std::nullopt;
  std::vector<TransactionId> heads;
  for (const EntityTag& tag : parse_tags(*list)) {
    const auto head = TransactionId::parse(tag.opaque);
    // Tags are compared character by character, and ours are in lower case.
    if (!tag.weak && head && head->to_string() == tag.opaque) heads.push_back(*head);
  }
  return heads;
}

RangeDecision evaluate_range(const RequestHeader& header, std::string_view opaque_tag,
                             std::uint64_t size_bytes) {
  const auto range = combined(header, field::range);
  if (!range || header.method() != beast_http::verb::get) return {};
  if (const auto condition = combined(header, field::if_range)) {
    if (!matches_strongly(*condition, opaque_tag)) return {};
  }
  const std::string_view text = trimmed(*range);
  constexpr std::string_view unit = "bytes=";
  if (!equal_ignoring_case(text.substr(0, unit.size()), unit)) return {};
  return resolve(trimmed(text.substr(unit.size())), size_bytes);
}

}  // namespace mentat_sync
