// The options of the access log: where it goes, and how its lines look.
//
// Thread-safety: a value type; reads the environment, so parse before threads start.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace mentat_sync {

enum class AccessLogFormat { json, combined };

struct AccessLogOptions {
  /// Empty: none; "-": standard output.
  std::string file;
  AccessLogFormat format = AccessLogFormat::json;
};

/// --access-log, --access-log-format.
void add_access_log_options(CLI::App& command, AccessLogOptions& options);

}  // namespace mentat_sync
