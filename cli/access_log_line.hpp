// One request as a line of the access log, without the line's end.
//
// JSON: numbers are numbers, what there is none of is null; "path" is the target as it came, its
// query included, but for tokens (secret_blanking.hpp). Combined: as Apache's LogFormat of that
// name, where the user is the log's, the referrer is never kept, and the request's id follows as
// one more quoted field.
//
// Thread-safety: pure functions.
// Failures: none. Whatever a client sends, a line has no control characters: JSON escapes all that
// is not ASCII, combined writes \xHH as Apache does.
// Source: https://httpd.apache.org/docs/2.4/mod/mod_log_config.html
#pragma once

#include "http/request_observer.hpp"

#include <chrono>
#include <string>

namespace mentat_sync {

using WallClock = std::chrono::system_clock;

std::string json_line(const ObservedRequest& request, WallClock::time_point time);
std::string combined_line(const ObservedRequest& request, WallClock::time_point time);

}  // namespace mentat_sync
