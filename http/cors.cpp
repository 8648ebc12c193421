// What is sent is the policy's own text of an origin, never the request's.
#include "http/cors.hpp"

#include "http/field_list.hpp"
#include "storage/bounds.hpp"

#include <algorithm>
#include <chrono>

namespace mentat_sync {
namespace {

constexpr std::string_view any_origin = "*";
constexpr std::string_view allowed_methods = "GET, HEAD, PUT, POST, DELETE";
constexpr std::string_view allowed_headers =
    "Authorization, Content-Type, If-Match, If-None-Match, If-Range, Last-Event-ID, Prefer, Range, "
    "X-Request-Id";
/// Beyond those that a script may see anyway.
constexpr std::string_view exposed_headers =
    "Accept-Post, Accept-Ranges, Allow, Content-Range, ETag, Link, Location, Preference-Applied, "
    "Retry-After, WWW-Authenticate, X-Request-Id";

std::string line(std::string_view name, std::string_view value) {
  return std::string{name}.append(": ").append(value).append("\r\n");
}

bool is_scheme(std::string_view text) {
  const auto is_char = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  };
  return !text.empty() && text.front() >= 'a' && text.front() <= 'z' &&
         std::all_of(text.begin(), text.end(), is_char);
}

/// Host and port, as a browser writes them: lower case, without user, path or the scheme's own
/// port.
bool is_authority(std::string_view text, std::string_view scheme) {
  const auto is_char = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view{"-._:[]"}.find(c) != std::string_view::npos;
  };
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_char)) return false;
  if (scheme == "https") return !text.ends_with(":443");
  return scheme != "http" || !text.ends_with(":80");
}

bool is_origin(std::string_view text) {
  const auto end = text.find("://");
  if (end == text.npos || !is_scheme(text.substr(0, end))) return false;
  return is_authority(text.substr(end + 3), text.substr(0, end));
}

}  // namespace

Result<CorsPolicy> CorsPolicy::parse(const std::vector<std::string>& origins) {
  if (origins.size() > bounds::cors_origins) {
    return Status{ErrorCode::invalid,
                  "there are more than " + std::to_string(bounds::cors_origins) + " origins"};
  }
  CorsPolicy policy;
  for (const std::string& origin : origins) {
    if (origin == any_origin) {
      policy.any_ = true;
    } else if (is_origin(origin)) {
      policy.origins_.push_back(origin);
    } else {
      return Status{ErrorCode::invalid,
                    "'" + origin +
                        "' is no origin as browsers write it: https://app.example, in lower case, "
                        "with a port only if it is not the scheme's own, and nothing behind it"};
    }
  }
  return policy;
}

std::string_view CorsPolicy::allowed_origin(const RequestHeader& header) const {
  if (any_) return any_origin;
  const auto [lines, origin] = lines_of(header, beast_http::field::origin);
  if (lines != 1) return {};
  const auto found = std::find(origins_.begin(), origins_.end(), origin);
  return found == origins_.end() ? std::string_view{} : *found;
}

std::optional<Response> CorsPolicy::preflight(const RequestHeader& header) const {
  if (header.method() != beast_http::verb::options ||
      !has_line(header, beast_http::field::origin) ||
      !has_line(header, beast_http::field::access_control_request_method) ||
      allowed_origin(header).empty()) {
    return std::nullopt;
  }
  constexpr std::chrono::seconds max_age = bounds::cors_max_age;
  return Response{.status = 204,
                  .headers = line("Access-Control-Allow-Methods", allowed_methods) +
                             line("Access-Control-Allow-Headers", allowed_headers) +
                             line("Access-Control-Max-Age", std::to_string(max_age.count()))};
}

std::string CorsPolicy::answer_headers(const RequestHeader& header) const {
  std::string lines;
  // A cache must not give one origin's answer to another one; "*" is the same for all.
  if (!any_ && !origins_.empty()) lines += line("Vary", "Origin");
  if (!has_line(header, beast_http::field::origin)) return lines;
  const auto origin = allowed_origin(header);
  if (origin.empty()) return lines;
  return lines + line("Access-Control-Allow-Origin", origin) +
         line("Access-Control-Expose-Headers", exposed_headers);
}

}  // namespace mentat_sync
