// The prose of the manual page: what the command line does not know of itself. In troff.
//
// Thread-safety: constants.
#pragma once

namespace mentat_sync::manual_text {

extern const char* const description;
/// What stands before the list of variables.
extern const char* const environment;
/// FILES, SIGNALS, EXIT STATUS, EXAMPLES, SEE ALSO.
extern const char* const end;

}  // namespace mentat_sync::manual_text
