// Items by way of nlohmann's CBOR, checked by the rules as the protocol's document has them.
#include "support/cbor_log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

namespace mentat_sync {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::size_t uuid_chars = 36;
constexpr std::size_t sha256_chars = 64;

/// The documented order of keys of each kind, by the key that only this kind has.
const std::map<std::string, std::vector<std::string>> keys_of_kind{
    {"log", {"log", "from", "head"}},
    {"chunk", {"chunk", "bytes"}},
    {"transaction", {"transaction", "seq", "parent", "chunks"}},
    {"next", {"next", "more", "transactions", "chunks", "bytes"}},
};

std::vector<std::uint8_t> unhex(std::string_view digits) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    const std::string pair{digits.substr(i, 2)};
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(pair, nullptr, 16)));
  }
  return bytes;
}

bool is_hexadecimal(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string without_dashes(std::string_view uuid) {
  std::string digits{uuid};
  std::erase(digits, '-');
  return digits;
}

bool is_uuid(std::string_view text) {
  const auto dashes = {8U, 13U, 18U, 23U};
  return text.size() == uuid_chars && is_hexadecimal(without_dashes(text)) &&
         without_dashes(text).size() == uuid_chars - dashes.size() &&
         std::ranges::all_of(dashes, [&](std::size_t at) { return text[at] == '-'; });
}

std::string text_of_bytes(const std::vector<std::uint8_t>& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  if (text.size() == uuid_chars - 4) {
    for (const std::size_t at : {8U, 13U, 18U, 23U}) text.insert(at, "-");
  }
  return text;
}

std::string id_of(const ordered_json& value) {
  if (value.is_binary()) return text_of_bytes(value.get_binary());
  if (value.is_string()) return value.get<std::string>();
  throw HttpError("an id is neither bytes nor text");
}

std::string bytes_of(const ordered_json& value) {
  if (!value.is_binary()) throw HttpError("a chunk's bytes are no bytes");
  const auto& binary = value.get_binary();
  return {binary.begin(), binary.end()};
}

/// Calls `visit` with each whole item, and its bytes.
template <class Visit>
void for_each_item(std::string_view cbor, Visit visit) {
  std::istringstream stream{std::string{cbor}};
  for (std::size_t begin = 0; begin < cbor.size();) {
    const auto item = ordered_json::from_cbor(stream, /*strict=*/false, /*allow_exceptions=*/false);
    if (item.is_discarded()) {
      stream.clear();
      stream.seekg(0, std::ios::end);
      return;
    }
    const auto end = static_cast<std::size_t>(stream.tellg());
    visit(item, cbor.substr(begin, end - begin));
    begin = end;
  }
}

json ids_of(const ordered_json& values) {
  json ids = json::array();
  for (const auto& value : values) ids.push_back(id_of(value));
  return ids;
}

void add_item(ReceivedLog& log, const ordered_json& item) {
  if (!item.is_object()) throw HttpError("an item is no map");
  if (item.contains("log")) {
    log.header = json{{"log", item["log"]}, {"from", id_of(item["from"])}};
    log.header["head"] = id_of(item["head"]);
  } else if (item.contains("chunk")) {
    log.chunks.push_back({id_of(item["chunk"]), bytes_of(item["bytes"]), log.transactions.size()});
  } else if (item.contains("transaction")) {
    json transaction{{"id", id_of(item["transaction"])}, {"seq", item["seq"]}};
    transaction["parent"] = id_of(item["parent"]);
    transaction["chunks"] = ids_of(item["chunks"]);
    log.transactions.push_back(std::move(transaction));
  } else if (item.contains("next")) {
    log.trailer = json(item);
    log.trailer["next"] = id_of(item["next"]);
  } else {
    throw HttpError("an item of no kind");
  }
}

std::optional<std::string> wrong_with_chain(const ReceivedLog& log) {
  std::string parent = log.header["from"];
  std::optional<std::uint64_t> seq;
  if (parent == root_id) seq = 0;
  for (const json& transaction : log.transactions) {
    if (transaction["parent"] != parent) return "a transaction of another parent: " + parent;
    if (seq && transaction["seq"] != *seq + 1) return "a gap in the sequence after " + parent;
    seq = transaction["seq"].get<std::uint64_t>();
    parent = transaction["id"];
  }
  if (log.trailer["next"] != parent) return "next is not the last transaction";
  if (!log.trailer["more"] && log.header["head"] != parent) return "head is not the last one";
  return {};
}

std::optional<std::string> wrong_with_chunks(const ReceivedLog& log) {
  std::map<std::string, std::size_t> came;
  for (const auto& chunk : log.chunks) {
    if (!came.emplace(chunk.id, chunk.after).second) return chunk.id + " came twice";
  }
  std::set<std::string> named;
  for (std::size_t i = 0; i < log.transactions.size(); ++i) {
    for (const std::string id : log.transactions[i]["chunks"]) {
      named.insert(id);
      if (!came.contains(id)) return id + " is named and did not come";
      if (came[id] > i) return id + " came after its first use";
    }
  }
  if (named.size() != came.size()) return "a chunk came that no transaction names";
  return {};
}

std::optional<std::string> wrong_with_counts(const ReceivedLog& log) {
  std::size_t bytes = 0;
  for (const auto& chunk : log.chunks) bytes += chunk.bytes.size();
  if (log.trailer["transactions"] != log.transactions.size()) return "the count of transactions";
  if (log.trailer["chunks"] != log.chunks.size()) return "the count of chunks";
  if (log.trailer["bytes"] != bytes) return "the count of bytes";
  return {};
}

}  // namespace

