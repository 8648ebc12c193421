// Problems through nlohmann's parser: what a server quotes may be anything.
#include "http/client/problem_reader.hpp"

#include "http/client/human_size.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

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

/// As people read it: bytes by their unit.
std::string readable(const std::string& name, std::uint64_t number) {
  return name.ends_with("_bytes") ? to_human_size(number) : std::to_string(number);
}

void replace_word(std::string& text, const std::string& word, const std::string& by) {
  std::string replaced;
  std::size_t copied = 0;
  for (auto at = text.find(word); at != text.npos; at = text.find(word, copied)) {
    replaced.append(text, copied, at - copied).append(by);
    copied = at + word.size();
  }
  text = replaced.append(text, copied);
}

/// The detail refers to extensions by their names, for whoever has the object before him: here
/// their values stand in their place. Only of those that there are: what a hostile server makes up
/// is to cost nothing.
std::string with_values(std::string detail, const Json& problem) {
  for (const char* const word :
       {"limit_bytes", "limit_chunks", "limit_items", "limit_transactions", "used_bytes"}) {
    const std::string name{word};
    const auto found = problem.find(name);
    if (found == problem.end() || !found->is_number_unsigned()) continue;
    const auto number = readable(name, found->get<std::uint64_t>());
    replace_word(detail, name + " bytes", number);
    replace_word(detail, name, number);
  }
  const auto head = TransactionId::parse(text_member(problem, "current_head"));
  if (head) replace_word(detail, "current_head", head->to_string());
  return detail;
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
  error.detail = with_values(text_member(problem, "detail"), problem);
  error.current_head = TransactionId::parse(text_member(problem, "current_head"));
  error.missing = missing_of(problem);
  error.limit = limit_of(problem);
}

/// " (the limit: 4.0 KiB)", when the detail does not say it.
std::string limit_note(const Json& problem, const std::string& detail) {
  for (const auto& [name, value] : problem.items()) {
    if (!name.starts_with("limit_") || !value.is_number_unsigned()) continue;
    const auto number = readable(name, value.get<std::uint64_t>());
    return detail.find(number) == detail.npos ? " (the limit: " + number + ")" : "";
  }
  return {};
}

std::string message_of(const ClientError& error, const Json& problem) {
  std::string message = "the server answered " + std::to_string(error.http_status);
  if (!error.title.empty()) message += " " + error.title;
  if (!error.detail.empty()) message += ": " + error.detail;
  return message + limit_note(problem, error.detail);
}

}  // namespace

ClientError read_problem(unsigned status, std::string_view content_type, std::string_view body) {
  ClientError error;
  error.kind = ClientError::Kind::refused;
  error.http_status = status;
  Json problem = Json::object();
  if (content_type.starts_with(problem_media_type)) {
    auto parsed = Json::parse(body, nullptr, false);
    if (parsed.is_object()) problem = std::move(parsed);
  }
  take(problem, error);
  error.message = message_of(error, problem);
  return error;
}

}  // namespace mentat_sync
