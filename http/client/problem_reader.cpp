// Problems through nlohmann's parser: what a server quotes may be anything.
#include "http/client/problem_reader.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace mentat_sync {
namespace {

using Json = nlohmann::json;

constexpr std::string_view problem_urn = "urn:mentat-sync:problem:";
constexpr std::string_view problem_media_type = "application/problem+json";

/// Without control characters: what a server says ends on somebody's terminal.
std::string text_member(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return {};
  auto text = found->get<std::string>();
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  std::ranges::replace_if(text, is_control, ' ');
  return text;
}

std::vector<ChunkId> missing_of(const Json& object) {
  std::vector<ChunkId> missing;
  const auto found = object.find("missing");
  if (found == object.end() || !found->is_array()) return missing;
  for (const auto& element : *found) {
    if (!element.is_string()) continue;
    if (auto id = ChunkId::parse(element.get_ref<const std::string&>())) missing.push_back(*id);
  }
  return missing;
}

/// The one extension whose name begins with "limit_".
std::optional<std::uint64_t> limit_of(const Json& object) {
  for (const auto& [name, value] : object.items()) {
    if (name.starts_with("limit_") && value.is_number_unsigned()) return value;
  }
  return std::nullopt;
}

void take(const Json& problem, ClientError& error) {
  const auto type = text_member(problem, "type");
  if (type.starts_with(problem_urn)) error.type = type.substr(problem_urn.size());
  error.title = text_member(problem, "title");
  error.detail = text_member(problem, "detail");
  error.current_head = TransactionId::parse(text_member(problem, "current_head"));
  error.missing = missing_of(problem);
  error.limit = limit_of(problem);
}

std::string message_of(const ClientError& error) {
  std::string message = "the server answered " + std::to_string(error.http_status);
  if (!error.title.empty()) message += " " + error.title;
  if (!error.detail.empty()) message += ": " + error.detail;
  if (error.limit) message += " (the limit: " + std::to_string(*error.limit) + ")";
  return message;
}

}  // namespace

ClientError read_problem(unsigned status, std::string_view content_type, std::string_view body) {
  ClientError error;
  error.kind = ClientError::Kind::refused;
  error.http_status = status;
  if (content_type.starts_with(problem_media_type)) {
    const auto problem = Json::parse(body, nullptr, false);
    if (problem.is_object()) take(problem, error);
  }
  error.message = message_of(error);
  return error;
}

}  // namespace mentat_sync
