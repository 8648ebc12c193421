// `mentat-sync serve`: options → store → actors → server → signals, and back in the reverse order.
//
// Thread-safety: call once, from the main thread, before any other thread starts.
// Failures: logged, and returned as one of exit_codes.hpp.
#pragma once

#include "cli/serve_options.hpp"

namespace mentat_sync {

/// Returns when a signal has ended it, or when it could not start.
int serve(const ServeOptions& options);

}  // namespace mentat_sync
