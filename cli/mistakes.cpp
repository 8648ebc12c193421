// CLI11's errors carry a text and nothing else: what they are about is read out of it.
#include "cli/mistakes.hpp"

#include "cli/help.hpp"
#include "cli/similar_words.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <vector>

namespace mentat_sync {
namespace {

/// The innermost: some commands have commands.
const CLI::App& parsed_command(const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  return parsed.empty() ? app : parsed_command(*parsed.front());
}

bool has_commands(const CLI::App& app) {
  return !app.get_subcommands([](const CLI::App*) { return true; }).empty();
}

std::string in_quotes(const std::string& text) {
  return "'" + text + "'";
}

/// "serve", "token add", or the program.
std::string who(const CLI::App& app) {
  const auto path = parsed_path(app);
  return path.empty() ? app.get_name() : path;
}

/// `text` up to `mark`, when that is in it.
std::optional<std::string> before(const std::string& text, std::string_view mark) {
  const auto end = text.find(mark);
  if (end == text.npos) return std::nullopt;
  return text.substr(0, end);
}

/// "head needs --user UUID, or MENTAT_SYNC_USER in the environment".
std::string needed(const CLI::App& app, const std::string& name) {
  const auto* option = parsed_command(app).get_option_no_throw(name);
  if (option == nullptr) return who(app) + " needs " + name;
  const bool is_flagged = name.starts_with("-");
  std::string text =
      who(app) + " needs " + (is_flagged ? name + " " : "") + option->get_type_name();
  const auto variable = option->get_envname();
  return variable.empty() ? text : text + ", or " + variable + " in the environment";
}

std::vector<std::string> names_of_commands(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

std::vector<std::string> flags_of(const CLI::App& command) {
  std::vector<std::string> flags;
  for (const auto* option : command.get_options()) {
    for (const auto& name : option->get_lnames()) flags.push_back("--" + name);
  }
  return flags;
}

/// "; did you mean 'serve'?", when some word is near.
std::string meant(const std::string& typed, const std::vector<std::string>& words) {
  const auto near = most_similar(typed, words);
  return near.empty() ? near : "; did you mean " + in_quotes(near) + "?";
}

/// One that is nearly a command is taken for a slip of the pen: then the list would only hide it.
std::string unknown_command(const CLI::App& app) {
  const auto typed = app.remaining().front();
  const auto guess = meant(typed, names_of_commands(app));
  return "there is no command " + in_quotes(typed) +
         (guess.empty() ? list_of_commands(app) : guess);
}

std::string not_expected(const CLI::App& app, const std::vector<std::string>& rest) {
  const auto& first = rest.front();
  const bool is_option = first.size() > 1 && first.front() == '-';
  if (is_option) {
    const auto typed = first.substr(0, first.find('='));
    return who(app) + " has no option " + in_quotes(first) +
           meant(typed, flags_of(parsed_command(app)));
  }
  const auto& command = parsed_command(app);
  if (!has_commands(command)) return who(app) + " takes no argument " + in_quotes(first);
  const auto guess = meant(first, names_of_commands(command));
  return who(app) + " has no command " + in_quotes(first) +
         (guess.empty() ? list_of_commands(command) : guess);
}

std::string missing(const CLI::App& app, const std::string& what) {
  const auto name = before(what, " is required");
  return name ? needed(app, *name) : what;
}

/// "--limit: 1 required COUNT missing".
std::string mismatch(const CLI::App& app, const std::string& what) {
  const auto name = before(what, ": 1 required ");
  if (!name) return what;
  const auto* option = parsed_command(app).get_option_no_throw(*name);
  return *name + " needs a value" + (option ? ": " + *name + " " + option->get_type_name() : "");
}

std::string exclusion(const std::string& what) {
  constexpr std::string_view mark = " excludes ";
  const auto name = before(what, mark);
  if (!name) return what;
  return *name + " and " + what.substr(name->size() + mark.size()) + " exclude each other";
}

bool is_typed(const std::string& flag, const std::vector<std::string>& arguments) {
  return std::ranges::any_of(arguments, [&](const std::string& argument) {
    return argument == flag || argument.starts_with(flag + "=");
  });
}

/// "--threads: 'x' is no whole number", of which a variable may be the cause.
std::string wrong_value(const CLI::App& app, const std::vector<std::string>& arguments,
                        const std::string& what) {
  const auto flag = before(what, ": ");
  const auto* option = flag ? parsed_command(app).get_option_no_throw(*flag) : nullptr;
  if (option == nullptr || is_typed(*flag, arguments)) return what;
  const auto variable = option->get_envname();
  // NOLINTNEXTLINE(concurrency-mt-unsafe): before threads start
  const bool is_set = !variable.empty() && std::getenv(variable.c_str()) != nullptr;
  return is_set ? variable + " in the environment, for " + what : what;
}

}  // namespace

std::string parsed_path(const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  if (parsed.empty()) return {};
  const auto rest = parsed_path(*parsed.front());
  return parsed.front()->get_name() + (rest.empty() ? "" : " " + rest);
}

bool names_no_command(const CLI::App& app) {
  const auto rest = app.remaining();
  return app.get_subcommands().empty() && !rest.empty() && !rest.front().starts_with("-");
}

std::string mistake_of(const CLI::App& app, const std::vector<std::string>& arguments,
                       const CLI::ParseError& error) {
  if (names_no_command(app)) return unknown_command(app);
  // What was not expected comes first: it may be the misspelt form of what is then missing.
  const auto rest = app.remaining(true);
  if (!rest.empty()) return not_expected(app, rest);
  const auto& command = parsed_command(app);
  if (has_commands(command)) return "which command?" + list_of_commands(command);
  if (error.get_name() == "RequiredError") return missing(app, error.what());
  if (error.get_name() == "ArgumentMismatch") return mismatch(app, error.what());
  if (error.get_name() == "ExcludesError") return exclusion(error.what());
  if (error.get_name() == "ValidationError") return wrong_value(app, arguments, error.what());
  return error.what();
}

}  // namespace mentat_sync
