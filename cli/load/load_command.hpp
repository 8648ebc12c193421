// `mentat-sync load`: starts a server if that is asked for, runs the load, and tells what came of
// it.
//
// Thread-safety: the main thread, before others start. Failures: said on standard error; 4 when the
// server has lost or mixed up what it acknowledged, 1 when nothing succeeded at all or something
// else failed; see exit_codes.hpp.
#pragma once

#include "cli/load/load_options.hpp"
#include "cli/load/load_result.hpp"

namespace mentat_sync {

int run_load(const LoadOptions& options);

/// What the result alone says: success, failure (nothing succeeded, or logs could not be read
/// again) or damaged.
int exit_code_of(const LoadResult& result);

}  // namespace mentat_sync
