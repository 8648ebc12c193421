// The program's exit codes, which scripts and service managers look at.
#pragma once

namespace mentat_sync::exit_codes {

inline constexpr int success = 0;
/// It could not start: the port is taken, the directory is locked, the store is damaged.
inline constexpr int failure = 1;
/// The command line, an environment variable or the configuration file cannot be used.
inline constexpr int usage = 2;

}  // namespace mentat_sync::exit_codes
