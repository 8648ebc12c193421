// zsh: one function for each command, which hands _arguments a line for each option.
#include "cli/completion_scripts.hpp"

#include <CLI/CLI.hpp>

namespace mentat_sync {
namespace {

constexpr auto head = R"(#compdef mentat-sync
# Completes mentat-sync in zsh. Written by `mentat-sync completion zsh`.
compdef _mentat-sync mentat-sync 2>/dev/null

)";

// Found by its name in fpath it is run; sourced it only defines.
constexpr auto tail = R"(if [[ ${funcstack[1]-} == _mentat-sync ]]; then
  _mentat-sync "$@"
fi
)";

/// Within single quotes, with what `special` holds escaped for _arguments or _describe.
std::string quoted(const std::string& text, const std::string& special) {
  std::string result;
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
      continue;
    }
    if (c == '\\' || special.find(c) != special.npos) result += '\\';
    result += c;
  }
  return result;
}

std::string action(const OptionEntry& option) {
  switch (option.kind) {
    case ValueKind::file:
      return "_files";
    case ValueKind::directory:
      return "_files -/";
    case ValueKind::choice:
      return "(" + CLI::detail::join(option.choices, " ") + ")";
    case ValueKind::none:
    case ValueKind::text:
      return " ";
  }
  return " ";
}

std::string message_and_action(const OptionEntry& option) {
  const std::string& message = option.value.empty() ? option.name : option.value;
  return ":" + quoted(message, ":") + ":" + action(option);
}

std::string argument_line(const OptionEntry& option, int number) {
  const auto which = option.many ? std::string{"*"} : std::to_string(number);
  return "    '" + which + message_and_action(option) + "' \\\n";
}

/// A flag may be repeated, the last one counts.
std::string option_line(const OptionEntry& option, const std::string& flag) {
  const bool takes_value = option.kind != ValueKind::none;
  const bool is_long = flag.starts_with("--");
  std::string text = "    '*" + flag + (takes_value && is_long ? "=" : "") + "[" +
                     quoted(option.description, "[]:") + "]";
  if (takes_value) text += message_and_action(option);
  return text + "' \\\n";
}

std::string option_lines(const CommandEntry& command) {
  std::string text;
  int arguments = 0;
  for (const auto& option : command.options) {
    for (const auto& flag : option.flags) text += option_line(option, flag);
    if (option.is_argument()) text += argument_line(option, ++arguments);
  }
  return text;
}

std::string commands_of(const CommandEntry& command) {
  std::string text = "  local -a commands=(\n";
  for (const auto& inner : command.commands) {
    text += "    '" + inner.name + ":" + quoted(inner.description, ":") + "'\n";
  }
  return text + "  )\n";
}

/// Where another command follows, its words are completed as if they began the line.
std::string body_with_commands(const CommandEntry& command, const std::string& function) {
  return "  local curcontext=$curcontext state line\n  typeset -A opt_args\n" +
         commands_of(command) + "  _arguments -C \\\n" + option_lines(command) +
         "    '1: :->command' \\\n    '*:: :->rest'\n"
         "  case $state in\n"
         "    command) _describe -t commands command commands ;;\n"
         "    rest) (( $+functions[" +
         function + "-$words[1]] )) && " + function + "-$words[1] ;;\n  esac\n";
}

std::string functions(const CommandEntry& command, const std::string& function) {
  std::string text;
  for (const auto& inner : command.commands) {
    text += functions(inner, function + "-" + inner.name);
  }
  const auto body = command.commands.empty()
                        ? "  _arguments -S \\\n" + option_lines(command) + "    && return 0\n"
                        : body_with_commands(command, function);
  return text + function + "() {\n" + body + "}\n\n";
}

}  // namespace

std::string zsh_completion(const CommandEntry& program) {
  return head + functions(program, "_" + program.name) + tail;
}

}  // namespace mentat_sync
