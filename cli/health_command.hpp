// `mentat-sync health`: whether a server serves requests, for those who watch over containers.
//
// Thread-safety: the main thread. Failures: said on standard error; see exit_codes.hpp.
#pragma once

#include "cli/remote_options.hpp"

#include <chrono>

namespace CLI {
class App;
}

namespace mentat_sync {

struct HealthOptions {
  ServerUrl server = ServerUrl::parse("http://127.0.0.1:5013").value();
  RemoteAccess access = {};
  std::chrono::milliseconds timeout = std::chrono::seconds{5};
};

CLI::App* add_health(CLI::App& app, HealthOptions& options);
int run_health(const HealthOptions& options);

}  // namespace mentat_sync