std::string cbor_sequence(const CborItems& items) {
  std::string sequence;
  for (const auto& item : items) {
    const auto bytes = ordered_json::to_cbor(item);
    sequence.append(bytes.begin(), bytes.end());
  }
  return sequence;
}

ordered_json packed_id(std::string_view id) {
  if (is_uuid(id)) return ordered_json::binary(unhex(without_dashes(id)));
  if (id.size() == sha256_chars && is_hexadecimal(id)) return ordered_json::binary(unhex(id));
  return std::string{id};
}

CborLog::CborLog(std::string_view from, std::uint64_t seq) : from_(from), head_(from), seq_(seq) {}

CborLog& CborLog::chunk(std::string_view id, std::string_view bytes) {
  const std::vector<std::uint8_t> binary{bytes.begin(), bytes.end()};
  items_.push_back({{"chunk", packed_id(id)}, {"bytes", ordered_json::binary(binary)}});
  chunks_ += 1;
  bytes_ += bytes.size();
  return *this;
}

CborLog& CborLog::transaction(std::string_view id, const std::vector<std::string>& chunks) {
  ordered_json ids = ordered_json::array();
  for (const auto& chunk : chunks) ids.push_back(packed_id(chunk));
  items_.push_back({{"transaction", packed_id(id)},
                    {"seq", ++seq_},
                    {"parent", packed_id(head_)},
                    {"chunks", std::move(ids)}});
  head_ = id;
  transactions_ += 1;
  return *this;
}

CborItems CborLog::items() const {
  CborItems items;
  items.push_back({{"log", 1}, {"from", packed_id(from_)}, {"head", packed_id(head_)}});
  items.insert(items.end(), items_.begin(), items_.end());
  items.push_back({{"next", packed_id(head_)},
                   {"more", false},
                   {"transactions", transactions_},
                   {"chunks", chunks_},
                   {"bytes", bytes_}});
  return items;
}

std::vector<std::string> ReceivedLog::ids() const {
  std::vector<std::string> ids;
  for (const json& transaction : transactions) ids.push_back(transaction["id"]);
  return ids;
}

std::optional<std::string> ReceivedLog::bytes_of(std::string_view id) const {
  const auto found = std::ranges::find(chunks, id, &Chunk::id);
  if (found == chunks.end()) return {};
  return found->bytes;
}

ReceivedLog read_log(std::string_view cbor) {
  ReceivedLog log;
  for_each_item(cbor, [&](const ordered_json& item, std::string_view) {
    if (log.complete()) throw HttpError("an item after the trailer");
    if (log.header.is_null() != item.contains("log")) throw HttpError("a header out of place");
    add_item(log, item);
  });
  return log;
}

std::optional<std::string> wrong_with(const ReceivedLog& log) {
  if (log.header.is_null()) return "no header";
  if (log.header["log"] != 1) return "another version";
  if (!log.complete()) return "cut off";
  if (auto wrong = wrong_with_chain(log)) return wrong;
  if (auto wrong = wrong_with_chunks(log)) return wrong;
  return wrong_with_counts(log);
}

bool is_canonical(std::string_view cbor) {
  bool canonical = true;
  for_each_item(cbor, [&](const ordered_json& item, std::string_view bytes) {
    canonical = canonical && cbor_sequence({item}) == bytes;
    std::vector<std::string> keys;
    for (const auto& [key, value] : item.items()) keys.push_back(key);
    const auto kind = keys_of_kind.find(keys.empty() ? "" : keys.front());
    canonical = canonical && kind != keys_of_kind.end() && kind->second == keys;
  });
  return canonical;
}

ReceivedLog expect_whole_log(const HttpResponse& response) {
  EXPECT_EQ(response.status, 200U) << response.body.substr(0, 300);
  if (response.status != 200) return {};
  ReceivedLog log = read_log(response.body);
  if (const auto wrong = wrong_with(log)) ADD_FAILURE() << *wrong;
  return log;
}

}  // namespace mentat_sync
