// CommandTree: what the command line takes, apart from the library that parses it. The manual page
// and the shells' completions are written from it, so that neither can differ from what is parsed.
//
// Thread-safety: value types.
// Ownership: copies all that it says; the CLI::App may go.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace mentat_sync {

/// What a shell can offer for a value.
enum class ValueKind {
  /// A flag: it takes none.
  none,
  /// Nothing can be offered.
  text,
  file,
  directory,
  /// One of OptionEntry::choices.
  choice,
};

/// An option, or an argument without a flag.
struct OptionEntry {
  /// "-h" and "--help"; of an argument none.
  std::vector<std::string> flags;
  /// "--help", or the argument's name.
  std::string name;
  /// What its value is called: "DIR", "any|sha256". Of a flag empty.
  std::string value;
  ValueKind kind = ValueKind::none;
  std::vector<std::string> choices;
  /// One line.
  std::string description;
  /// The heading it stands under in the help.
  std::string group;
  std::string default_value;
  /// The environment variable's name; empty: none.
  std::string environment;
  bool required = false;
  /// An argument that may be given any number of times.
  bool many = false;

  bool is_argument() const { return flags.empty(); }
};

struct CommandEntry {
  std::string name;
  /// One line.
  std::string description;
  /// More about it, which stands below the help.
  std::string footer;
  std::vector<OptionEntry> options;
  std::vector<CommandEntry> commands;
};

/// All commands, those that the help does not list too.
CommandEntry describe(const CLI::App& app);

}  // namespace mentat_sync
