// Checks of single header fields.
#include "http/admission.hpp"

#include "http/ascii_case.hpp"
#include "http/field_list.hpp"
#include "storage/bounds.hpp"
#include "storage/character_set.hpp"

#include <boost/beast/http/rfc7230.hpp>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace mentat_sync {
namespace {

using beast_http::field;

/// What no authority has: RFC 3986, section 3.2.
constexpr CharacterSet never_in_authority{" \t\"#/<>?@\\^`{|}"};

std::optional<Problem> problem_with_target(const RequestHeader& header, std::size_t limit_bytes) {
  if (header.target().size() <= limit_bytes) return std::nullopt;
  return Problem{.kind = problems::target_too_long,
                 .detail = "No path and query of this API needs more than limit_bytes bytes.",
                 .limit = ProblemLimit{"limit_bytes", limit_bytes}};
}

std::optional<Problem> problem_with_host(const RequestHeader& header) {
  const auto [lines, host] = lines_of(header, field::host);
  if (lines > 1 || (lines == 0 && header.version() >= 11)) {
    return Problem{problems::bad_host, "A request has exactly one Host header."};
  }
  if (never_in_authority.holds_none_of(host)) return std::nullopt;
  return Problem{problems::bad_host, "Host must be a name or address and, perhaps, a port."};
}

std::optional<Problem> problem_with_expect(const RequestHeader& header) {
  const bool known = std::ranges::all_of(header, [](const HeaderLine& line) {
    return !is_named(line, field::expect) || line.value().empty() ||
           equal_ignoring_case(line.value(), "100-continue");
  });
  if (known) return std::nullopt;
  return Problem{problems::unknown_expectation,
                 "The only expectation that is met here is 100-continue."};
}

/// Whether each member of the list is "identity". Beast's token_list would end at what is no token,
/// and so overlook it.
bool is_identity(std::string_view codings) {
  while (!codings.empty()) {
    const auto coding = cut(codings, ',');
    if (!coding.empty() && !equal_ignoring_case(coding, "identity")) return false;
  }
  return true;
}

std::optional<Problem> problem_with_encoding(const RequestHeader& header) {
  const bool known = std::ranges::all_of(header, [](const HeaderLine& line) {
    return !is_named(line, field::content_encoding) || is_identity(line.value());
  });
  if (known) return std::nullopt;
  return Problem{.kind = problems::encoded_body,
                 .detail =
                     "Send the body as it is, without Content-Encoding. A chunk may be "
                     "compressed before it is given its id; the server does not look inside.",
                 .headers = "Accept-Encoding: identity\r\n"};
}

}  // namespace

std::optional<Problem> problem_with_header(const RequestHeader& header, std::size_t target_bytes) {
  if (auto problem = problem_with_target(header, target_bytes)) return problem;
  if (auto problem = problem_with_host(header)) return problem;
  if (auto problem = problem_with_expect(header)) return problem;
  return problem_with_encoding(header);
}

std::optional<Problem> problem_with_length(const RequestHeader& header, std::uint64_t limit_bytes) {
  const std::string_view digits = lines_of(header, field::content_length).value;
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  const bool too_long =
      error == std::errc::result_out_of_range || (error == std::errc{} && length > limit_bytes);
  if (!too_long) return std::nullopt;
  return body_too_large(limit_bytes);
}

Problem body_too_large(std::uint64_t limit_bytes) {
  return Problem{.kind = problems::body_too_large,
                 .detail = "The body of this request may have limit_bytes bytes at the most.",
                 .limit = ProblemLimit{"limit_bytes", limit_bytes}};
}

}  // namespace mentat_sync
