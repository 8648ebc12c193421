// Finding out where the copy goes; the rest is the store's.
#include "cli/backup_command.hpp"

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
#include <optional>
#include <system_error>
#include <unistd.h>

namespace mentat_sync {
namespace {

namespace fs = std::filesystem;

/// The file that is written: `data.mdb` in what is a directory or is called one.
Result<fs::path> file_of(const std::string& target) {
  const fs::path path{target};
  std::error_code error;
  if (target.ends_with('/') && fs::create_directory(path, error)) {
    fs::permissions(path, fs::perms::owner_all, error);
  }
  if (error) {
    return Status{ErrorCode::io, "cannot make the directory " + target + ": " + error.message()};
  }
  return fs::is_directory(path, error) ? path / "data.mdb" : path;
}

int stream(const BackupCommandOptions& options) {
  if (options.verify) return tell_failure("what goes to standard output cannot be verified here");
  if (::isatty(STDOUT_FILENO) == 1) return tell_failure("a copy is nothing for a terminal");
  CopyBar bar{"copied", progress_wanted()};
  const auto bytes = back_up_to(options.data, STDOUT_FILENO, std::ref(bar));
  return bytes.ok() ? exit_codes::success : tell_failure(bytes.status());
}

/// A signal waits; thrown out of the check, which cannot be stopped otherwise.
struct Interrupted {};

/// Whether the copy is sound, while it has not taken its place yet.
class Verification {
 public:
  Status operator()(const fs::path& copy) {
    CheckOptions checking;
    checking.progress = [this](CheckStage stage, std::uint64_t done, std::uint64_t total) {
      if (HeldSignals::waiting()) throw Interrupted{};
      bar_(stage, done, total);
    };
    try {
      return judge(check_file(copy, checking));
    } catch (const Interrupted&) {
      return {ErrorCode::unavailable, "interrupted; nothing was changed"};
    }
  }

  const std::optional<CheckReport>& report() const { return report_; }

 private:
  Status judge(const Result<CheckReport>& checked) {
    if (!checked) return checked.status();
    report_ = *checked;
    if (report_->sound()) return {};
    return {ErrorCode::corrupt,
            "the store is damaged, so this copy of it is too, and was removed; "
            "nothing was replaced (without --verify it is kept)"};
  }

  CheckBar bar_{progress_wanted()};
  std::optional<CheckReport> report_;
};

Result<std::uint64_t> copy(const BackupCommandOptions& options, const fs::path& file,
                           Verification& verification) {
  CopyBar bar{"copied", progress_wanted()};
  BackupOptions copying;
  copying.replace = options.force;
  copying.progress = std::ref(bar);
  if (options.verify) copying.judge = std::ref(verification);
  return back_up(options.data, file, copying);
}

int tell_failed_copy(const Status& status, bool force) {
  const bool taken = !force && status.message().ends_with(" already");
  return tell_failure(
      {status.code(), status.message() + (taken ? " (--force replaces a file)" : "")});
}

}  // namespace

CLI::App* add_backup(CLI::App& app, BackupCommandOptions& options) {
  auto* command = app.add_subcommand("backup", "Copy a whole store, while a server serves it");
  command->footer(
      "\nThe copy is one consistent state, without free space. While it is made, the server "
      "cannot\n"
      "use space again that becomes free, so its file grows by what is written meanwhile. The\n"
      "copy appears whole under its name, or not at all.");
  command
      ->add_option("target", options.target,
                   "A file, a directory (for data.mdb in it), or - for standard output")
      ->type_name("TARGET")
      ->required();
  command->option_defaults()->group("Where the store is");
  add_directory_options(*command, options.data, options.config,
                        "The directory that holds the store");
  command->option_defaults()->group("Options");
  command->add_flag("--force", options.force, "Replace a file that is there")->configurable(false);
  command
      ->add_flag("--verify", options.verify,
                 "Check all of the copy before it takes its name; a damaged one replaces nothing")
      ->configurable(false);
  return command;
}

int run_backup(const BackupCommandOptions& options) {
  const HeldSignals held;
  if (options.target == "-") return stream(options);
  const auto file = file_of(options.target);
  if (!file) return tell_failure(file.status().message());
  Verification verification;
  const auto bytes = copy(options, *file, verification);
  if (verification.report()) print_check(std::cout, *verification.report());
  if (!bytes) return tell_failed_copy(bytes.status(), options.force);
  std::cout << file->string() << ": " << to_human_size(*bytes) << '\n';
  return std::cout.flush() ? exit_codes::success : exit_codes::failure;
}

}  // namespace mentat_sync
