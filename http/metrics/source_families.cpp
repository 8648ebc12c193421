// See source_families.hpp.
#include "http/metrics/source_families.hpp"

#include "storage/version.hpp"

#include <atomic>
#include <exception>

namespace mentat_sync {
namespace {

void tell_server(Families& families, const ServerStatistics& server) {
  families.gauge("http_connections", "Connections open now.").add(as_number(server.connections));
  families.counter("http_connections_accepted_total", "Connections accepted.")
      .add(as_number(server.accepted));
  families
      .counter("http_connections_refused_total",
               "Connections closed at once, for there were too many, in all or from one address.")
      .add(as_number(server.refused), {{"reason", "total"}})
      .add(as_number(server.refused_by_address), {{"reason", "address"}});
  families.gauge("http_bodies_bytes", "Bodies of requests that arrive or are being worked on.")
      .add(as_number(server.bodies_bytes));
  families.gauge("http_answers_bytes", "Answers that are not written yet, beyond small ones.")
      .add(as_number(server.answers_bytes));
}

void tell_store_size(Families& families, const StoreStatistics& store) {
  families.gauge("store_users", "Users that have a log.").add(as_number(store.users));
  families.gauge("store_used_bytes", "Of the data file, what is in use.")
      .add(as_number(store.used_bytes));
  families.gauge("store_file_bytes", "The data file, which grows and never shrinks.")
      .add(as_number(store.file_bytes));
  families.gauge("store_map_bytes", "Address space that the data file may grow into.")
      .add(as_number(store.map_bytes));
  families.gauge("store_free_bytes", "Of the data file, what was used and is free again.")
      .add(as_number(store.free_bytes));
  families.gauge("store_purges_pending", "Deleted logs whose space has not come back yet.")
      .add(as_number(store.purges_pending));
}

void tell_store_work(Families& families, const StoreStatistics& store) {
  families.counter("store_commits_total", "Write transactions committed.")
      .add(as_number(store.commits));
  families.counter("store_commands_total", "Commands answered by committed write transactions.")
      .add(as_number(store.commands));
  families.gauge("store_queue_commands", "Commands that wait to be applied, or are being.")
      .add(as_number(store.queued_commands));
  families.gauge("store_queue_bytes", "Bytes of the commands that wait or are being applied.")
      .add(as_number(store.queued_bytes));
}

double now(const ActorCounters::Counter& counter) {
  return as_number(counter.load(std::memory_order_relaxed));
}

void tell_actors(Families& families, const ActorCounters& actors) {
  families.gauge("actors_live_users", "Actors of users.").add(now(actors.live_users));
  families.gauge("actors_commands_in_flight", "Commands given to the store and not answered yet.")
      .add(now(actors.commands_in_flight));
  families.gauge("actors_in_flight_bytes", "Bytes of the commands in flight.")
      .add(now(actors.bytes_in_flight));
  families.gauge("actors_watches", "Watches that are not answered yet.").add(now(actors.watches));
  families.counter("actors_overloaded_total", "Commands and watches refused as too many.")
      .add(now(actors.overloaded));
}

void tell_collections(Families& families, const ActorCounters& actors) {
  families.counter("gc_passes_total", "Collections of garbage that looked at all users.")
      .add(now(actors.collection_passes));
  families.counter("gc_passes_stopped_total", "Collections that something stopped.")
      .add(now(actors.collection_passes_stopped));
  families.counter("gc_steps_total", "Steps of collections, each a write transaction at the most.")
      .add(now(actors.collection_steps));
  families.counter("gc_transactions_total", "Transactions collected.")
      .add(now(actors.collected_transactions));
  families.counter("gc_chunks_total", "Chunks collected.").add(now(actors.collected_chunks));
  families.counter("gc_chunk_bytes_total", "Bytes of the chunks collected.")
      .add(now(actors.collected_chunk_bytes));
  families
      .gauge("gc_last_pass_duration_seconds",
             "Of the last pass that looked at all users, its rests included; 0: none yet.")
      .add(now(actors.last_pass_ns) / 1e9);
}

void tell_build(Families& families) {
  const Version& build = version();
  families.gauge("build_info", "Always 1; the labels say what is running.")
      .add(1, {{"version", build.number},
               {"commit", build.commit},
               {"build_type", build.build_type},
               {"compiler", build.compiler}});
}

void tell_rates(Families& families, const MetricsSources& sources) {
  Family limited = families.counter("http_rate_limited_total",
                                    "Requests refused for their user's or address' rate.");
  if (sources.refused_by_user_rate) {
    limited.add(as_number(sources.refused_by_user_rate()), {{"by", "user"}});
  }
  if (sources.refused_by_address_rate) {
    limited.add(as_number(sources.refused_by_address_rate()), {{"by", "address"}});
  }
}

void tell_expiry(Families& families, const MetricsSources& sources) {
  const auto expiry = sources.certificate_expiry();
  if (!expiry) return;
  const std::chrono::duration<double> since_1970 = expiry->time_since_epoch();
  families
      .gauge("tls_certificate_expiry_timestamp_seconds",
             "Until when the server's certificate is valid, in seconds since 1970.")
      .add(since_1970.count());
}

void tell_health(Families& families, const MetricsSources& sources) {
  families
      .gauge("store_healthy", "1; 0 once a commit has failed: writes are refused until a restart.")
      .add(sources.store_health().ok() ? 1 : 0);
}

/// False when the store cannot be read.
bool tell_store(Families& families, const MetricsSources& sources) {
  const auto store = sources.store();
  if (!store) return false;
  tell_store_size(families, *store);
  tell_store_work(families, *store);
  return true;
}

/// Whether `tell` did, or had a reason not to.
template <class Tell>
bool succeeds(Tell tell) {
  try {
    return tell();
  } catch (const std::exception&) {
    return false;
  }
}

template <class Source, class Tell>
std::size_t failures_of(const Source& source, Tell tell) {
  if (!source) return 0;
  return succeeds(tell) ? 0 : 1;
}

}  // namespace

std::size_t tell_sources(Families& families, const MetricsSources& sources) {
  const auto always = [](auto tell) {
    return [tell] {
      tell();
      return true;
    };
  };
  tell_build(families);
  std::size_t failures = 0;
  failures += failures_of(sources.server, always([&] { tell_server(families, sources.server()); }));
  failures += succeeds(always([&] { tell_rates(families, sources); })) ? 0 : 1;
  failures += failures_of(sources.store, [&] { return tell_store(families, sources); });
  failures += failures_of(sources.store_health, always([&] { tell_health(families, sources); }));
  failures += failures_of(sources.actors, always([&] {
                            tell_actors(families, *sources.actors);
                            tell_collections(families, *sources.actors);
                          }));
  failures +=
      failures_of(sources.certificate_expiry, always([&] { tell_expiry(families, sources); }));
  failures += failures_of(sources.access_log_dropped, always([&] {
                            const double dropped = as_number(sources.access_log_dropped());
                            families
                                .counter("access_log_dropped_total",
                                         "Lines of the access log lost, for the disk was too slow.")
                                .add(dropped);
                          }));
  return failures;
}

}  // namespace mentat_sync
