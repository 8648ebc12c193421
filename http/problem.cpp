// Writes problems as JSON. Through a library rather than by hand: a detail may quote the client.
#include "http/problem.hpp"

#include <boost/beast/http/status.hpp>
#include <nlohmann/json.hpp>

#include <utility>

namespace mentat_sync {
namespace {

std::string type_of(const ProblemKind& kind) {
  if (kind.slug.empty()) return "about:blank";
  return std::string{problem_urn_prefix}.append(kind.slug);
}

std::string title_of(const ProblemKind& kind) {
  if (!kind.title.empty()) return std::string{kind.title};
  return beast_http::obsolete_reason(beast_http::int_to_status(kind.status));
}

nlohmann::ordered_json ids_of(const std::vector<ChunkId>& chunks) {
  auto ids = nlohmann::ordered_json::array();
  for (const ChunkId& chunk : chunks) ids.push_back(chunk.to_string());
  return ids;
}

}  // namespace

Response to_response(const Problem& problem) {
  nlohmann::ordered_json body;
  body["type"] = type_of(problem.kind);
  body["title"] = title_of(problem.kind);
  body["status"] = problem.kind.status;
  body["detail"] = problem.detail;
  if (problem.current_head) body["current_head"] = problem.current_head->to_string();
  if (!problem.missing.empty()) body["missing"] = ids_of(problem.missing);
  for (const auto& number : {problem.limit, problem.used}) {
    if (number) body[std::string{number->name}] = number->value;
  }

  using Json = nlohmann::ordered_json;
  return Response{.status = problem.kind.status,
                  .content_type = "application/problem+json",
                  // A 404 may be cached otherwise, and the id be uploaded the moment after.
                  .headers = problem.headers + "Cache-Control: no-store\r\n",
                  .body = body.dump(-1, ' ', false, Json::error_handler_t::replace),
                  .problem = problem.kind.slug};
}

}  // namespace mentat_sync
