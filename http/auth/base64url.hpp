// Base64url without padding, as tokens have it.
//
// Thread-safety: pure functions.
// Failures: whatever encode() would not have written is nothing: padding, spaces, other characters,
// bits set behind the last byte. So each value has one text.
// Source: RFC 4648, section 5; RFC 7515, appendix C.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mentat_sync::base64url {

std::string encode(std::string_view bytes);
std::optional<std::string> decode(std::string_view text);

}  // namespace mentat_sync::base64url
