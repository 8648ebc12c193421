// `mentat-sync stats`: how much of everything a store holds, beside a running server.
//
// Thread-safety: the main thread. Failures: said on standard error; see exit_codes.hpp.
#pragma once

#include "storage/census.hpp"

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <string>

namespace CLI {
class App;
}

namespace mentat_sync {

struct StatsOptions {
  std::filesystem::path data = "data";
  /// The server's file, for the directory; empty: none.
  std::string config;
  bool json = false;
  /// The largest so many.
  std::uint64_t users = 0;
};

CLI::App* add_stats(CLI::App& app, StatsOptions& options);
int run_stats(const StatsOptions& options);

void print_census(std::ostream& out, const Census& census);
std::string census_json(const Census& census);

}  // namespace mentat_sync
