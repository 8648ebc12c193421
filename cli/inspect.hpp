// `mentat-sync inspect`: what a store really holds of one user's log, beside a running server.
//
// Thread-safety: the main thread. Failures: said on standard error; see exit_codes.hpp.
#pragma once

#include "storage/ids.hpp"
#include "storage/lmdb_store.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace mentat_sync {

struct InspectOptions {
  std::filesystem::path data = "data";
  /// The server's file, for the rules and the directory; empty: none.
  std::string config;
  std::optional<UserId> user;
  bool json = false;
  /// Committed transactions, the last so many; 0: all.
  std::uint64_t limit = 20;
  CollectionRules rules;
};

CLI::App* add_inspect(CLI::App& app, InspectOptions& options);
int inspect(const InspectOptions& options);

}  // namespace mentat_sync
