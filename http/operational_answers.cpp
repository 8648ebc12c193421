// See operational_answers.hpp.
#include "http/operational_answers.hpp"

#include "storage/version.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace mentat_sync {
namespace {

using Json = nlohmann::ordered_json;

/// Never from a cache: it is about now.
Response json_about_now(const Json& body, unsigned status = 200) {
  return Response{.status = status,
                  .content_type = "application/json",
                  .headers = "Cache-Control: no-store\r\n",
                  .body = body.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

double seconds(std::chrono::milliseconds duration) {
  return std::chrono::duration<double>{duration}.count();
}

/// Of a bound that 0 turns off.
Json number_or_null(std::uint64_t number) {
  return number == 0 ? Json{} : Json(number);
}

Json limits_of_request(const PublishedLimits& limits) {
  return {{"chunk_bytes", limits.chunk_bytes},
          {"transaction_chunks", limits.transaction_chunks},
          {"json_body_bytes", limits.json_body_bytes},
          {"push_body_bytes", limits.push_body_bytes},
          {"push_items", limits.push_items},
          {"missing_chunks", limits.missing_chunks},
          {"header_bytes", limits.header_bytes},
          {"target_bytes", limits.target_bytes},
          {"page_transactions", limits.page_transactions},
          {"watch_wait_seconds", limits.watch_wait.count()}};
}

Json limits_of_user(const PublishedLimits& limits) {
  return {{"bytes", number_or_null(limits.user_bytes)},
          {"pending_transactions", limits.user_pending_transactions},
          {"requests_per_second", number_or_null(limits.user_requests_per_second)},
          {"queued_commands", limits.user_queued_commands},
          {"watchers", limits.user_watchers}};
}

Json limits_of_timeouts(const PublishedLimits& limits) {
  return {{"idle_seconds", seconds(limits.idle_timeout)},
          {"handshake_seconds", seconds(limits.handshake_timeout)},
          {"header_seconds", seconds(limits.header_timeout)},
          {"body_seconds", seconds(limits.body_timeout)},
          {"body_total_seconds", seconds(limits.body_total_timeout)},
          {"write_seconds", seconds(limits.write_timeout)}};
}

}  // namespace

Response sign_of_life() {
  return Response{.content_type = "text/plain; charset=utf-8",
                  .body = std::string{"mentat-sync "}.append(version().number).append("\n")};
}

Response lb_heartbeat_answer() {
  return json_about_now(Json::object());
}

Response heartbeat_answer(const Status& reads, const Status& writes) {
  const bool ok = reads.ok() && writes.ok();
  const Json body{{"status", ok ? "ok" : "error"},
                  {"checks",
                   {{"store_reads", reads.ok() ? "ok" : "error"},
                    {"store_writes", writes.ok() ? "ok" : "error"}}}};
  return json_about_now(body, ok ? 200 : 503);
}

Response version_answer() {
  const std::string build =
      std::string{version().build_type}.append(", ").append(version().compiler);
  return json_about_now({{"source", "mentat-sync"},
                         {"version", version().number},
                         {"commit", version().commit},
                         {"build", build}});
}

Response limits_answer(const PublishedLimits& limits) {
  const Json body{{"request", limits_of_request(limits)},
                  {"user", limits_of_user(limits)},
                  {"address",
                   {{"connections", number_or_null(limits.address_connections)},
                    {"requests_per_second", number_or_null(limits.address_requests_per_second)}}},
                  {"server",
                   {{"connections", limits.connections},
                    {"bodies_bytes", limits.bodies_bytes},
                    {"answers_bytes", limits.answers_bytes},
                    {"queued_commands", limits.queued_commands},
                    {"live_users", limits.live_users},
                    {"store_bytes", number_or_null(limits.store_bytes)}}},
                  {"burst_seconds", bounds::request_burst.count()},
                  {"timeouts", limits_of_timeouts(limits)}};
  Response response = json_about_now(body);
  response.headers = "Cache-Control: max-age=300\r\n";
  return response;
}

Response metrics_answer(std::string text) {
  return Response{.content_type = "text/plain; version=0.0.4; charset=utf-8",
                  .headers = "Cache-Control: no-store\r\n",
                  .body = std::move(text)};
}

}  // namespace mentat_sync
