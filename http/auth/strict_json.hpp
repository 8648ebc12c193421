// JSON that decides who may do what: one object, in which no name occurs twice.
//
// Two readers of an object with the same name twice may see two different values; here that is an
// error, at every depth.
//
// Thread-safety: pure functions.
// Failures: nothing, for what is no such object, is not UTF-8, begins with a byte order mark, or
// nests deeper than bounds::json_depth.
// Source: RFC 8259; RFC 7519 section 4 and RFC 7515 section 4 (duplicate names).
#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace mentat_sync {

std::optional<nlohmann::json> parse_strict_object(std::string_view text);

/// The string under `name`: nothing when it is not there or no string.
std::optional<std::string> string_member(const nlohmann::json& object, const char* name);

}  // namespace mentat_sync
