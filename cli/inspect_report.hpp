// An inspected log as text for people, and as JSON for programs.
//
// Thread-safety: pure functions but for the stream.
#pragma once

#include "storage/inspection.hpp"

#include <iosfwd>
#include <string>

namespace mentat_sync {

/// What there is of it in numbers, a line each; the graph is drawn apart.
void print_report(std::ostream& out, UserId user, const Inspection& inspection);

/// One JSON object.
std::string report_json(UserId user, const Inspection& inspection);

}  // namespace mentat_sync
