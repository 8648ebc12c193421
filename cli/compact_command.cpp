// Compacting, and telling what it brought.
#include "cli/compact_command.hpp"

#include "cli/check_report.hpp"
#include "cli/copy_bar.hpp"
#include "cli/exit_codes.hpp"
#include "cli/held_signals.hpp"
#include "cli/local_options.hpp"
#include "cli/option_kinds.hpp"
#include "cli/units.hpp"
#include "storage/backup.hpp"

#include <functional>
#include <iostream>

namespace mentat_sync {
namespace {

Result<Replacement> compact(const CompactCommandOptions& options) {
  const HeldSignals held;
  CopyBar copied{"copied", progress_wanted()};
  CheckBar checked{progress_wanted()};
  ReplaceOptions replacing;
  replacing.progress = std::ref(copied);
  replacing.check_options.progress = std::ref(checked);
  return compact(options.data, replacing);
}

}  // namespace

CLI::App* add_compact(CLI::App& app, CompactCommandOptions& options) {
  auto* command = app.add_subcommand("compact", "Make a store's file as small as what it holds");
  command->footer(
      "\nOnly while no server runs on the directory, which needs room for the copy besides. "
      "Rarely\n"
      "worth it: a server uses free space again by itself. The copy is checked before it takes "
      "the\n"
      "old file's place.");
  command->option_defaults()->group("Where");
  add_directory_options(*command, options.data, options.config,
                        "The directory that holds the store");
  return command;
}

int run_compact(const CompactCommandOptions& options) {
  const auto compacted = compact(options);
  if (!compacted) return tell_failure(compacted.status());
  if (!compacted->done) {
    print_check(std::cout, compacted->check);
    tell_failure("the store is damaged; nothing was changed");
    return exit_codes::damaged;
  }
  std::cout << to_human_size(compacted->bytes_before) << " before, "
            << to_human_size(compacted->bytes_after) << " after\n";
  return std::cout.flush() ? exit_codes::success : exit_codes::failure;
}

}  // namespace mentat_sync
