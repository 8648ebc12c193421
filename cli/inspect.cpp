// Reads first, then prints, so that a slow pager holds no snapshot.
#include "cli/inspect.hpp"

#include "cli/exit_codes.hpp"
#include "cli/held_signals.hpp"
#include "cli/inspect_graph.hpp"
#include "cli/inspect_report.hpp"
#include "cli/local_options.hpp"
#include "cli/option_kinds.hpp"
#include "storage/inspection.hpp"

#include <iostream>
#include <string>

namespace mentat_sync {
namespace {

Result<Inspection> read(const InspectOptions& options) {
  const HeldSignals held;
  const auto inspector = StoreInspector::open(options.data, options.rules);
  if (!inspector) return inspector.status();
  return (*inspector)->inspect(*options.user, options.limit);
}

}  // namespace

CLI::App* add_inspect(CLI::App& app, InspectOptions& options) {
  auto* command = app.add_subcommand(
      "inspect", "Show what the store holds of a user's log, pending and dead ones included");
  command->footer(
      "\nReads the store's files itself, on the server's machine, whether a server runs or not;\n"
      "changes nothing.");
  command->option_defaults()->group("Which log");
  add_data_option(*command, options.data, "The directory that holds the store");
  add_config_option(*command, options.config,
                    "The server's TOML file: what it says of the directory and of garbage counts "
                    "here too, unless an option or a variable says otherwise");
  // It is about one user in any case, and says which.
  add_user_option(*command, options.user, "The user whose log it is")
      ->required()
      ->envname("MENTAT_SYNC_USER");
  command->option_defaults()->group("What is shown");
  add_count_option(*command, "--limit", set_number(options.limit), in_range(0, count_max),
                   "So many committed transactions, the newest; 0: all")
      ->default_str(std::to_string(options.limit))
      ->configurable(false);
  command->add_flag("--json", options.json, "As one JSON object; times in ms since 1970")
      ->configurable(false);
  command->option_defaults()->group("What counts as garbage (as the server is told)");
  add_collection_rules(*command, options.rules);
  return command;
}

int inspect(const InspectOptions& options) {
  const auto inspection = read(options);
  if (!inspection) return tell_failure(inspection.status());
  if (options.json) {
    std::cout << report_json(*options.user, *inspection) << '\n';
  } else {
    print_report(std::cout, *options.user, *inspection);
    if (inspection->begun) {
      std::cout << '\n';
      draw_graph(std::cout, *inspection);
      explain_marks(std::cout);
    }
  }
  return std::cout.flush() ? exit_codes::success : exit_codes::failure;
}

}  // namespace mentat_sync
