// A census, as text and as JSON.
#include "cli/stats_command.hpp"

#include "cli/exit_codes.hpp"
#include "cli/held_signals.hpp"
#include "cli/local_options.hpp"
#include "cli/option_kinds.hpp"
#include "cli/units.hpp"

#include <nlohmann/json.hpp>

#include <iomanip>
#include <iostream>

namespace mentat_sync {
namespace {

using Json = nlohmann::ordered_json;

/// All are kept in order while they are counted.
constexpr std::uint64_t users_max = 10'000;

std::uint64_t pages_of(const TableCensus& table) {
  return table.branch_pages + table.leaf_pages + table.overflow_pages;
}

void print_file(std::ostream& out, const Census& census) {
  out << "file          " << to_human_size(census.file_bytes) << ", format version "
      << census.format_version << '\n'
      << "map           " << to_human_size(census.map_bytes) << '\n'
      << "used          " << to_human_size((census.pages - census.free_pages) * census.page_bytes)
      << ", " << count_of(census.pages - census.free_pages, "page") << " of "
      << to_human_size(census.page_bytes) << '\n'
      << "free          " << to_human_size(census.free_pages * census.page_bytes) << ", "
      << count_of(census.free_pages, "page") << '\n';
}

void print_logs(std::ostream& out, const Census& census) {
  const LogCensus& all = census.all;
  out << "users         " << census.users << '\n'
      << "transactions  " << all.transactions << ", " << to_human_size(all.transaction_bytes)
      << " of records; " << all.pending << " pending and " << all.dead << " dead, "
      << to_human_size(all.uncommitted_bytes) << '\n'
      << "chunks        " << all.chunks << ", " << to_human_size(all.chunk_bytes)
      << "; no transaction names " << all.unreferenced << " of them\n"
      << "purges        " << count_of(census.purges, "deleted log")
      << " whose space has not come back yet\n";
}

void print_tables(std::ostream& out, const Census& census) {
  out << "\ntable         entries     pages\n";
  for (const TableCensus& table : census.tables) {
    out << std::left << std::setw(12) << table.name << std::right << std::setw(9) << table.entries
        << std::setw(10) << pages_of(table) << '\n';
  }
}

Json json_of(const LogCensus& log) {
  return {{"bytes", log.bytes()},
          {"transactions", log.transactions},
          {"transaction_bytes", log.transaction_bytes},
          {"pending", log.pending},
          {"dead", log.dead},
          {"uncommitted_bytes", log.uncommitted_bytes},
          {"chunks", log.chunks},
          {"chunk_bytes", log.chunk_bytes},
          {"unreferenced_chunks", log.unreferenced}};
}

Json json_of(const TableCensus& table) {
  return {{"entries", table.entries},
          {"depth", table.depth},
          {"branch_pages", table.branch_pages},
          {"leaf_pages", table.leaf_pages},
          {"overflow_pages", table.overflow_pages}};
}

}  // namespace

void print_census(std::ostream& out, const Census& census) {
  print_file(out, census);
  print_logs(out, census);
  print_tables(out, census);
  if (census.largest.empty()) return;
  out << "\nlargest users\n";
  for (const UserCensus& user : census.largest) {
    out << user.user.to_string() << "  " << to_human_size(user.log.bytes()) << ", "
        << count_of(user.log.transactions, "transaction") << ", "
        << count_of(user.log.chunks, "chunk") << '\n';
  }
}

std::string census_json(const Census& census) {
  Json json{{"format_version", census.format_version},
            {"page_bytes", census.page_bytes},
            {"file_bytes", census.file_bytes},
            {"map_bytes", census.map_bytes},
            {"pages", census.pages},
            {"free_pages", census.free_pages},
            {"users", census.users},
            {"logs", json_of(census.all)},
            {"purges", census.purges}};
  for (const TableCensus& table : census.tables) json["tables"][table.name] = json_of(table);
  json["largest_users"] = Json::array();
  for (const UserCensus& user : census.largest) {
    Json entry = json_of(user.log);
    entry["user"] = user.user.to_string();
    json["largest_users"].push_back(std::move(entry));
  }
  return json.dump();
}

CLI::App* add_stats(CLI::App& app, StatsOptions& options) {
  auto* command = app.add_subcommand("stats", "Show how much of everything a store holds");
  command->footer(
      "\nReads the store's files itself, on the server's machine, whether a server runs or not;\n"
      "changes nothing.");
  command->option_defaults()->group("Which store");
  add_directory_options(*command, options.data, options.config,
                        "The directory that holds the store");
  command->option_defaults()->group("What is shown");
  add_count_option(*command, "--users", set_number(options.users), in_range(0, users_max),
                   "The users with the most bytes, so many")
      ->default_str(std::to_string(options.users))
      ->configurable(false);
  command->add_flag("--json", options.json, "As one JSON object")->configurable(false);
  return command;
}

int run_stats(const StatsOptions& options) {
  const auto census = [&] {
    const HeldSignals held;
    return take_census(options.data, options.users);
  }();
  if (!census) return tell_failure(census.status());
  if (options.json) {
    std::cout << census_json(*census) << '\n';
  } else {
    print_census(std::cout, *census);
  }
  return std::cout.flush() ? exit_codes::success : exit_codes::failure;
}

}  // namespace mentat_sync
