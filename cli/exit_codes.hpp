// The program's exit codes, which scripts and service managers look at.
#pragma once

namespace mentat_sync::exit_codes {

inline constexpr int success = 0;
/// It could not start: the port is taken, the directory is locked, the store is damaged. Or the
/// server that was asked cannot be reached, or refused.
inline constexpr int failure = 1;
/// The command line, an environment variable or the configuration file cannot be used.
inline constexpr int usage = 2;
/// HEAD was elsewhere: another client moved it, or the log is another one.
inline constexpr int conflict = 3;
/// The store, or a backup, was looked at and is damaged; or a server under load has lost or mixed
/// up what it had acknowledged.
inline constexpr int damaged = 4;
/// A signal ended it: this and the signal's number.
inline constexpr int first_signal = 128;

}  // namespace mentat_sync::exit_codes
