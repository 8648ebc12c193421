// Making an item of its fields: which kind it is, whether all are there and of the right type.
#include "http/wire/item_fields.hpp"

#include "storage/packed_id.hpp"

#include <algorithm>
#include <utility>

namespace mentat_sync {
namespace {

constexpr std::uint64_t log_version = 1;

constexpr std::array<std::string_view, ItemFields::key_count> key_names{
    "log", "from",   "head",   "chunk", "bytes", "transaction",
    "seq", "parent", "chunks", "next",  "more",  "transactions"};

std::string quoted(ItemFields::Key key) {
  return '"' + std::string(key_names[static_cast<std::size_t>(key)]) + '"';
}

Status wrong(std::string message) {
  return {ErrorCode::invalid, std::move(message)};
}

Status wrong_type(ItemFields::Key key, std::string_view type) {
  return wrong(quoted(key) + " is not " + std::string(type));
}

Status missing(ItemFields::Key key) {
  return wrong(quoted(key) + " is missing");
}

/// The first failure of its arguments.
template <class... Rest>
Status first_failure(Status status, Rest... rest) {
  if constexpr (sizeof...(rest) == 0) {
    return status;
  } else {
    return status.ok() ? first_failure(std::move(rest)...) : status;
  }
}

}  // namespace

std::optional<ChunkId> chunk_id_of_bytes(std::string_view bytes) {
  return unpack_chunk_id(bytes);
}

std::optional<ChunkId> chunk_id_of_text(std::string_view text) {
  return ChunkId::parse(text);
}

std::optional<ItemFields::Key> ItemFields::key_named(std::string_view name) {
  const auto found = std::find(key_names.begin(), key_names.end(), name);
  if (found == key_names.end()) return std::nullopt;
  return static_cast<Key>(found - key_names.begin());
}

std::vector<ChunkId>* ItemFields::list(Key key) {
  return has(key) ? std::get_if<std::vector<ChunkId>>(&*values_[index(key)]) : nullptr;
}

const std::vector<ChunkId>* ItemFields::list(Key key) const {
  return has(key) ? std::get_if<std::vector<ChunkId>>(&*values_[index(key)]) : nullptr;
}

Result<LogItem> ItemFields::take_item() {
  Key is{};
  if (Status status = kind(is); !status.ok()) return status;
  if (is == Key::log) return take_header();
  if (is == Key::chunk) return take_chunk();
  if (is == Key::transaction) return take_transaction();
  return take_trailer();
}

Status ItemFields::kind(Key& kind) const {
  int kinds = 0;
  for (const Key key : {Key::log, Key::chunk, Key::transaction, Key::next}) {
    if (!has(key)) continue;
    kind = key;
    ++kinds;
  }
  if (kinds == 1) return {};
  const std::string names = R"("log", "chunk", "transaction", "next")";
  return wrong(kinds == 0 ? "an item has none of " + names : "an item has two of " + names);
}

Result<LogItem> ItemFields::take_header() {
  std::uint64_t version = 0;
  if (Status status = take(Key::log, version); !status.ok()) return status;
  if (version != log_version) {
    return wrong("the log has version " + std::to_string(version) + ", and only version " +
                 std::to_string(log_version) + " is known here");
  }
  LogHeader header;
  Status status = first_failure(take(Key::from, header.from), take(Key::head, header.head));
  if (!status.ok()) return status;
  return LogItem(header);
}

Result<LogItem> ItemFields::take_chunk() {
  LogChunk chunk;
  BytesValue bytes;
  Status status =
      first_failure(take(Key::chunk, chunk.id), take(Key::bytes, "a byte string", bytes));
  if (!status.ok()) return status;
  chunk.bytes = std::move(bytes.content);
  return LogItem(std::move(chunk));
}

Result<LogItem> ItemFields::take_transaction() {
  LogTransaction transaction;
  Status status =
      first_failure(take(Key::transaction, transaction.id), take(Key::seq, transaction.seq),
                    take(Key::parent, transaction.parent),
                    take(Key::chunks, "an array of chunk ids", transaction.chunks));
  if (!status.ok()) return status;
  return LogItem(std::move(transaction));
}

Result<LogItem> ItemFields::take_trailer() {
  LogTrailer trailer;
  Status status =
      first_failure(take(Key::next, trailer.next), take(Key::more, "true or false", trailer.more),
                    take(Key::transactions, trailer.transactions),
                    take(Key::chunks, trailer.chunks), take(Key::bytes, trailer.chunk_bytes));
  if (!status.ok()) return status;
  return LogItem(trailer);
}

template <class T>
Status ItemFields::take(Key key, std::string_view type, T& out) {
  if (!has(key)) return missing(key);
  T* value = std::get_if<T>(&*values_[index(key)]);
  if (value == nullptr) return wrong_type(key, type);
  out = std::move(*value);
  return {};
}

Status ItemFields::take(Key key, std::uint64_t& out) {
  return take(key, "an unsigned integer", out);
}

Status ItemFields::take(Key key, TransactionId& out) {
  if (!has(key)) return missing(key);
  const FieldValue& value = *values_[index(key)];
  std::optional<Uuid> uuid;
  if (const auto* bytes = std::get_if<BytesValue>(&value)) uuid = uuid_of(bytes->content);
  if (const auto* text = std::get_if<TextValue>(&value)) uuid = Uuid::parse(text->content);
  if (!uuid) return wrong_type(key, "a uuid");
  out = {*uuid};
  return {};
}

Status ItemFields::take(Key key, ChunkId& out) {
  if (!has(key)) return missing(key);
  const FieldValue& value = *values_[index(key)];
  std::optional<ChunkId> id;
  if (const auto* bytes = std::get_if<BytesValue>(&value)) id = chunk_id_of_bytes(bytes->content);
  if (const auto* text = std::get_if<TextValue>(&value)) id = chunk_id_of_text(text->content);
  if (!id) return wrong_type(key, "a chunk id");
  out = *id;
  return {};
}

}  // namespace mentat_sync
