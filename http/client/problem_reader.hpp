// Reads what a server says when it refuses a request.
//
// Thread-safety: pure functions.
// Failures: none: an answer that is no problem of this API becomes an error with its status alone.
// Source: RFC 9457; docs/protocol.md, "Errors".
#pragma once

#include "http/client/client_error.hpp"

#include <string_view>

namespace mentat_sync {

ClientError read_problem(unsigned status, std::string_view content_type, std::string_view body);

}  // namespace mentat_sync
