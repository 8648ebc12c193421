// Checks, then prints.
#include "cli/check_command.hpp"

#include "cli/check_report.hpp"
#include "cli/exit_codes.hpp"
#include "cli/held_signals.hpp"
#include "cli/local_options.hpp"
#include "cli/option_kinds.hpp"

#include <functional>
#include <iostream>

namespace mentat_sync {
namespace {

Result<CheckReport> check(const CheckCommandOptions& options) {
  const HeldSignals held;
  CheckBar bar{progress_wanted() && !options.json};
  CheckOptions checking;
  checking.user = options.user;
  checking.hashes = !options.no_hashes;
  checking.progress = std::ref(bar);
  return options.file.empty() ? check_store(options.data, checking)
                              : check_file(options.file, checking);
}

}  // namespace

CLI::App* add_check(CLI::App& app, CheckCommandOptions& options) {
  auto* command = app.add_subcommand("check", "Say whether a store is sound, or what is damaged");
  command->footer(
      "\nReads the store's files itself, on the server's machine, whether a server runs or not;\n"
      "changes nothing. Exits with 0 when all is sound, 4 when something is damaged, 1 when it\n"
      "could not be looked at, or has no log of the user that is asked for.");
  command->option_defaults()->group("What is checked");
  add_directory_options(*command, options.data, options.config,
                        "The directory that holds the store");
  command
      ->add_option("--file", options.file, "A backup, rather than a directory; nobody may write it")
      ->type_name("FILE")
      ->configurable(false);
  add_user_option(*command, options.user, "Only this user's log");
  command->option_defaults()->group("Options");
  command
      ->add_flag("--no-hashes", options.no_hashes,
                 "Leave out whether chunks are what their SHA-256 ids say, for which all must be "
                 "read")
      ->configurable(false);
  command->add_flag("--json", options.json, "As one JSON object")->configurable(false);
  return command;
}

int run_check(const CheckCommandOptions& options) {
  const auto report = check(options);
  if (!report) return tell_failure(report.status());
  if (options.json) {
    std::cout << check_json(*report) << '\n';
  } else {
    print_check(std::cout, *report);
  }
  return std::cout.flush() ? exit_code_of(*report) : exit_codes::failure;
}

}  // namespace mentat_sync
