// Answers through nlohmann's parser, one reader for each kind of field.
#include "http/client/json_answers.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace mentat_sync {
namespace {

using Json = nlohmann::json;

/// What is wrong with an answer; leaves this file as a ClientError only.
struct Malformed {
  std::string what;
};

const Json& member(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) throw Malformed{"it has no field \"" + std::string{name} + "\""};
  return *found;
}

template <class Id>
Id id_of(const Json& value, const char* name) {
  if (value.is_string()) {
    if (auto id = Id::parse(value.get_ref<const std::string&>())) return *id;
  }
  throw Malformed{"the field \"" + std::string{name} + "\" holds what is no id"};
}

TransactionId transaction_member(const Json& object, const char* name) {
  return id_of<TransactionId>(member(object, name), name);
}

std::uint64_t number_member(const Json& object, const char* name) {
  const auto& value = member(object, name);
  if (value.is_number_unsigned()) return value;
  throw Malformed{"the field \"" + std::string{name} + "\" is no whole number"};
}

const Json& object_member(const Json& object, const char* name) {
  const auto& value = member(object, name);
  if (value.is_object()) return value;
  throw Malformed{"the field \"" + std::string{name} + "\" is no object"};
}

template <class Id>
std::vector<Id> ids_member(const Json& object, const char* name) {
  const auto& value = member(object, name);
  if (!value.is_array()) throw Malformed{"the field \"" + std::string{name} + "\" is no array"};
  std::vector<Id> ids;
  ids.reserve(value.size());
  for (const auto& element : value) ids.push_back(id_of<Id>(element, name));
  return ids;
}

template <class T, class Read>
Reply<T> read_object(std::string_view body, Read read) {
  try {
    const auto object = Json::parse(body, nullptr, false);
    if (!object.is_object()) throw Malformed{"it is no JSON object"};
    return read(object);
  } catch (const Malformed& malformed) {
    return ClientError{ClientError::Kind::broken,
                       "the server's answer is malformed: " + malformed.what};
  }
}

Json texts_of(const std::vector<ChunkId>& chunks) {
  auto texts = Json::array();
  for (const ChunkId& chunk : chunks) texts.push_back(chunk.to_string());
  return texts;
}

}  // namespace

Reply<TransactionId> read_head_answer(std::string_view body) {
  return read_object<TransactionId>(
      body, [](const Json& object) { return transaction_member(object, "head"); });
}

Reply<Head> read_push_answer(std::string_view body) {
  return read_object<Head>(body, [](const Json& object) {
    return Head{transaction_member(object, "head"), number_member(object, "seq")};
  });
}

Reply<Head> read_head_event(std::string_view data) {
  return read_push_answer(data);
}

Reply<Summary> read_summary_answer(std::string_view body) {
  return read_object<Summary>(body, [](const Json& object) {
    const auto& transactions = object_member(object, "transactions");
    const auto& chunks = object_member(object, "chunks");
    return Summary{.head = transaction_member(object, "head"),
                   .seq = number_member(object, "seq"),
                   .transaction_count = number_member(transactions, "count"),
                   .transaction_bytes = number_member(transactions, "bytes"),
                   .chunk_count = number_member(chunks, "count"),
                   .chunk_bytes = number_member(chunks, "bytes")};
  });
}

Reply<TransactionPage> read_page_answer(std::string_view body) {
  return read_object<TransactionPage>(body, [](const Json& object) {
    TransactionPage page;
    page.from_found = true;
    page.transactions = ids_member<TransactionId>(object, "transactions");
    return page;
  });
}

Reply<Transaction> read_transaction_answer(std::string_view body) {
  return read_object<Transaction>(body, [](const Json& object) {
    return Transaction{.found = true,
                       .id = transaction_member(object, "id"),
                       .seq = number_member(object, "seq"),
                       .parent = transaction_member(object, "parent"),
                       .chunks = ids_member<ChunkId>(object, "chunks")};
  });
}

Reply<std::vector<ChunkId>> read_missing_answer(std::string_view body) {
  return read_object<std::vector<ChunkId>>(
      body, [](const Json& object) { return ids_member<ChunkId>(object, "missing"); });
}

std::string head_request(const TransactionId& head) {
  return Json{{"head", head.to_string()}}.dump();
}

std::string transaction_request(const TransactionId& parent, const std::vector<ChunkId>& chunks) {
  return Json{{"parent", parent.to_string()}, {"chunks", texts_of(chunks)}}.dump();
}

std::string missing_request(const std::vector<ChunkId>& chunks) {
  return Json{{"chunks", texts_of(chunks)}}.dump();
}

}  // namespace mentat_sync
