// A log is pulled from old to new, without its chunks; the newest come first when all have come.
#include "cli/log_command.hpp"

#include "cli/log_graph.hpp"
#include "cli/pull_pages.hpp"
#include "cli/remote.hpp"
#include "cli/value_checks.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <deque>
#include <iostream>
#include <variant>

namespace mentat_sync {
namespace {

using Rows = std::deque<LogRow>;
using Json = nlohmann::ordered_json;

Reply<LogTrailer> collect(Client& client, const LogOptions& options, Rows& rows) {
  const PullRequest request{.from = options.from.value_or(TransactionId::root()),
                            .with_chunks = false};
  return pull_pages(client, request, [&](LogItem&& item) {
    if (const auto* transaction = std::get_if<LogTransaction>(&item)) {
      rows.push_back({transaction->seq, transaction->id, transaction->chunks.size()});
      if (options.limit && rows.size() > *options.limit) rows.pop_front();
    }
    return true;
  });
}

void print_json(const Rows& rows, bool newest_first) {
  auto transactions = Json::array();
  for (const LogRow& row : rows) {
    transactions.push_back({{"seq", row.seq}, {"id", row.id.to_string()}, {"chunks", row.chunks}});
  }
  if (newest_first) std::reverse(transactions.begin(), transactions.end());
  std::cout << Json{{"transactions", std::move(transactions)}}.dump() << '\n';
}

void print_rows(const Rows& rows, bool newest_first) {
  const auto print = [](const LogRow& row) { print_log_row(std::cout, row); };
  if (newest_first) {
    std::for_each(rows.rbegin(), rows.rend(), print);
  } else {
    std::for_each(rows.begin(), rows.end(), print);
  }
}

/// When nothing comes after `from`, HEAD is there; the root is nobody's transaction.
Reply<std::uint64_t> seq_of(Client& client, const TransactionId& from) {
  if (from.is_root()) return std::uint64_t{0};
  const auto found = client.transaction(from);
  if (!found) return found.error();
  return found->seq;
}

int draw(Client& client, const LogOptions& options, const Rows& rows) {
  std::uint64_t older = rows.empty() ? 0 : rows.front().seq - 1;
  if (rows.empty() && options.from) {
    const auto seq = seq_of(client, *options.from);
    if (!seq) return fail(seq.error());
    older = *seq;
  }
  draw_log(std::cout, rows, older, !options.reverse);
  return finish_output();
}

}  // namespace

CLI::App* add_log(CLI::App& app, LogOptions& options) {
  auto* command = app.add_subcommand("log", "List the committed transactions, newest first");
  add_remote_options(*command, options.remote);
  add_transaction_option(*command, "--from", options.from, "Only those after this transaction");
  add_number_option(
      *command, "--limit", [&options](std::uint64_t limit) { options.limit = limit; }, 1, count_max,
      "all", "Only the newest so many");
  command->add_flag("--graph", options.graph, "Draw them as a chain");
  command->add_flag("--reverse", options.reverse, "Oldest first");
  command->add_flag("--json", options.json, "As one JSON object")->excludes("--graph");
  return command;
}

int run_log(const LogOptions& options) {
  const Interruption interruption;
  auto client = make_client(options.remote, interruption);
  Rows rows;
  const auto done = collect(client, options, rows);
  if (!done) return fail(done.error());
  if (options.graph) return draw(client, options, rows);
  if (options.json) {
    print_json(rows, !options.reverse);
  } else {
    print_rows(rows, !options.reverse);
  }
  return finish_output();
}

}  // namespace mentat_sync
