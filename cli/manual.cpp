// Every text that comes from the command line is escaped; requests stand on lines of their own.
#include "cli/manual.hpp"

#include "cli/manual_text.hpp"

#include <CLI/CLI.hpp>

#include <map>
#include <sstream>

namespace mentat_sync {
namespace {

/// troff would break a hyphen or make it typographic, and read a leading dot as a request.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '-') {
      result += "\\-";
    } else if (c == '\\') {
      result += "\\e";
    } else {
      result += c;
    }
  }
  if (result.starts_with('.') || result.starts_with('\'')) result.insert(0, "\\&");
  return result;
}

std::string bold(std::string_view text) {
  return "\\fB" + escaped(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + escaped(text) + "\\fR";
}

/// Each line of a text in which lines mean something.
std::string paragraphs(const std::string& text) {
  std::string result;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) result += escaped(line) + "\n";
  }
  return result.empty() ? result : ".PP\n" + result;
}

/// "--listen ADDR:PORT" with its short flag, or the argument's name.
std::string head_of(const OptionEntry& option) {
  if (option.is_argument()) return italic(option.value.empty() ? option.name : option.value);
  std::vector<std::string> flags;
  for (const auto& flag : option.flags) flags.push_back(bold(flag));
  const auto text = CLI::detail::join(flags, ", ");
  return option.value.empty() ? text : text + " " + italic(option.value);
}

std::string notes_of(const OptionEntry& option) {
  std::vector<std::string> notes;
  if (option.required) notes.emplace_back("required");
  if (!option.default_value.empty()) notes.push_back("default: " + escaped(option.default_value));
  if (!option.environment.empty()) notes.push_back("environment: " + bold(option.environment));
  return notes.empty() ? std::string{} : ".br\n[" + CLI::detail::join(notes, ", ") + "]\n";
}

std::string option_entry(const OptionEntry& option) {
  return ".TP\n" + head_of(option) + "\n" + escaped(option.description) + "\n" + notes_of(option);
}

std::string synopsis_of(const std::string& name, const CommandEntry& command) {
  std::string text = bold(name) + " [" + italic("OPTIONS") + "]";
  for (const auto& option : command.options) {
    if (!option.is_argument()) continue;
    const auto argument = italic(option.value.empty() ? option.name : option.value);
    text += option.required ? " " + argument : " [" + argument + "]";
  }
  if (!command.commands.empty()) text += " " + italic("COMMAND");
  return text;
}

/// A section for a command and those within it. `name` as typed: "mentat-sync serve".
std::string command_section(const std::string& name, const CommandEntry& command) {
  std::string text = ".SS " + escaped(name) + "\n" + synopsis_of(name, command) + "\n.PP\n" +
                     escaped(command.description) + ".\n";
  std::string group;
  for (const auto& option : command.options) {
    if (option.group != group && !option.group.empty() && option.group != "Options") {
      text += ".PP\n" + italic(option.group) + "\n";
    }
    group = option.group;
    text += option_entry(option);
  }
  text += paragraphs(command.footer);
  for (const auto& inner : command.commands) {
    text += command_section(name + " " + inner.name, inner);
  }
  return text;
}

std::string list_of_commands(const CommandEntry& program) {
  std::string text;
  for (const auto& command : program.commands) {
    text += ".TP\n" + bold(command.name) + "\n" + escaped(command.description) + ".\n";
  }
  return text;
}

using Variables = std::map<std::string, std::map<std::string, std::vector<std::string>>>;

/// By variable and flag, the commands that read it. `name` as typed after the program's: "token
/// add".
void collect_variables(const std::string& name, const CommandEntry& command, Variables& variables) {
  for (const auto& option : command.options) {
    if (!option.environment.empty()) {
      variables[option.environment][option.name].push_back(name);
    }
  }
  for (const auto& inner : command.commands) {
    collect_variables(name.empty() ? inner.name : name + " " + inner.name, inner, variables);
  }
}

std::string list_of_variables(const CommandEntry& program) {
  Variables variables;
  collect_variables("", program, variables);
  std::string text;
  for (const auto& [variable, flags] : variables) {
    text += ".TP\n" + bold(variable) + "\n";
    for (const auto& [flag, commands] : flags) {
      text += bold(flag) + " of " + escaped(CLI::detail::join(commands, ", ")) + ".\n";
    }
  }
  return text;
}

std::string heading(const std::string& name) {
  return ".SH " + name + "\n";
}

}  // namespace

std::string manual_page(const CommandEntry& program, std::string_view version) {
  const auto name = program.name;
  std::string text = ".\\\" Written by `mentat-sync man`.\n.TH MENTAT\\-SYNC 1 \"\" \"" +
                     escaped(name) + " " + escaped(version) + "\" \"User Commands\"\n";
  // Short enough for one line: a wrapped one is stretched, also after the name.
  text += heading("NAME") + escaped(name) +
          " \\- sync server for strictly ordered logs, and its client\n";
  text += heading("SYNOPSIS") + bold(name) + " " + italic("COMMAND") + " [" + italic("OPTIONS") +
          "]\n.br\n" + bold(name + " serve") + " [" + bold("--config") + " " + italic("FILE") +
          "] [" + bold("--listen") + " " + italic("ADDR:PORT") + "] [" + bold("--data") + " " +
          italic("DIR") + "]\n";
  text += heading("DESCRIPTION") + manual_text::description;
  text += heading("COMMANDS") + list_of_commands(program);
  text += heading("OPTIONS");
  for (const auto& option : program.options) text += option_entry(option);
  for (const auto& command : program.commands) {
    text += command_section(name + " " + command.name, command);
  }
  text += heading("ENVIRONMENT") + manual_text::environment + list_of_variables(program);
  return text + manual_text::end;
}

}  // namespace mentat_sync
