// fish: one line for each command and option, with the condition under which it is offered.
#include "cli/completion_scripts.hpp"

#include <CLI/CLI.hpp>

namespace mentat_sync {
namespace {

constexpr auto head = R"(# Completes mentat-sync in fish. Written by `mentat-sync completion fish`.

complete -c mentat-sync -f
)";

std::string quoted(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '\'' || c == '\\') result += '\\';
    result += c;
  }
  return "'" + result + "'";
}

/// When all commands of `path` have been typed and none of those within the last one.
std::string condition(const std::vector<std::string>& path, const CommandEntry& command) {
  std::vector<std::string> parts;
  for (const auto& name : path) parts.push_back("__fish_seen_subcommand_from " + name);
  std::vector<std::string> names;
  for (const auto& inner : command.commands) names.push_back(inner.name);
  if (!names.empty()) {
    parts.push_back("not __fish_seen_subcommand_from " + CLI::detail::join(names, " "));
  }
  return "complete -c mentat-sync -n " + quoted(CLI::detail::join(parts, "; and "));
}

/// -r: takes a value, -x: and no file is one, -F: files although the program takes none.
std::string what_it_takes(const OptionEntry& option) {
  switch (option.kind) {
    case ValueKind::none:
      return {};
    case ValueKind::text:
      return " -x";
    case ValueKind::file:
      return " -r -F";
    case ValueKind::directory:
      return " -x -a '(__fish_complete_directories)'";
    case ValueKind::choice:
      return " -x -a " + quoted(CLI::detail::join(option.choices, " "));
  }
  return {};
}

std::string argument_line(const std::string& when, const OptionEntry& option) {
  if (option.kind == ValueKind::text || option.kind == ValueKind::none) return {};
  // An argument follows no flag: only what is offered for it is said.
  const auto offer = option.kind == ValueKind::file ? " -F" : what_it_takes(option).substr(3);
  return when + offer + "\n";
}

std::string option_line(const std::string& when, const OptionEntry& option) {
  std::string text = when;
  for (const auto& flag : option.flags) {
    text += flag.starts_with("--") ? " -l " + flag.substr(2) : " -s " + flag.substr(1);
  }
  return text + what_it_takes(option) + " -d " + quoted(option.description) + "\n";
}

std::string lines(const CommandEntry& command, const std::vector<std::string>& path) {
  const auto when = condition(path, command);
  std::string text = "\n";
  for (const auto& inner : command.commands) {
    text += when + " -a " + inner.name + " -d " + quoted(inner.description) + "\n";
  }
  for (const auto& option : command.options) {
    text += option.is_argument() ? argument_line(when, option) : option_line(when, option);
  }
  for (const auto& inner : command.commands) {
    auto inner_path = path;
    inner_path.push_back(inner.name);
    text += lines(inner, inner_path);
  }
  return text;
}

}  // namespace

std::string fish_completion(const CommandEntry& program) {
  return head + lines(program, {});
}

}  // namespace mentat_sync
