// The command line: which command is asked for, and its options.
//
// Thread-safety: reads the environment, so call it before threads start.
// Failures: none throws; what cannot be used becomes a Farewell.
#pragma once

#include "cli/serve_options.hpp"

#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace mentat_sync {

/// A command other than `serve`, with its options: runs it, and gives the program's exit code.
struct CommandRun {
  std::function<int()> run;
};

/// What to print before leaving, when there is nothing to run: help, the version, or a mistake.
struct Farewell {
  int exit_code = 0;
  std::string out;
  std::string err;
};

using CommandLine = std::variant<ServeOptions, CommandRun, Farewell>;

/// `arguments` without the program's name.
CommandLine parse_command_line(const std::vector<std::string>& arguments);

}  // namespace mentat_sync
