// See part_options.hpp.
#include "cli/part_options.hpp"

#include "http/request_id.hpp"

#include <algorithm>
#include <cstdint>
#include <system_error>

namespace mentat_sync {
namespace {

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
  limits.live_users = options.max_live_users;
  limits.json_body_bytes = given.json_body_bytes;
  limits.push_body_bytes = given.push_bytes;
  limits.header_bytes = given.header_bytes;
  limits.target_bytes = given.target_bytes;
  limits.user_requests_per_second = given.user_rate;
  limits.address_connections = given.connections_per_address;
  limits.address_requests_per_second = given.address_rate;
  limits.connections = given.max_connections;
  limits.bodies_bytes = given.bodies_bytes;
  limits.answers_bytes = given.answers_bytes;
  limits.store_bytes = options.max_store_bytes;
  limits.idle_timeout = given.deadlines.idle;
  limits.handshake_timeout = given.deadlines.handshake;
  limits.header_timeout = given.deadlines.header;
  limits.body_timeout = given.deadlines.body;
  limits.body_total_timeout = given.deadlines.body_total;
  limits.write_timeout = given.deadlines.write;
  return limits;
}

/// For actors: the thread that runs one may be lent by a request of somebody else.
Log of_no_request(const Log& log) {
  if (!log) return {};
  return [log](LogLevel level, std::string_view event, const std::vector<LogField>& fields) {
    const RequestScope nobodys{{}};
    log(level, event, fields);
  };
}

}  // namespace

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
  runtime.actors.max_live_users = options.max_live_users;
  runtime.actors.log = of_no_request(log);
  runtime.collector.interval = options.gc_interval;
  runtime.collector.log = of_no_request(log);
  return runtime;
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

ServerOptions server_options(const ServeOptions& options,
                             const std::shared_ptr<TlsCredentials>& credentials, const Log& log) {
  ServerOptions server;
  server.address = options.listen.address;
  server.port = options.listen.port;
  server.tls = credentials;
  server.threads = options.threads;
  server.max_connections = options.limits.max_connections;
  server.max_connections_per_address = options.limits.connections_per_address;
  server.max_header_bytes = static_cast<std::uint32_t>(options.limits.header_bytes);
  server.max_bodies_bytes = options.limits.bodies_bytes;
  server.max_answers_bytes = options.limits.answers_bytes;
  server.deadlines = options.limits.deadlines;
  server.log = log;
  return server;
}

}  // namespace mentat_sync
