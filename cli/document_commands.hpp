// `mentat-sync completion SHELL` and `mentat-sync man`: print what packages install. The help does
// not list them.
//
// Thread-safety: the main thread. Failures: said on standard error; see exit_codes.hpp.
#pragma once

#include "cli/command_tree.hpp"

namespace CLI {
class App;
}

namespace mentat_sync {

struct CompletionOptions {
  enum class Shell { bash, zsh, fish };
  Shell shell = Shell::bash;
  /// What the program takes; known once the command line has been parsed.
  CommandEntry program;
};

CLI::App* add_completion(CLI::App& app, CompletionOptions& options);
int run_completion(const CompletionOptions& options);

struct ManOptions {
  CommandEntry program;
};

CLI::App* add_man(CLI::App& app, ManOptions& options);
int run_man(const ManOptions& options);

}  // namespace mentat_sync
