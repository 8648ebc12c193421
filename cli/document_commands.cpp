// The commands are described when CLI11 calls back, for then all have been added.
#include "cli/document_commands.hpp"

#include "cli/completion_scripts.hpp"
#include "cli/manual.hpp"
#include "cli/remote.hpp"
#include "storage/version.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <map>

namespace mentat_sync {
namespace {

const std::map<std::string, CompletionOptions::Shell> shells{
    {"bash", CompletionOptions::Shell::bash},
    {"zsh", CompletionOptions::Shell::zsh},
    {"fish", CompletionOptions::Shell::fish}};

std::string script(const CompletionOptions& options) {
  switch (options.shell) {
    case CompletionOptions::Shell::bash:
      return bash_completion(options.program);
    case CompletionOptions::Shell::zsh:
      return zsh_completion(options.program);
    case CompletionOptions::Shell::fish:
      return fish_completion(options.program);
  }
  return {};
}

}  // namespace

CLI::App* add_completion(CLI::App& app, CompletionOptions& options) {
  auto* command =
      app.add_subcommand("completion", "Print what makes a shell complete this program's commands");
  command->group("");
  const auto set = [&options](const CLI::results_t& results) {
    options.shell = shells.at(results.front());
    return true;
  };
  const auto check = [](const std::string& text) -> std::string {
    return shells.contains(text) ? "" : "'" + text + "' is none of bash, zsh, fish";
  };
  command->add_option("shell", set, "Of which shell")
      ->check(CLI::Validator(check, ""))
      ->type_name("bash|zsh|fish")
      ->required();
  command->callback([&app, &options] { options.program = describe(app); });
  return command;
}

int run_completion(const CompletionOptions& options) {
  std::cout << script(options);
  return finish_output();
}

CLI::App* add_man(CLI::App& app, ManOptions& options) {
  auto* command = app.add_subcommand("man", "Print the manual page mentat-sync(1), as troff");
  command->group("");
  command->callback([&app, &options] { options.program = describe(app); });
  return command;
}

int run_man(const ManOptions& options) {
  std::cout << manual_page(options.program, version().number);
  return finish_output();
}

}  // namespace mentat_sync
