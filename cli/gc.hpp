// `mentat-sync gc`: collects the garbage of a store now, or tells what there is.
//
// Thread-safety: the main thread. Failures: said on standard error; see exit_codes.hpp.
#pragma once

#include "storage/ids.hpp"
#include "storage/lmdb_store.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace mentat_sync {

struct GcOptions {
  std::filesystem::path data = "data";
  /// The server's file, for the rules and the directory; empty: none.
  std::string config;
  /// Nothing: all users.
  std::optional<UserId> user;
  bool dry_run = false;
  bool json = false;
  CollectionRules rules;
};

CLI::App* add_gc(CLI::App& app, GcOptions& options);
int gc(const GcOptions& options);

}  // namespace mentat_sync
