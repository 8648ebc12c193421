// Reads the fields by which a client says what it would like best.
#include "http/negotiation.hpp"

#include "http/ascii_case.hpp"
#include "http/field_list.hpp"
#include "http/wire/media_types.hpp"
#include "storage/bounds.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

namespace mentat_sync {
namespace {

using beast_http::field;

/// In thousandths; 1000 when there is no "q=" among the parameters, nothing when it is malformed.
std::optional<int> quality_of(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view parameter = cut(parameters, ';');
    if (parameter.size() < 2 || !equal_ignoring_case(parameter.substr(0, 2), "q=")) continue;
    parameter.remove_prefix(2);
    double quality = 0;
    const auto end = parameter.data() + parameter.size();
    const auto [rest, error] = std::from_chars(parameter.data(), end, quality);
    if (error != std::errc{} || rest != end || !(quality >= 0 && quality <= 1)) {
      return std::nullopt;
    }
    return static_cast<int>(quality * 1000);
  }
  return 1000;
}

/// The general name, which is taken for our own.
constexpr std::string_view cbor_seq = "application/cbor-seq";

/// How exactly `range` names `type`: 3 itself, 2 "application/*", 1 "*/*", 0 not at all.
int precision_of(std::string_view range, std::string_view type) {
  const bool is_log = type == log_media_type && equal_ignoring_case(range, cbor_seq);
  if (is_log || equal_ignoring_case(range, type)) return 3;
  if (equal_ignoring_case(range, "application/*")) return 2;
  return range == "*/*" ? 1 : 0;
}

/// The quality that the most exact range gives to `type`.
int quality_for(std::string_view accept, std::string_view type) {
  int quality = 0;
  int precision = 0;
  while (!accept.empty()) {
    std::string_view member = cut(accept, ',');
    const std::string_view range = cut(member, ';');
    const int found = precision_of(range, type);
    const auto stated = quality_of(member);
    if (found == 0 || found < precision || !stated) continue;
    quality = found > precision ? *stated : std::max(quality, *stated);
    precision = found;
  }
  return quality;
}

std::optional<std::chrono::seconds> parse_seconds(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  std::uint32_t seconds = 0;
  const auto end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, seconds);
  if (error == std::errc::result_out_of_range) return bounds::watch_wait_max;
  if (error != std::errc{} || rest != end) return std::nullopt;
  return std::min(std::chrono::seconds{seconds}, bounds::watch_wait_max);
}

}  // namespace

std::optional<LogForm> accepted_log_form(const RequestHeader& header) {
  const auto accept = combined(header, field::accept);
  if (!accept) return LogForm::cbor;
  const int cbor = quality_for(*accept, log_media_type);
  const int ndjson = quality_for(*accept, ndjson_media_type);
  if (cbor == 0 && ndjson == 0) return std::nullopt;
  return cbor >= ndjson ? LogForm::cbor : LogForm::ndjson;
}

std::optional<ContentCoding> accepted_coding(const RequestHeader& header) {
  const auto accept = combined(header, field::accept_encoding);
  return accept ? choose_coding(*accept) : ContentCoding::identity;
}

bool is_log(const RequestHeader& header) {
  std::string_view type = lines_of(header, field::content_type).value;
  type = cut(type, ';');
  return equal_ignoring_case(type, log_media_type) || equal_ignoring_case(type, cbor_seq);
}

std::optional<std::chrono::seconds> preferred_wait(const RequestHeader& header) {
  const auto prefer = combined(header, field::prefer);
  if (!prefer) return std::nullopt;
  for (std::string_view rest = *prefer; !rest.empty();) {
    std::string_view member = cut(rest, ',');
    std::string_view preference = cut(member, ';');  // what follows are its parameters
    const std::string_view name = cut(preference, '=');
    // Of several the first counts (RFC 7240, section 2).
    if (equal_ignoring_case(name, "wait")) return parse_seconds(trimmed(preference));
  }
  return std::nullopt;
}

}  // namespace mentat_sync
