// Asks what a load balancer asks.
#include "cli/health_command.hpp"

#include "cli/exit_codes.hpp"
#include "cli/option_kinds.hpp"
#include "cli/remote.hpp"
#include "cli/remote_options.hpp"
#include "http/client/client_exchange.hpp"

#include <CLI/CLI.hpp>

namespace mentat_sync {

CLI::App* add_health(CLI::App& app, HealthOptions& options) {
  auto* command = app.add_subcommand("health", "Succeed when a server serves requests, else fail");
  add_server_option(*command, options.server);
  add_access_options(*command, options.access);
  add_duration_option(*command, "--timeout", options.timeout, std::chrono::milliseconds{1},
                      "How long the server may take, to connect and to answer");
  return command;
}

int run_health(const HealthOptions& options) {
  const Interruption interruption;
  auto patience = client_options(options.server, options.access, interruption);
  patience.connect_timeout = patience.idle_timeout = patience.answer_timeout = options.timeout;
  patience.overload_retries = 0;
  ClientExchange exchange{options.server, patience};
  const auto answer = exchange.succeed({.target = "/__lbheartbeat__"});
  return answer ? exit_codes::success : fail(answer.error());
}

}  // namespace mentat_sync
