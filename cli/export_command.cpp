// What is pulled is checked on the way and written anew, so that a file is always one good log.
#include "cli/export_command.hpp"

#include "cli/atomic_file.hpp"
#include "cli/exit_codes.hpp"
#include "cli/progress.hpp"
#include "cli/pull_pages.hpp"
#include "cli/remote.hpp"
#include "cli/units.hpp"
#include "storage/cbor_log.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <iostream>
#include <string>
#include <unistd.h>
#include <utility>

namespace mentat_sync {
namespace {

constexpr std::size_t write_bytes = bounds::MiB;

/// Gathers items into writes of some size.
class LogOutput {
 public:
  using Write = std::function<Status(std::string_view)>;

  LogOutput(Write write, Progress& progress) : write_(std::move(write)), progress_(progress) {}

  bool take(const LogItem& item) {
    append_cbor(buffer_, item);
    return buffer_.size() < write_bytes || flush().ok();
  }
  const Status& flush() {
    if (status_.ok()) status_ = write_(buffer_);
    progress_.advance(buffer_.size());
    buffer_.clear();
    return status_;
  }

 private:
  Write write_;
  Progress& progress_;
  std::string buffer_;
  Status status_;
};

Reply<LogTrailer> receive(const ExportOptions& options, LogOutput& output) {
  const Interruption interruption;
  auto client = make_client(options.remote, interruption);
  // The total is not known beforehand: chunks that are not named are counted in it too.
  return pull_pages(client, {.from = options.from.value_or(TransactionId::root())},
                    [&](LogItem&& item) { return output.take(item); });
}

/// Pulls, and hands all of it to `write`. A failure of the disk is more to the point than that the
/// pull was stopped because of it.
Status export_to(const ExportOptions& options, const LogOutput::Write& write, LogTrailer& trailer) {
  Progress progress{std::cerr, "export", 0, progress_wanted() && !options.quiet};
  LogOutput output{write, progress};
  const auto done = receive(options, output);
  const auto& written = output.flush();
  if (!written.ok()) return written;
  if (!done) return {ErrorCode::io, done.error().message};
  trailer = *done;
  return {};
}

int to_standard_output(const ExportOptions& options) {
  if (::isatty(STDOUT_FILENO) == 1) {
    fail("a log is no text for a terminal: name a file, or send it elsewhere");
    return exit_codes::usage;
  }
  LogTrailer trailer;
  const auto status = export_to(options, write_output, trailer);
  return status.ok() ? finish_output() : fail(status.message());
}

int to_file(const ExportOptions& options) {
  auto file = AtomicFile::create(options.file);
  if (!file.ok()) return fail(file.status().message());
  LogTrailer trailer;
  auto status = export_to(
      options, [&](std::string_view bytes) { return file->write(bytes); }, trailer);
  if (status.ok()) status = file->commit(true);
  if (!status.ok()) return fail(status.message());
  if (!options.quiet) {
    std::cerr << "exported " << count_of(trailer.transactions, "transaction") << ", "
              << count_of(trailer.chunks, "chunk") << ", " << to_human_size(trailer.chunk_bytes)
              << std::endl;
  }
  return exit_codes::success;
}

}  // namespace

CLI::App* add_export(CLI::App& app, ExportOptions& options) {
  auto* command = app.add_subcommand("export", "Write a whole log to one file");
  add_remote_options(*command, options.remote);
  command->add_option("file", options.file, "The file; - is standard output")
      ->type_name("FILE")
      ->default_str(options.file);
  add_transaction_option(*command, "--from", options.from,
                         "Only what comes after this transaction");
  command->add_flag("--quiet", options.quiet, "Say nothing but what goes wrong");
  return command;
}

int run_export(const ExportOptions& options) {
  return options.file == "-" ? to_standard_output(options) : to_file(options);
}

}  // namespace mentat_sync
