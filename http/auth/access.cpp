// The table of needs; the header; the challenges.
#include "http/auth/access.hpp"

#include "http/ascii_case.hpp"
#include "storage/bounds.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace mentat_sync {
namespace {

constexpr std::string_view scheme = "Bearer";

/// The header line of a challenge with these parameters.
std::string challenge(std::string_view parameters) {
  return std::string{"WWW-Authenticate: Bearer realm=\"mentat-sync\""}
      .append(parameters)
      .append("\r\n");
}

std::string error_parameters(std::string_view error, std::string_view description) {
  return std::string{", error=\""}
      .append(error)
      .append("\", error_description=\"")
      .append(description)
      .append("\"");
}

/// Without an error code, as RFC 6750 (3.1) wants it when no token came.
Problem credentials_required(Scope needed) {
  const std::string token =
      needed == Scope::admin ? "a token with the scope admin" : "a token for this user";
  return {.kind = problems::credentials_required,
          .detail = "Send " + token + " in the header \"Authorization: Bearer TOKEN\".",
          .headers = challenge({})};
}

Problem malformed_credentials(std::string_view why) {
  return {.kind = problems::malformed_credentials,
          .detail = std::string{why} + ".",
          .headers = challenge(error_parameters("invalid_request", why))};
}

Problem credentials_refused(std::string_view why) {
  return {.kind = problems::credentials_refused,
          .detail = std::string{why} + ". Ask whoever runs the server for another one.",
          .headers = challenge(error_parameters("invalid_token", why))};
}

Problem insufficient_scope(Scope needed) {
  const std::string scope{to_string(needed)};
  return {.kind = problems::insufficient_scope,
          .detail = "This request needs a token with the scope " + scope + ".",
          .headers = challenge(error_parameters("insufficient_scope", "The token lacks the scope") +
                               ", scope=\"" + scope + "\"")};
}

/// A token68 of RFC 9110 (11.2): what a bearer token may look like.
bool is_token68(std::string_view text) {
  const auto is_char = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"-._~+/"}.find(c) != std::string_view::npos;
  };
  while (text.ends_with('=')) text.remove_suffix(1);
  return !text.empty() && std::all_of(text.begin(), text.end(), is_char);
}

/// The token, or why there is none.
std::variant<std::string_view, Problem> bearer_token(const RequestHeader& header, Scope needed) {
  const auto [first, end] = header.equal_range(beast_http::field::authorization);
  if (first == end) return credentials_required(needed);
  if (std::next(first) != end) return malformed_credentials("More than one Authorization header");
  std::string_view value{first->value().data(), first->value().size()};
  if (value.size() > bounds::credentials_bytes) {
    return malformed_credentials("The Authorization header is too long");
  }
  const auto space = value.find(' ');
  if (space == value.npos || !equal_ignoring_case(value.substr(0, space), scheme)) {
    return credentials_required(needed);
  }
  value.remove_prefix(std::min(value.find_first_not_of(' ', space), value.size()));
  if (!is_token68(value)) return credentials_refused("The token is malformed");
  return value;
}

std::optional<Problem> problem_with_grant(const Grant& grant, Scope needed, const Route& route) {
  if (!grant.scopes.has(needed)) return insufficient_scope(needed);
  if (needed == Scope::admin || !grant.user || *grant.user == route.user) return std::nullopt;
  return Problem{problems::other_user, "The token is good for another user's log only."};
}

}  // namespace

std::optional<Scope> scope_needed(Action action) {
  switch (action) {
    case Action::root:
    case Action::lb_heartbeat:
    case Action::heartbeat:
    case Action::version:
    case Action::limits:
      return std::nullopt;
    case Action::summary:
    case Action::get_head:
    case Action::events:
    case Action::pull:
    case Action::list:
    case Action::get_transaction:
    case Action::get_chunk:
      return Scope::read;
    case Action::delete_user:
    case Action::put_head:
    case Action::push:
    case Action::missing:  // it renews leases
    case Action::put_transaction:
    case Action::put_chunk:
      return Scope::write;
    case Action::metrics:
      return Scope::admin;
  }
  return Scope::admin;  // not reached: the compiler knows all actions
}

std::optional<Problem> problem_with_access(const Authenticator& authenticator,
                                           const RequestHeader& header, const Route& route) {
  const auto needed = scope_needed(route.action);
  if (!needed) return std::nullopt;
  auto token = bearer_token(header, *needed);
  if (auto* problem = std::get_if<Problem>(&token)) return std::move(*problem);
  const auto authentication = authenticator.authenticate(std::get<std::string_view>(token));
  if (const auto* refused = std::get_if<Refused>(&authentication)) {
    return credentials_refused(refused->why);
  }
  return problem_with_grant(std::get<Grant>(authentication), *needed, route);
}

}  // namespace mentat_sync
