// The completions of bash, zsh and fish, as scripts that know every command, flag, choice and kind
// of value, and call nothing of the program.
//
// Thread-safety: pure functions.
// Source: bash(1) "Programmable Completion", zshcompsys(1), complete(1) of fish.
#pragma once

#include "cli/command_tree.hpp"

#include <string>

namespace mentat_sync {

std::string bash_completion(const CommandEntry& program);
std::string zsh_completion(const CommandEntry& program);
std::string fish_completion(const CommandEntry& program);

}  // namespace mentat_sync
