// Wires the server together on one page.
#include "cli/serve.hpp"

#include "cli/access_log.hpp"
#include "cli/exit_codes.hpp"
#include "cli/limits.hpp"
#include "cli/part_options.hpp"
#include "cli/service_manager.hpp"
#include "cli/signals.hpp"
#include "cli/telling.hpp"
#include "cli/units.hpp"
#include "http/tls/tls_credentials.hpp"

#include <chrono>
#include <exception>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mentat_sync {
namespace {

/// null: none is wanted.
Result<std::unique_ptr<AccessLog>> open_access_log(const ServeOptions& options, const Log& log) {
  if (options.access_log.file.empty()) return std::unique_ptr<AccessLog>{};
  return AccessLog::open(options.access_log, log);
}

using Credentials = std::shared_ptr<TlsCredentials>;

/// null: without TLS.
Result<Credentials> load_credentials(const ServeOptions& options, const Log& log) {
  if (!options.tls.enabled()) return Credentials{};
  return TlsCredentials::load(options.tls, log);
}

void reload(const Credentials& credentials, const Log& log) {
  if (!credentials) return;
  const Status status = credentials->reload();
  if (status.ok()) return;
  log(LogLevel::error, "certificates kept as they were", {{"reason", status.message()}});
}

void warn_of_limits(const ServeOptions& options, const Log& log) {
  const std::size_t files = raise_open_files_limit();
  if (files >= options.limits.max_connections + bounds::descriptors_besides_connections) return;
  log(LogLevel::warning, "open files limit is too low for --max-connections",
      {{"open_files", std::to_string(files)},
       {"max_connections", std::to_string(options.limits.max_connections)},
       {"remedy", "raise the hard limit (ulimit -Hn, LimitNOFILE=) or lower --max-connections"}});
}

/// What other machines could do because of what is not turned on; empty: nothing.
std::string risk_of(const ServeOptions& options) {
  std::string risk;
  if (!options.tls.enabled()) {
    risk = "without TLS (--tls-certificate), whoever is on the way can read and change everything";
  }
  if (options.auth.kind != AuthKind::none) return risk;
  if (!risk.empty()) risk += "; ";
  return risk +
         "without authentication (--auth), anyone who can reach it can read and write: knowing a "
         "user's uuid is enough";
}

void warn_of_exposure(const ServeOptions& options, const ListenAddress& address, const Log& log) {
  const std::string risk = risk_of(options);
  if (address.is_loopback() || risk.empty()) return;
  log(LogLevel::warning, "reachable from other machines",
      {{"address", address.to_string()},
       {"risk", risk},
       {"remedy", "turn it on, put a proxy that does it in front, or listen on 127.0.0.1"}});
}

int cannot_start(const Log& log, const std::string& reason) {
  log(LogLevel::error, "cannot start", {{"reason", reason}});
  return exit_codes::failure;
}

/// Where clients find the server: of sockets that were handed over, the first one counts.
ListenAddress listening_at(const ServeOptions& options, const Server& server,
                           const std::vector<int>& inherited) {
  const ListenAddress chosen{options.listen.address, server.port()};
  return inherited.empty() ? chosen : address_of_socket(inherited.front()).value_or(chosen);
}

void log_listening(const ServeOptions& options, Store& store, const ListenAddress& address,
                   const Log& log) {
  const auto statistics = store.statistics();
  const StoreStatistics known = statistics ? *statistics : StoreStatistics{};
  log(LogLevel::info, "listening",
      {{"address", address.to_string()},
       {"scheme", options.tls.enabled() ? "https" : "http"},
       {"data", data_directory(options).string()},
       {"size", to_human_size(known.used_bytes)},
       {"users", std::to_string(known.users)}});
}

/// How long a loop may be busy with something else, and is well nevertheless.
constexpr std::chrono::seconds loop_patience{20};

/// What the service manager's watchdog asks. A store whose commit has failed says so in the log by
/// itself; opened anew it may take writes again.
bool is_well(const Store& store, const Server& server, const Log& log) {
  if (!store.health().ok()) return false;
  if (server.loops_turn(loop_patience)) return true;
  log(LogLevel::error, "an I/O loop does not turn",
      {{"after_ms", std::to_string(std::chrono::milliseconds{loop_patience}.count())}});
  return false;
}

/// Beyond the drain: ending the threads, closing the store.
constexpr std::chrono::seconds close_at_most{30};

/// What SIGHUP has read anew: certificates, tokens, the access log. Each says how it went, and goes
/// on with what it had when that failed.
using ReloadHooks = std::vector<std::function<void()>>;

/// Waits for the signal to end, and meanwhile does what others ask for.
int wait_for_end(Signals& signals, ActorRuntime& actors, const ReloadHooks& on_reload,
                 const Log& log) {
  for (;;) {
    const int signal = signals.wait();
    if (signals.ends(signal)) return signal;
    if (signal == SIGUSR1) {
      log(LogLevel::info, "collecting garbage", {{"signal", name_of_signal(signal)}});
      actors.collect_now();
    } else {
      log(LogLevel::info, "reloading", {{"signal", name_of_signal(signal)}});
      notify_reloading();
      for (const auto& hook : on_reload) hook();
      notify_ready();
    }
  }
}

void serve_until_signal(Signals& signals, ActorRuntime& actors, Server& server,
                        const ReloadHooks& on_reload, const ServeOptions& options, const Log& log) {
  const int signal = wait_for_end(signals, actors, on_reload, log);
  notify_stopping("Draining", options.drain_timeout + close_at_most);
  signals.exit_on_next();
  actors.gateway().release_watchers();
  log(LogLevel::info, "draining",
      {{"signal", name_of_signal(signal)}, {"connections", std::to_string(server.connections())}});
  if (!server.drain(options.drain_timeout)) {
    log(LogLevel::warning, "closed connections whose requests had not ended",
        {{"after_ms", std::to_string(options.drain_timeout.count())}});
  }
}

int run(const ServeOptions& options, const Log& log) {
  Signals signals;
  const auto inherited = inherited_sockets();
  if (!inherited) return cannot_start(log, inherited.status().message());
  ReloadHooks on_reload;
  auto authentication = ServerAuthentication::start(options.auth, log);
  if (!authentication) return cannot_start(log, authentication.status().message());
  on_reload.emplace_back([&authentication] { authentication->reload(); });
  const auto credentials = load_credentials(options, log);
  if (!credentials) return cannot_start(log, credentials.status().message());
  on_reload.emplace_back([&] { reload(*credentials, log); });
  auto access_log = open_access_log(options, log);
  if (!access_log) return cannot_start(log, access_log.status().message());
  Telling telling{std::move(*access_log)};
  on_reload.emplace_back([&telling] { telling.reopen(); });
  auto store = LmdbStore::open(telling.hearing(store_options(options, log)));
  if (!store) return cannot_start(log, store.status().message());
  ActorRuntime actors(**store, telling.hearing(actor_options(options, log)));
  Handlers handlers(**store, actors.gateway(),
                    telling.hearing(handler_options(options, *authentication)));
  ServerOptions network = telling.hearing(server_options(options, *credentials, log));
  network.inherited_sockets = *inherited;
  network.guest = &actors.guest();
  auto server = Server::start(std::move(network), handlers);
  if (!server) return cannot_start(log, server.status().message());
  const Telling::Asking asking(telling, **store, handlers, **server, *credentials);
  const ListenAddress address = listening_at(options, **server, *inherited);
  log_listening(options, **store, address, log);
  warn_of_exposure(options, address, log);
  notify_ready("Listening on " + address.to_string());
  const Watchdog watchdog([&] { return is_well(**store, **server, log); });
  serve_until_signal(signals, actors, **server, on_reload, options, log);
  return exit_codes::success;
}

}  // namespace

int serve(const ServeOptions& options) {
  const Log log = with_request_id(make_log(options.log_level, options.log_format, std::cerr));
  warn_of_limits(options, log);
  keep_freed_memory();
  try {
    const int exit_code = run(options, log);
    if (exit_code == exit_codes::success) log(LogLevel::info, "stopped", {});
    return exit_code;
  } catch (const std::exception& error) {  // threads that the system refuses, for one
    return cannot_start(log, error.what());
  }
}

}  // namespace mentat_sync
