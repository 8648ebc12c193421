// The options, and reading what is pushed.
#include "cli/push_command.hpp"

#include "cli/exit_codes.hpp"
#include "cli/file_chunks.hpp"
#include "cli/file_pusher.hpp"
#include "cli/remote.hpp"
#include "cli/value_checks.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <utility>

namespace mentat_sync {

CLI::App* add_push(CLI::App& app, PushOptions& options) {
  auto* command = app.add_subcommand("push", "Commit files as the chunks of one new transaction");
  add_remote_options(*command, options.remote);
  command->add_option("files", options.files, "Files, in the transaction's order; - is stdin")
      ->type_name("FILE...")
      ->required();
  add_transaction_option(*command, "--base", options.base,
                         "Only if HEAD is there; otherwise exit code 3");
  add_number_option(
      *command, "--retries", [&options](std::uint64_t retries) { options.retries = retries; }, 0,
      count_max, std::to_string(options.retries), "How often to follow a HEAD that moved");
  add_push_bytes_option(*command, options.push_bytes);
  command->add_flag("--json", options.json, "Print JSON");
  return command;
}

int run_push(const PushOptions& options) {
  if (std::count(options.files.begin(), options.files.end(), "-") > 1) {
    fail("'-' is given more than once, and standard input can be read only once");
    return exit_codes::usage;
  }
  auto content = read_file_chunks(options.files);
  if (!content.ok()) return fail(content.status().message());
  const Interruption interruption;
  return FilePusher{options, *std::move(content), interruption}.run();
}

}  // namespace mentat_sync
