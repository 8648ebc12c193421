// The claims, one function for each.
#include "http/auth/jwt.hpp"
#include "http/auth/strict_json.hpp"
#include "storage/bounds.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace mentat_sync {
namespace {

using nlohmann::json;
using Time = std::chrono::system_clock::time_point;

constexpr Refused malformed{"The claims of the token are no JSON object"};
constexpr Refused no_expiry{"The token has no time of expiry"};
constexpr Refused expired{"The token has expired"};
constexpr Refused too_early{"The token is not valid yet"};
constexpr Refused wrong_audience{"The token is for another audience"};
constexpr Refused wrong_issuer{"The token is by another issuer"};
constexpr Refused no_user{"The subject of the token is no uuid"};
constexpr Refused wrong_scope{"The scope of the token is malformed"};

/// In the year 2255, not long before the system clock's type ends: beyond it there is no
/// difference.
constexpr double seconds_max = 9'000'000'000.0;
/// What a NumericDate may be: the years 0 to 9999, as RFC 3339 has them.
constexpr double first_date = -62'167'219'200.0;
constexpr double last_date = 253'402'300'799.0;
/// What a log wants of a subject that somebody else chose.
constexpr std::size_t subject_chars_max = 64;

/// A date: whole or not, seconds since 1970. Nothing when it is there and is none.
std::optional<double> date(const json& claims, const char* name, double when_absent) {
  const auto found = claims.find(name);
  if (found == claims.end()) return when_absent;
  if (!found->is_number()) return std::nullopt;
  const double seconds = found->get<double>();
  if (!(seconds >= first_date && seconds <= last_date)) return std::nullopt;
  return std::clamp(seconds, -seconds_max, seconds_max);
}

double to_seconds(Time time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

Time to_time(double seconds) {
  return Time{std::chrono::seconds{static_cast<std::int64_t>(std::floor(seconds))}};
}

std::optional<Refused> refused_by_dates(const json& claims, double now) {
  constexpr double leeway = static_cast<double>(bounds::jwt_leeway.count());
  if (!claims.contains("exp")) return no_expiry;
  const auto expires = date(claims, "exp", 0);
  const auto begins = date(claims, "nbf", now);
  const auto issued = date(claims, "iat", now);
  if (!expires || !begins || !issued) return Refused{"A date of the token is none"};
  if (now >= *expires + leeway) return expired;
  if (*begins > now + leeway || *issued > now + leeway) return too_early;
  return std::nullopt;
}

/// Whether "aud", a string or some strings, names `audience`. Without one configured there must be
/// no claim: RFC 7519 (4.1.3) has whoever is not named refuse the token.
bool is_for(const json& claims, const std::string& audience) {
  const auto found = claims.find("aud");
  if (audience.empty()) return found == claims.end();
  if (found == claims.end()) return false;
  if (found->is_string()) return *found == audience;
  return found->is_array() && std::find(found->begin(), found->end(), audience) != found->end();
}

bool is_by(const json& claims, const std::string& issuer) {
  return issuer.empty() || string_member(claims, "iss") == issuer;
}

/// Words that are not ours are other services'. Nothing when "scope" is no string.
std::optional<Scopes> scopes_of(const json& claims) {
  if (!claims.contains("scope")) return Scopes{Scope::read, Scope::write};
  const auto text = string_member(claims, "scope");
  if (!text) return std::nullopt;
  Scopes scopes;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(' '), rest.size());
    if (const auto scope = parse_scope(rest.substr(0, end))) scopes.add(*scope);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return scopes;
}

std::string subject_for_logs(std::string subject) {
  subject.resize(std::min(subject.size(), subject_chars_max));
  for (char& c : subject) c = c > ' ' && c <= '~' ? c : '?';
  return subject;
}

/// Whose log, with what is left of the scopes.
std::variant<Grant, Refused> grant_of(const json& claims, Scopes scopes) {
  const auto subject = string_member(claims, "sub").value_or("");
  Grant grant{subject_for_logs(subject), UserId::parse(subject), scopes};
  if (string_member(claims, "mentat_sync_users") == "*") {
    grant.user = std::nullopt;
  } else if (!grant.user) {
    if (!scopes.has(Scope::admin)) return no_user;
    grant.scopes = {Scope::admin};  // which is about no user's log
  }
  return grant;
}

}  // namespace

std::variant<JwtGrant, Refused> grant_of_claims(std::string_view payload, const JwtRules& rules,
                                                Time now) {
  const auto claims = parse_strict_object(payload);
  if (!claims) return malformed;
  if (const auto refused = refused_by_dates(*claims, to_seconds(now))) return *refused;
  if (!is_for(*claims, rules.audience)) return wrong_audience;
  if (!is_by(*claims, rules.issuer)) return wrong_issuer;
  const auto scopes = scopes_of(*claims);
  if (!scopes) return wrong_scope;
  auto grant = grant_of(*claims, *scopes);
  if (const auto* refused = std::get_if<Refused>(&grant)) return *refused;
  return JwtGrant{std::get<Grant>(std::move(grant)), to_time(*date(*claims, "exp", 0))};
}

}  // namespace mentat_sync
