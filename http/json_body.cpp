// Reads JSON bodies with simdjson's DOM, which validates the whole text before it shows any of it:
// UTF-8, depth, what follows the end.
#include "http/json_body.hpp"

#include "storage/bounds.hpp"

#include <simdjson.h>

#include <new>
#include <optional>
#include <utility>

namespace mentat_sync {
namespace {

namespace dom = simdjson::dom;

Problem malformed(std::string detail) {
  return {problems::malformed_body, std::move(detail)};
}

dom::parser new_parser() {
  dom::parser parser{bounds::json_body_bytes};
  if (parser.allocate(bounds::KiB, bounds::json_depth)) throw std::bad_alloc{};
  return parser;
}

std::string_view reason_of(simdjson::error_code error) {
  switch (error) {
    case simdjson::EMPTY:
      return "it is empty";
    case simdjson::UTF8_ERROR:
      return "it is not UTF-8";
    case simdjson::DEPTH_ERROR:
      return "it is nested too deeply";
    case simdjson::CAPACITY:
      return "it is too long";
    case simdjson::STRING_ERROR:
    case simdjson::UNCLOSED_STRING:
    case simdjson::UNESCAPED_CHARS:
      return "a string in it is malformed";
    case simdjson::NUMBER_ERROR:
      return "a number in it is malformed or out of range";
    default:
      return "its syntax is wrong";
  }
}

/// The object refers to this thread's parser, until the next call.
Parsed<dom::object> parse_object(std::string_view body) {
  thread_local dom::parser parser = new_parser();
  // Copied into the parser's buffer, which has the padding that simdjson reads beyond the end.
  const auto parsed = parser.parse(body.data(), body.size(), true);
  if (parsed.error() == simdjson::MEMALLOC) throw std::bad_alloc{};
  if (parsed.error()) {
    return malformed(std::string{"The body must be one JSON object in UTF-8, but "}
                         .append(reason_of(parsed.error()))
                         .append("."));
  }
  dom::object object;
  if (parsed.get(object)) return malformed("The body must be a JSON object.");
  return object;
}

Parsed<dom::element> member(dom::object object, std::string_view name) {
  std::optional<dom::element> found;
  for (const auto [key, value] : object) {
    if (key != name) continue;
    if (found) return malformed("The field \"" + std::string{name} + "\" occurs twice.");
    found = value;
  }
  if (!found) return malformed("The field \"" + std::string{name} + "\" is missing.");
  return *found;
}

Parsed<TransactionId> transaction_member(dom::object object, std::string_view name) {
  auto found = member(object, name);
  if (auto* problem = std::get_if<Problem>(&found)) return std::move(*problem);
  std::string_view text;
  if (!std::get<dom::element>(found).get(text)) {
    if (auto id = TransactionId::parse(text)) return *id;
  }
  return malformed("The field \"" + std::string{name} +
                   "\" must be a string with a uuid: 8-4-4-4-12 hexadecimal digits.");
}

Parsed<std::vector<ChunkId>> chunk_ids(dom::array elements) {
  std::vector<ChunkId> ids;
  ids.reserve(elements.size());
  for (const dom::element element : elements) {
    std::string_view text;
    std::optional<ChunkId> id;
    if (!element.get(text)) id = ChunkId::parse(text);
    if (!id) {
      return malformed("Element " + std::to_string(ids.size()) +
                       " of \"chunks\" (from 0) is no chunk id: a string of 1 to 64 characters of "
                       "a-z, 0-9 and \"-\".");
    }
    ids.push_back(*id);
  }
  return ids;
}

Parsed<std::vector<ChunkId>> chunks_member(dom::object object) {
  auto found = member(object, "chunks");
  if (auto* problem = std::get_if<Problem>(&found)) return std::move(*problem);
  dom::array elements;
  if (std::get<dom::element>(found).get(elements)) {
    return malformed("The field \"chunks\" must be an array of chunk ids.");
  }
  if (elements.size() > bounds::chunks_per_transaction) {
    return Problem{.kind = problems::too_many_chunks,
                   .detail = "Split the list: none may have more than limit_chunks chunks.",
                   .limit = ProblemLimit{"limit_chunks", bounds::chunks_per_transaction}};
  }
  return chunk_ids(elements);
}

}  // namespace

Parsed<HeadBody> parse_head_body(std::string_view body) {
  auto object = parse_object(body);
  if (auto* problem = std::get_if<Problem>(&object)) return std::move(*problem);
  auto head = transaction_member(std::get<dom::object>(object), "head");
  if (auto* problem = std::get_if<Problem>(&head)) return std::move(*problem);
  return HeadBody{std::get<TransactionId>(head)};
}

Parsed<TransactionBody> parse_transaction_body(std::string_view body) {
  auto object = parse_object(body);
  if (auto* problem = std::get_if<Problem>(&object)) return std::move(*problem);
  auto parent = transaction_member(std::get<dom::object>(object), "parent");
  if (auto* problem = std::get_if<Problem>(&parent)) return std::move(*problem);
  auto chunks = chunks_member(std::get<dom::object>(object));
  if (auto* problem = std::get_if<Problem>(&chunks)) return std::move(*problem);
  return TransactionBody{std::get<TransactionId>(parent),
                         std::get<std::vector<ChunkId>>(std::move(chunks))};
}

Parsed<MissingBody> parse_missing_body(std::string_view body) {
  auto object = parse_object(body);
  if (auto* problem = std::get_if<Problem>(&object)) return std::move(*problem);
  auto chunks = chunks_member(std::get<dom::object>(object));
  if (auto* problem = std::get_if<Problem>(&chunks)) return std::move(*problem);
  return MissingBody{std::get<std::vector<ChunkId>>(std::move(chunks))};
}

}  // namespace mentat_sync
