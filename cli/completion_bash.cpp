// bash: two tables (what a command offers, what an option takes) and a function that walks the
// words typed so far. It needs no bash-completion package.
#include "cli/completion_scripts.hpp"

#include <CLI/CLI.hpp>

namespace mentat_sync {
namespace {

constexpr auto head = R"(# Completes mentat-sync in bash. Written by `mentat-sync completion bash`.

)";

// bash takes "--flag=value" and "address:port" apart where it completes.
constexpr auto walk = R"BASH(
_mentat_sync() {
  local cur=${COMP_WORDS[COMP_CWORD]} command='' option='' arguments=0 commands flags takes i word
  COMPREPLY=()
  _mentat_sync_offers ''
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $word == '=' ]]; then
      continue
    elif [[ $word == ':' ]]; then
      ((++i))
    elif [[ $option ]]; then
      option=''
    elif [[ $word == -?* ]]; then
      _mentat_sync_takes "$command $word"
      if [[ $takes ]]; then option=$word; fi
    elif [[ " $commands " == *" $word "* ]]; then
      command+=${command:+ }$word
      _mentat_sync_offers "$command"
    else
      ((++arguments))
    fi
  done
  if [[ $cur == '=' ]]; then cur=''; fi
  takes=''
  if [[ $option ]]; then
    _mentat_sync_takes "$command $option"
  elif [[ $cur == -* ]]; then
    takes=$flags
  elif [[ $commands ]]; then
    takes=$commands
  else
    _mentat_sync_takes "$command #$((arguments + 1))"
  fi
  case $takes in
    '' | @text) ;;
    @file)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$cur")
      ;;
    @directory)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -d -- "$cur")
      ;;
    *) mapfile -t COMPREPLY < <(compgen -W "$takes" -- "$cur") ;;
  esac
}
complete -F _mentat_sync mentat-sync
)BASH";

std::string flags_of(const CommandEntry& command) {
  std::vector<std::string> flags;
  for (const auto& option : command.options) {
    flags.insert(flags.end(), option.flags.begin(), option.flags.end());
  }
  return CLI::detail::join(flags, " ");
}

std::string commands_of(const CommandEntry& command) {
  std::vector<std::string> names;
  for (const auto& inner : command.commands) names.push_back(inner.name);
  return CLI::detail::join(names, " ");
}

std::string offered(const OptionEntry& option) {
  switch (option.kind) {
    case ValueKind::none:
      return {};
    case ValueKind::text:
      return "@text";
    case ValueKind::file:
      return "@file";
    case ValueKind::directory:
      return "@directory";
    case ValueKind::choice:
      return CLI::detail::join(option.choices, " ");
  }
  return {};
}

/// One branch of the first table, and those of the commands within. `path` as typed: "gc".
std::string offers(const CommandEntry& command, const std::string& path) {
  std::string text = "    '" + path + "')\n      commands='" + commands_of(command) +
                     "'\n      flags='" + flags_of(command) + "'\n      ;;\n";
  for (const auto& inner : command.commands) {
    text += offers(inner, path.empty() ? inner.name : path + " " + inner.name);
  }
  return text;
}

std::string branch(const std::string& pattern, const OptionEntry& option) {
  return "    " + pattern + ") takes='" + offered(option) + "' ;;\n";
}

/// The branches of the second table: by flag, and by an argument's number.
std::string takes(const CommandEntry& command, const std::string& path) {
  std::string text;
  int arguments = 0;
  for (const auto& option : command.options) {
    if (option.kind == ValueKind::none) continue;
    for (const auto& flag : option.flags) text += branch("'" + path + " " + flag + "'", option);
    if (!option.is_argument()) continue;
    const auto number = option.many ? "'*" : std::to_string(++arguments) + "'";
    text += branch("'" + path + " #" + number, option);
  }
  for (const auto& inner : command.commands) {
    text += takes(inner, path.empty() ? inner.name : path + " " + inner.name);
  }
  return text;
}

}  // namespace

std::string bash_completion(const CommandEntry& program) {
  return head + std::string{"_mentat_sync_offers() {\n  case $1 in\n"} + offers(program, "") +
         "  esac\n}\n\n_mentat_sync_takes() {\n  takes=''\n  case $1 in\n" + takes(program, "") +
         "  esac\n}\n" + walk;
}

}  // namespace mentat_sync
