// What the commands that open the store's files themselves have in common: which store, whose log,
// and how they say that they cannot.
//
// Thread-safety: reads the environment, so parse before threads start.
// Lifetime: the target must live until the command line is parsed.
// Failures: what cannot be used is CLI11's ValidationError, a usage error.
#pragma once

#include "storage/ids.hpp"
#include "storage/result.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace mentat_sync {

/// --user. Without a variable: what is exported for the clients' commands would silently leave out
/// all other users where this is an option to do so.
CLI::Option* add_user_option(CLI::App& command, std::optional<UserId>& target,
                             const std::string& description);

/// --data, and --config, a server's file that may say where that is.
void add_directory_options(CLI::App& command, std::filesystem::path& data, std::string& config,
                           const std::string& description);

/// Tells standard error, and returns the exit code of a failure.
int tell_failure(const std::string& message);
/// The same; of what is damaged it is another exit code.
int tell_failure(const Status& status);

}  // namespace mentat_sync
