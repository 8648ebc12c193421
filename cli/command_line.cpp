// All commands of the program, as CLI11 takes them.
#include "cli/command_line.hpp"

#include "cli/backup_command.hpp"
#include "cli/check_command.hpp"
#include "cli/compact_command.hpp"
#include "cli/config_file.hpp"
#include "cli/document_commands.hpp"
#include "cli/exit_codes.hpp"
#include "cli/export_command.hpp"
#include "cli/gc.hpp"
#include "cli/head_command.hpp"
#include "cli/health_command.hpp"
#include "cli/help.hpp"
#include "cli/import_command.hpp"
#include "cli/inspect.hpp"
#include "cli/load/load_command.hpp"
#include "cli/log_command.hpp"
#include "cli/mistakes.hpp"
#include "cli/pull_command.hpp"
#include "cli/push_command.hpp"
#include "cli/restore_command.hpp"
#include "cli/stats_command.hpp"
#include "cli/token_command.hpp"
#include "cli/version_command.hpp"
#include "cli/watch_command.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <sstream>
#include <utility>

namespace mentat_sync {
namespace {

/// A command that has been added, and what runs it.
struct OtherCommand {
  CLI::App* app = nullptr;
  CommandRun run;
};

/// The options of a command live as long as what runs it.
template <class Options>
OtherCommand add_command(CLI::App& app, CLI::App* (*add)(CLI::App&, Options&),
                         int (*run)(const Options&)) {
  auto options = std::make_shared<Options>();
  CLI::App* const command = add(app, *options);
  return {command, {[options, run] { return run(*options); }}};
}

std::vector<OtherCommand> add_other_commands(CLI::App& app) {
  return {
      add_command(app, add_head, run_head),
      add_command(app, add_log, run_log),
      add_command(app, add_push, run_push),
      add_command(app, add_pull, run_pull),
      add_command(app, add_watch, run_watch),
      add_command(app, add_export, run_export),
      add_command(app, add_import, run_import),
      add_command(app, add_inspect, inspect),
      add_command(app, add_gc, gc),
      add_command(app, add_check, run_check),
      add_command(app, add_backup, run_backup),
      add_command(app, add_restore, run_restore),
      add_command(app, add_compact, run_compact),
      add_command(app, add_stats, run_stats),
      add_command(app, add_token, run_token),
      add_command(app, add_health, run_health),
      add_command(app, add_load, run_load),
      add_command(app, add_version, run_version),
      add_command(app, add_completion, run_completion),
      add_command(app, add_man, run_man),
  };
}

Farewell farewell_for(const CLI::App& app, const std::vector<std::string>& arguments,
                      const CLI::ParseError& error) {
  std::ostringstream out;
  std::ostringstream err;
  // Help was asked for; but not of a command that there is not.
  if (app.exit(error, out, err) == 0 && !names_no_command(app)) {
    return {exit_codes::success, out.str(), {}};
  }
  const auto parsed = parsed_path(app);
  const std::string command = parsed.empty() ? " COMMAND" : " " + parsed;
  return {exit_codes::usage,
          {},
          "mentat-sync: " + mistake_of(app, arguments, error) + "\nRun 'mentat-sync" + command +
              " --help' for its options and what they take.\n"};
}

std::vector<CLI::App*> commands_of(CLI::App& app) {
  return app.get_subcommands([](CLI::App*) { return true; });
}

void forget_environment(CLI::App& command) {
  for (CLI::Option* option : command.get_options()) option->envname("");
  for (CLI::App* below : commands_of(command)) forget_environment(*below);
}

/// CLI11 reads the variables of all commands, and what one cannot use would stop any other. The
/// documents tell of all variables, and so keep them.
void read_own_environment_only(CLI::App& app, const std::vector<std::string>& arguments) {
  const auto commands = commands_of(app);
  const auto chosen = std::ranges::find_if(commands, [&](const CLI::App* command) {
    return !arguments.empty() && command->get_name() == arguments.front();
  });
  if (chosen == commands.end()) return;
  if ((*chosen)->get_name() == "man" || (*chosen)->get_name() == "completion") return;
  for (CLI::App* command : commands) {
    if (command != *chosen) forget_environment(*command);
  }
}

/// The server's file, whoever reads it: its keys are options of `serve`.
void read_config_file(CLI::App& command, const CLI::App& serve) {
  const auto* option = command.get_option_no_throw("--config");
  if (option == nullptr || option->count() == 0) return;
  apply_config_file(option->results().back(), "serve", command, serve);
}

void check_together(const ServeOptions& options) {
  const std::string wrong = contradiction_in(options);
  if (!wrong.empty()) throw CLI::ValidationError{wrong};
}

}  // namespace

CommandLine parse_command_line(const std::vector<std::string>& arguments) {
  ServeOptions serve_options;
  CLI::App app{"A sync server for stores that keep a strictly ordered log, and its clients.",
               "mentat-sync"};
  app.set_version_flag("--version", version_line());
  app.require_subcommand(1);
  app.formatter(std::make_shared<HelpFormatter>());
  CLI::App* const serve = add_serve(app, serve_options);
  const std::vector<OtherCommand> others = add_other_commands(app);
  read_own_environment_only(app, arguments);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    for (CLI::App* command : app.get_subcommands()) read_config_file(*command, *serve);
    if (app.got_subcommand(serve)) check_together(serve_options);
  } catch (const CLI::ParseError& error) {
    return farewell_for(app, arguments, error);
  } catch (const CLI::Error& error) {
    return Farewell{exit_codes::usage, {}, std::string("mentat-sync: ") + error.what() + "\n"};
  }
  for (const OtherCommand& command : others) {
    if (app.got_subcommand(command.app)) return command.run;
  }
  return serve_options;
}

}  // namespace mentat_sync
