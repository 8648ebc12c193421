// The configuration file: the table [serve] of a TOML file, applied to the options that neither a
// flag nor the environment has set: those of `serve`, and of commands that judge a store by the
// same rules as the server.
//
// Failures: throws CLI::Error for a file that cannot be read, a key that no option has (a misspelt
// bound must not pass for a set one), a key given twice, and a value that cannot be used.
// Source: TOML 1.0, of which only `key = value` lines, comments and the table's head are read;
// values with quotes inside, backslashes or a '#' are refused rather than misread.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace mentat_sync {

/// `command` has been parsed already. `table` is the table in `file` whose keys are the options of
/// `owner`; those that `command` does not have are passed over.
void apply_config_file(const std::string& file, const std::string& table, CLI::App& command,
                       const CLI::App& owner);

}  // namespace mentat_sync
