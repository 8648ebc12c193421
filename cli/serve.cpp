// Wires the server together on one page.
#include "cli/serve.hpp"

#include "actors/runtime.hpp"
#include "cli/authentication.hpp"
#include "cli/exit_codes.hpp"
#include "cli/limits.hpp"
#include "cli/signals.hpp"
#include "cli/units.hpp"
#include "http/handlers.hpp"
#include "http/server.hpp"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

namespace mentat_sync {
namespace {

/// Absolute, so that the log says where the data is whatever directory the reader is in.
std::filesystem::path data_directory(const ServeOptions& options) {
  std::error_code ignored;  // without a working directory, opening the store says what is wrong
  return std::filesystem::absolute(options.data, ignored).lexically_normal();
}

LmdbStoreOptions store_options(const ServeOptions& options, const Log& log) {
  LmdbStoreOptions store;
  store.directory = data_directory(options);
  store.chunk_ids = options.chunk_ids;
  store.max_chunk_bytes = options.max_chunk_bytes;
  store.max_map_bytes = options.max_store_bytes;
  store.collection = options.collection;
  store.user_limits = options.storage_limits.user;
  store.max_queue_commands = options.storage_limits.max_queue;
  if (options.max_store_bytes != 0) {
    store.initial_map_bytes = std::min(store.initial_map_bytes, options.max_store_bytes);
  }
  store.log = log;
  return store;
}

ActorRuntimeOptions actor_options(const ServeOptions& options, const Log& log) {
  ActorRuntimeOptions runtime;
  runtime.actors.max_user_commands = options.storage_limits.user_queue();
  runtime.actors.passivate_after = options.passivate_after;
  runtime.actors.log = log;
  runtime.collector.interval = options.gc_interval;
  runtime.collector.log = log;
  return runtime;
}

/// What GET /__limits__ says of them all.
PublishedLimits published_limits(const ServeOptions& options) {
  const RequestLimits& given = options.limits;
  PublishedLimits limits;
  limits.chunk_bytes = options.max_chunk_bytes;
  const StorageLimitOptions& stored = options.storage_limits;
  limits.transaction_chunks = stored.user.chunks_per_transaction;
  limits.user_bytes = stored.user.bytes;
  limits.user_pending_transactions = stored.user.pending_transactions;
  limits.user_queued_commands = stored.user_queue();
  limits.queued_commands = stored.max_queue;
  limits.json_body_bytes = given.json_body_bytes;
  limits.push_body_bytes = given.push_bytes;
  limits.header_bytes = given.header_bytes;
  limits.target_bytes = given.target_bytes;
  limits.user_requests_per_second = given.user_rate;
  limits.address_connections = given.connections_per_address;
  limits.address_requests_per_second = given.address_rate;
  limits.connections = given.max_connections;
  limits.bodies_bytes = given.bodies_bytes;
  limits.idle_timeout = given.deadlines.idle;
  limits.header_timeout = given.deadlines.header;
  limits.body_timeout = given.deadlines.body;
  limits.body_total_timeout = given.deadlines.body_total;
  limits.write_timeout = given.deadlines.write;
  return limits;
}

HandlerOptions handler_options(const ServeOptions& options,
                               const ServerAuthentication& authentication) {
  HandlerOptions handlers;
  handlers.limits = published_limits(options);
  handlers.trusted_proxies = options.limits.trusted_proxies;
  handlers.event_heartbeat = options.limits.event_heartbeat;
  handlers.authenticator = authentication.authenticator();
  handlers.cors = options.auth.cors;
  return handlers;
}

ServerOptions server_options(const ServeOptions& options, const Log& log) {
  ServerOptions server;
  server.address = options.listen.address;
  server.port = options.listen.port;
  server.threads = options.threads;
  server.max_connections = options.limits.max_connections;
  server.max_connections_per_address = options.limits.connections_per_address;
  server.max_header_bytes = static_cast<std::uint32_t>(options.limits.header_bytes);
  server.max_bodies_bytes = options.limits.bodies_bytes;
  server.deadlines = options.limits.deadlines;
  server.log = log;
  return server;
}

void warn_of_limits(const ServeOptions& options, const Log& log) {
  const std::size_t files = raise_open_files_limit();
  if (files >= options.limits.max_connections + bounds::descriptors_besides_connections) return;
  log(LogLevel::warning, "open files limit is too low for --max-connections",
      {{"open_files", std::to_string(files)},
       {"max_connections", std::to_string(options.limits.max_connections)},
       {"remedy", "raise the hard limit (ulimit -Hn, LimitNOFILE=) or lower --max-connections"}});
}

void warn_of_exposure(const ListenAddress& address, const Log& log) {
  if (address.is_loopback()) return;
  log(LogLevel::warning, "reachable from other machines",
      {{"address", address.to_string()},
       {"risk",
        "anyone who can reach it can read and write: knowing a user's uuid is enough. Put a "
        "proxy that authenticates and encrypts in front, or listen on 127.0.0.1"}});
}

int cannot_start(const Log& log, const std::string& reason) {
  log(LogLevel::error, "cannot start", {{"reason", reason}});
  return exit_codes::failure;
}

void log_listening(const ServeOptions& options, Store& store, const Server& server,
                   const Log& log) {
  const ListenAddress address{options.listen.address, server.port()};
  const auto statistics = store.statistics();
  const StoreStatistics known = statistics ? *statistics : StoreStatistics{};
  log(LogLevel::info, "listening",
      {{"address", address.to_string()},
       {"data", data_directory(options).string()},
       {"size", to_human_size(known.used_bytes)},
       {"users", std::to_string(known.users)}});
}

/// What SIGHUP has read anew: certificates, tokens, the access log. Each says how it went, and goes
/// on with what it had when that failed.
using ReloadHooks = std::vector<std::function<void()>>;

/// Waits for the signal to end, and meanwhile does what others ask for.
int wait_for_end(Signals& signals, ActorRuntime& actors, const ReloadHooks& on_reload,
                 const Log& log) {
  for (;;) {
    const int signal = signals.wait();
    if (signal == SIGUSR1) {
      log(LogLevel::info, "collecting garbage", {{"signal", "SIGUSR1"}});
      actors.collect_now();
    } else if (signal == SIGHUP) {
      log(LogLevel::info, "reloading", {{"signal", "SIGHUP"}});
      for (const auto& hook : on_reload) hook();
    } else {
      return signal;
    }
  }
}

void serve_until_signal(Signals& signals, ActorRuntime& actors, Server& server,
                        const ReloadHooks& on_reload, const ServeOptions& options, const Log& log) {
  const int signal = wait_for_end(signals, actors, on_reload, log);
  signals.exit_on_next();
  actors.gateway().release_watchers();
  log(LogLevel::info, "draining",
      {{"signal", signal == SIGTERM ? "SIGTERM" : "SIGINT"},
       {"connections", std::to_string(server.connections())}});
  if (!server.drain(options.drain_timeout)) {
    log(LogLevel::warning, "closed connections whose requests had not ended",
        {{"after_ms", std::to_string(options.drain_timeout.count())}});
  }
}

int run(const ServeOptions& options, const Log& log) {
  Signals signals;
  ReloadHooks on_reload;
  auto authentication = ServerAuthentication::start(options.auth, log);
  if (!authentication) return cannot_start(log, authentication.status().message());
  on_reload.emplace_back([&authentication] { authentication->reload(); });
  auto store = LmdbStore::open(store_options(options, log));
  if (!store) return cannot_start(log, store.status().message());
  ActorRuntime actors(**store, actor_options(options, log));
  Handlers handlers(**store, actors.gateway(), handler_options(options, *authentication));
  auto server = Server::start(server_options(options, log), handlers);
  if (!server) return cannot_start(log, server.status().message());
  log_listening(options, **store, **server, log);
  warn_of_exposure({options.listen.address, (*server)->port()}, log);
  serve_until_signal(signals, actors, **server, on_reload, options, log);
  return exit_codes::success;
}

}  // namespace

int serve(const ServeOptions& options) {
  const Log log = make_log(options.log_level, options.log_format, std::cerr);
  warn_of_limits(options, log);
  try {
    const int exit_code = run(options, log);
    if (exit_code == exit_codes::success) log(LogLevel::info, "stopped", {});
    return exit_code;
  } catch (const std::exception& error) {  // threads that the system refuses, for one
    return cannot_start(log, error.what());
  }
}

}  // namespace mentat_sync
