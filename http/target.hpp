// Targets: taking a request target apart into decoded path segments and query parameters. What they
// mean is the router's business.
//
// A path is split at "/" before it is decoded, so "%2F" is part of a segment.
//
// Thread-safety: pure functions over value types.
// Failures: nothing where a "%" is not followed by two hexadecimal digits.
// Source: RFC 9112 section 3.2 (request targets), RFC 3986 sections 2.1 and 3 (percent-encoding),
// the URL standard, section 5 (application/x-www-form-urlencoded, for "+").
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

/// The two parts of a target, as received. Refers to the target.
struct Target {
  /// Begins with "/".
  std::string_view path;
  /// Without its "?".
  std::string_view query;
};

/// From origin-form or the absolute-form of http and https. Nothing for any other form, or when it
/// has a fragment, which is never sent.
std::optional<Target> split_target(std::string_view target);

/// Replaces each "%XX" once.
std::optional<std::string> percent_decode(std::string_view text);

/// What stood between the slashes, decoded: "/a/b/" has "a", "b" and "".
struct PathSegments {
  /// No path of this API has more.
  static constexpr std::size_t kept = 4;

  std::array<std::string_view, kept> text;
  /// Of all, those beyond `kept` included.
  std::size_t count = 0;
};
/// They refer to `path`, and to `decoded`, which takes those that had escapes.
std::optional<PathSegments> split_path(std::string_view path, std::string& decoded);

struct QueryParameter {
  std::string name;
  /// As received: a value nobody asks for need not be well-formed.
  std::string_view raw_value;
};
/// In their order; a name may occur more than once. Values refer to `query`.
std::optional<std::vector<QueryParameter>> split_query(std::string_view query);

/// percent_decode, and "+" is a space.
std::optional<std::string> form_decode(std::string_view text);

}  // namespace mentat_sync
