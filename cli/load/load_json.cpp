// docs/load.md has the fields: one that changes there changes here.
#include "cli/load/load_report.hpp"
#include "cli/load/load_words.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <utility>

namespace mentat_sync {
namespace {

using Json = nlohmann::ordered_json;

Json options_json(const LoadOptions& options) {
  Json json{{"against", options.against ? Json(options.against->to_string()) : Json(nullptr)},
            {"spawn", options.spawn},
            {"serve_arguments", options.serve_arguments},
            {"serve_cpu", options.serve_cpu ? Json(*options.serve_cpu) : Json(nullptr)},
            {"users", options.users},
            {"devices", options.devices},
            {"connections", options.connections},
            {"threads", options.threads},
            {"duration_ms", options.duration.count()},
            {"ramp_ms", options.ramp.count()},
            {"rate", options.rate ? Json(*options.rate) : Json(nullptr)},
            {"mix", options.mix.to_string()},
            {"chunk_sizes", options.chunk_sizes.to_string()},
            {"transactions", options.transactions},
            {"chunks", options.chunks},
            {"abandon_percent", options.abandon_percent},
            {"delete_percent", options.delete_percent},
            {"timeout_ms", options.timeout.count()},
            {"seed", options.seed},
            {"verify", options.verify}};
  return json;
}

Json latency_json(const LatencyHistogram& latencies) {
  return {{"mean", latencies.mean().count()},     {"p50", latencies.at(0.5).count()},
          {"p90", latencies.at(0.9).count()},     {"p99", latencies.at(0.99).count()},
          {"p99.9", latencies.at(0.999).count()}, {"max", latencies.max().count()}};
}

Json histogram_json(const LatencyHistogram& latencies) {
  Json buckets = Json::array();
  latencies.for_each_bucket([&](LatencyHistogram::Duration bound, std::uint64_t count) {
    buckets.push_back({bound.count(), count});
  });
  return buckets;
}

Json operation_json(const OperationResult& operation, const LoadResult& result) {
  const auto count = operation.latencies.count();
  return {{"count", count},
          {"per_second", per_second(static_cast<double>(count), result)},
          {"latency_ns", latency_json(operation.latencies)},
          {"bytes_sent", operation.bytes_sent},
          {"bytes_received", operation.bytes_received},
          {"histogram_ns", histogram_json(operation.latencies)}};
}

/// Those that happened.
Json operations_json(const LoadResult& result) {
  Json json = Json::object();
  for (std::size_t i = 0; i < result.operations.size(); ++i) {
    const auto& operation = result.operations[i];
    if (operation.latencies.count() == 0) continue;
    const std::string key{key_of(static_cast<LoadOperation>(i))};
    json[key] = operation_json(operation, result);
  }
  return json;
}

Json seconds_json(const LoadResult& result) {
  Json json = Json::array();
  for (const LoadSecond& second : result.seconds) {
    json.push_back({{"requests", second.requests},
                    {"errors", second.errors},
                    {"p50_ns", second.latencies.at(0.5).count()},
                    {"p99_ns", second.latencies.at(0.99).count()},
                    {"max_ns", second.latencies.max().count()}});
  }
  return json;
}

Json violations_json(const LoadResult& result) {
  Json json = Json::array();
  for (const auto& [sentence, times] : result.violations) {
    json.push_back({{"sentence", sentence}, {"times", times}});
  }
  return json;
}

Json ledger_json(const LoadOptions& options, const LoadResult& result) {
  return {{"read_again", options.verify},
          {"users", result.users_verified},
          {"users_not_read", result.users_not_verified},
          {"transactions", result.transactions_verified},
          {"chunks", result.chunks_verified},
          {"violations_count", result.violations_count},
          {"violations", violations_json(result)}};
}

Json errors_json(const LoadResult& result) {
  Json json = Json::object();
  for (const auto& [kind, count] : result.errors) json[kind] = count;
  return json;
}

}  // namespace

std::string load_json(const LoadOptions& options, const LoadResult& result) {
  const LatencyHistogram all = latencies_of_requests(result);
  const Json json{
      {"version", MENTAT_SYNC_VERSION},
      {"began_at", began_at_told(result)},
      {"options", options_json(options)},
      {"elapsed_s", seconds_of(result.elapsed)},
      {"requests", result.requests()},
      {"requests_per_second", per_second(static_cast<double>(result.requests()), result)},
      {"latency_ns", latency_json(all)},
      {"errors_count", errors_of(result)},
      {"errors", errors_json(result)},
      {"conflicts", result.conflicts},
      {"connections_opened", result.connections_opened},
      {"iterations_due", result.iterations_due},
      {"iterations_not_begun", result.iterations_not_begun},
      {"own_cpu_s", seconds_of(result.own_cpu)},
      {"own_cpu_share", own_cpu_share(options, result)},
      {"tool_was_limit", tool_was_limit(options, result)},
      {"ledger", ledger_json(options, result)},
      {"operations", operations_json(result)},
      {"seconds", seconds_json(result)}};
  // What a server has sent may be in an error's kind or a violation, and be no UTF-8.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace mentat_sync
