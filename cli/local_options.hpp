// What the commands that open the store's files themselves have in common: whose log.
//
// Thread-safety: reads the environment, so parse before threads start.
// Lifetime: the target must live until the command line is parsed.
// Failures: what cannot be used is CLI11's ValidationError, a usage error.
#pragma once

#include "storage/ids.hpp"

#include <optional>
#include <string>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace mentat_sync {

/// --user (MENTAT_SYNC_USER).
CLI::Option* add_user_option(CLI::App& command, std::optional<UserId>& target,
                             const std::string& description);

}  // namespace mentat_sync
