// The body of a push: a log in CBOR, made into the one command that it stands for.
//
// Thread-safety: a pure function.
// Failures: a Problem that says where the log is malformed, and how.
// Source: docs/protocol.md, "The log in one piece".
#pragma once

#include "http/json_body.hpp"
#include "storage/commands.hpp"

#include <string_view>

namespace mentat_sync {

Parsed<Push> parse_push_body(UserId user, std::string_view body);

}  // namespace mentat_sync
