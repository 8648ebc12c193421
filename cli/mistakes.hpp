// What is wrong with a command line, in sentences, instead of CLI11's words.
//
// Thread-safety: pure functions.
// Source: the messages of CLI11 2.1's errors; one that is not known stays as it is.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace mentat_sync {

/// `app` has parsed `arguments`, which ended with `error`. Of a value it says where that came from,
/// unless it was typed.
std::string mistake_of(const CLI::App& app, const std::vector<std::string>& arguments,
                       const CLI::ParseError& error);

/// The command that was parsed: "serve", "token add". Empty when there was none.
std::string parsed_path(const CLI::App& app);

/// Whether the first word was no command, whatever else the command line asks for.
bool names_no_command(const CLI::App& app);

}  // namespace mentat_sync
