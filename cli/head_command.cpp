// The user's page has HEAD and its sequence number of one moment.
#include "cli/head_command.hpp"

#include "cli/remote.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>

namespace mentat_sync {

CLI::App* add_head(CLI::App& app, HeadOptions& options) {
  auto* command = app.add_subcommand("head", "Print HEAD's uuid and sequence number");
  add_remote_options(*command, options.remote);
  command->add_flag("--json", options.json, "As JSON, with the log's totals");
  return command;
}

int run_head(const HeadOptions& options) {
  const Interruption interruption;
  const auto found = make_client(options.remote, interruption).summary();
  if (!found) return fail(found.error());
  if (options.json) {
    const nlohmann::ordered_json json{
        {"head", found->head.to_string()},
        {"seq", found->seq},
        {"transactions",
         {{"count", found->transaction_count}, {"bytes", found->transaction_bytes}}},
        {"chunks", {{"count", found->chunk_count}, {"bytes", found->chunk_bytes}}}};
    std::cout << json.dump() << '\n';
  } else {
    std::cout << found->head.to_string() << ' ' << found->seq << '\n';
  }
  return finish_output();
}

}  // namespace mentat_sync
