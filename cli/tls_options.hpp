// The options of `serve` for TLS.
//
// Thread-safety: reads the environment, so parse before threads start.
// Lifetime: the target must live until the command line is parsed.
// Failures: what cannot be used is CLI11's ValidationError, a usage error; what does not fit
// together is found by contradiction_in(), when all sources have been read. The files are read
// later.
#pragma once

#include "http/tls/tls_options.hpp"

#include <string>

namespace CLI {
class App;
}

namespace mentat_sync {

void add_tls_options(CLI::App& command, TlsOptions& options);

/// What is missing: a sentence; empty: nothing.
std::string contradiction_in(const TlsOptions& options);

}  // namespace mentat_sync
