// Takes targets apart by hand, where Boost.URL would want its library linked.
#include "http/target.hpp"

#include "http/ascii_case.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace mentat_sync {
namespace {

std::optional<char> decode_escape(std::string_view digits) {
  if (digits.size() < 2) return std::nullopt;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + 2, value, 16);
  if (error != std::errc{} || end != digits.data() + 2) return std::nullopt;
  return static_cast<char>(value);
}

/// Cuts the part before `separator`, or all, off the front of `rest`.
std::string_view cut(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

/// The target without its scheme and authority; nothing when it has none, or others than ours.
std::optional<std::string_view> after_authority(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    const std::size_t authority = std::min(target.find_first_of("/?"), target.size());
    if (authority == 0) return std::nullopt;
    return target.substr(authority);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Target> split_target(std::string_view target) {
  if (target.find('#') != std::string_view::npos) return std::nullopt;
  if (!target.starts_with('/')) {
    const auto rest = after_authority(target);
    if (!rest) return std::nullopt;
    target = *rest;
  }
  const std::size_t mark = std::min(target.find('?'), target.size());
  Target parts{target.substr(0, mark), target.substr(std::min(mark + 1, target.size()))};
  if (parts.path.empty()) parts.path = "/";  // absolute-form may leave it away
  return parts;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  while (!text.empty()) {
    if (text.front() != '%') {
      const std::size_t plain = std::min(text.find('%'), text.size());
      decoded.append(text.substr(0, plain));
      text.remove_prefix(plain);
      continue;
    }
    const auto byte = decode_escape(text.substr(1));
    if (!byte) return std::nullopt;
    decoded.push_back(*byte);
    text.remove_prefix(3);
  }
  return decoded;
}

std::optional<PathSegments> split_path(std::string_view path, std::string& decoded) {
  PathSegments segments;
  path.remove_prefix(1);
  decoded.clear();
  const bool has_escapes = path.find('%') != path.npos;
  for (bool more = true; more; ++segments.count) {
    const std::size_t before = path.size();
    std::string_view segment = cut(path, '/');
    more = segment.size() < before;
    if (has_escapes && segment.find('%') != segment.npos) {
      const auto text = percent_decode(segment);
      if (!text) return std::nullopt;
      if (decoded.empty()) decoded.reserve(segment.size() + path.size());  // never moves again
      segment = std::string_view{decoded.data() + decoded.size(), text->size()};
      decoded.append(*text);
    }
    if (segments.count < PathSegments::kept) segments.text[segments.count] = segment;
  }
  return segments;
}

std::optional<std::vector<QueryParameter>> split_query(std::string_view query) {
  std::vector<QueryParameter> parameters;
  while (!query.empty()) {
    std::string_view value = cut(query, '&');
    auto name = form_decode(cut(value, '='));
    if (!name) return std::nullopt;
    parameters.push_back({std::move(*name), value});
  }
  return parameters;
}

std::optional<std::string> form_decode(std::string_view text) {
  std::string spaced{text};
  std::ranges::replace(spaced, '+', ' ');
  return percent_decode(spaced);
}

}  // namespace mentat_sync
