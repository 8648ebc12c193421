// CORS: which web pages of other origins may ask, and see the answers.
//
// There are no cookies here, so no credentials mode: a page's script sends its token by itself.
// Which origin may ask protects a browser's user from pages; it is no authentication.
//
// Thread-safety: immutable once made; pure functions.
// Failures: none; an origin that is not allowed gets no header lines, which is how a browser is
// told.
// Source: the Fetch standard, section 3.2 (CORS protocol).
#pragma once

#include "http/message.hpp"
#include "storage/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

class CorsPolicy {
 public:
  /// No page of another origin.
  CorsPolicy() = default;
  /// `origins` as an Origin header has them: "https://app.example", or "*" for all.
  static Result<CorsPolicy> parse(const std::vector<std::string>& origins);

  /// The answer to the question that a browser asks before a request of a page: 204. Nothing when
  /// it is no such question, or the origin is not allowed.
  std::optional<Response> preflight(const RequestHeader& header) const;

  /// Lines for whatever else answers this request, refusals included.
  std::string answer_headers(const RequestHeader& header) const;

 private:
  /// What Access-Control-Allow-Origin says; empty: nothing.
  std::string_view allowed_origin(const RequestHeader& header) const;

  std::vector<std::string> origins_;
  bool any_ = false;
};

}  // namespace mentat_sync
