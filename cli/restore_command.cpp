// Restoring, and telling where the old store went.
#include "cli/restore_command.hpp"

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
#include <system_error>

namespace mentat_sync {
namespace {

namespace fs = std::filesystem;

fs::path file_of(const fs::path& backup) {
  std::error_code error;
  return fs::is_directory(backup, error) ? backup / "data.mdb" : backup;
}

Result<Replacement> restore(const RestoreCommandOptions& options) {
  const HeldSignals held;
  CopyBar copied{"copied", progress_wanted()};
  CheckBar checked{progress_wanted()};
  ReplaceOptions replacing;
  replacing.replace = options.force;
  replacing.check = !options.no_check;
  replacing.progress = std::ref(copied);
  replacing.check_options.progress = std::ref(checked);
  return restore(file_of(options.backup), options.data, replacing);
}

}  // namespace

CLI::App* add_restore(CLI::App& app, RestoreCommandOptions& options) {
  auto* command = app.add_subcommand("restore", "Make a backup the store of a data directory");
  command->footer(
      "\nOnly while no server runs on the directory. The backup is copied and checked before it\n"
      "takes its place; an old store is never deleted. Restores what the backup holds: what was\n"
      "acknowledged after it is missing then.");
  command->add_option("backup", options.backup, "A file, or a directory that has it as data.mdb")
      ->type_name("BACKUP")
      ->required();
  command->option_defaults()->group("Where to");
  add_directory_options(*command, options.data, options.config,
                        "The directory; made when it is not there");
  command->option_defaults()->group("Options");
  command
      ->add_flag("--force", options.force,
                 "Where there is a store: rename that to data.mdb.before-TIME")
      ->configurable(false);
  command
      ->add_flag("--no-check", options.no_check,
                 "Look only whether it is a store of this format version, not at all of it")
      ->configurable(false);
  return command;
}

int run_restore(const RestoreCommandOptions& options) {
  const auto restored = restore(options);
  if (!restored) {
    const Status& status = restored.status();
    const bool taken = !options.force && status.message().ends_with(" already");
    return tell_failure(
        {status.code(), status.message() + (taken ? " (--force moves an old store aside)" : "")});
  }
  if (!restored->done) {
    print_check(std::cout, restored->check);
    tell_failure("the backup is damaged; nothing was changed (--no-check takes it as it is)");
    return exit_codes::damaged;
  }
  std::cout << "restored " << to_human_size(restored->bytes_after) << " to "
            << options.data.string() << '\n';
  if (restored->aside) std::cout << "the old store is " << restored->aside->string() << '\n';
  return std::cout.flush() ? exit_codes::success : exit_codes::failure;
}

}  // namespace mentat_sync
