// The nesting of an item's values, and which of them are kept.
#include "http/wire/item_reader.hpp"

#include "storage/bounds.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace mentat_sync {
namespace {

using Kind = CborToken::Kind;

/// Values inside of what is passed over, of one item: a later version's key may have a short list,
/// while a list of millions, each a token to be read, would keep its reader from all else. With so
/// few in each, the most items that a push may have (bounds::push_items) are read in the time that
/// as many transactions take.
constexpr std::uint64_t passed_over_values = 2 * bounds::log_item_keys;

Status wrong(std::string message) {
  return {ErrorCode::invalid, std::move(message)};
}

std::optional<ChunkId> chunk_id_of(const CborToken& token) {
  if (token.kind == Kind::bytes) return chunk_id_of_bytes(token.text);
  if (token.kind == Kind::text) return chunk_id_of_text(token.text);
  return std::nullopt;
}

FieldValue value_of(const CborToken& token) {
  switch (token.kind) {
    case Kind::number:
      return token.number;
    case Kind::boolean:
      return token.number != 0;
    case Kind::bytes:
      return BytesValue{std::string(token.text)};
    case Kind::text:
      return TextValue{std::string(token.text)};
    default:
      return OtherValue{};
  }
}

}  // namespace

Status ItemReader::add(const CborToken& token) {
  if (token.kind == Kind::indefinite) {
    return wrong("an indefinite length (or its end), where a log has definite lengths only");
  }
  if (!begun_) return begin_item(token);
  const bool at_key = open_.size() == 1 && open_.front() % 2 == 0;
  return at_key ? add_key(token) : add_value(token);
}

Result<LogItem> ItemReader::take_item() {
  // Another kind of item has no use for chunk ids, and nobody counts them as a transaction's.
  const bool uses_ids = fields_.has(ItemFields::Key::transaction);
  const Status bounded = uses_ids ? Status() : pass_over(listed_ids_);
  auto item = bounded.ok() ? fields_.take_item() : Result<LogItem>(bounded);
  *this = ItemReader();
  return item;
}

std::size_t ItemReader::held_bytes() const {
  const auto* ids = fields_.list(ItemFields::Key::chunks);
  return ids == nullptr ? 0 : ids->capacity() * sizeof(ChunkId);
}

Status ItemReader::begin_item(const CborToken& token) {
  if (token.kind != Kind::map) return wrong("an item of a log is a map of CBOR");
  if (token.number > bounds::log_item_keys) {
    return wrong("an item of more than " + std::to_string(bounds::log_item_keys) + " keys");
  }
  begun_ = true;
  if (token.number > 0) open_.push_back(2 * token.number);
  return {};
}

Status ItemReader::add_key(const CborToken& token) {
  if (token.kind != Kind::text) return wrong("a key that is not a text string");
  key_ = ItemFields::key_named(token.text);
  const bool again = key_ ? fields_.has(*key_)
                          : std::find(unknown_keys_.begin(), unknown_keys_.end(), token.text) !=
                                unknown_keys_.end();
  if (again) return wrong("a key that comes twice");
  if (!key_) unknown_keys_.emplace_back(token.text);
  --open_.front();
  return {};
}

Status ItemReader::add_value(const CborToken& token) {
  if (key_) {
    if (Status status = keep(token); !status.ok()) return status;
  }
  switch (token.kind) {
    case Kind::list:
      return open(token.number);
    case Kind::map:
      // A length that cannot be doubled cannot be reached either.
      return open(std::min(token.number, std::numeric_limits<std::uint64_t>::max() / 2) * 2);
    case Kind::tag:
      return open(1);
    default:
      close_value();
      return {};
  }
}

Status ItemReader::keep(const CborToken& token) {
  if (open_.size() > 1) {
    keep_list_element(token);
  } else if (token.kind == Kind::list && key_ == ItemFields::Key::chunks) {
    return keep_list(token.number);
  } else {
    fields_.set(*key_, value_of(token));
  }
  return {};
}

Status ItemReader::keep_list(std::uint64_t ids) {
  if (ids > bounds::chunks_per_transaction) {
    return wrong("a list of more than " + std::to_string(bounds::chunks_per_transaction) +
                 " chunk ids");
  }
  fields_.set(*key_, std::vector<ChunkId>{});
  return {};
}

void ItemReader::keep_list_element(const CborToken& token) {
  auto* ids = fields_.list(*key_);
  if (ids == nullptr) return;
  if (const auto id = chunk_id_of(token)) {
    ids->push_back(*id);
  } else {
    fields_.set(*key_, OtherValue{});
  }
}

Status ItemReader::open(std::uint64_t values) {
  if (values == 0) {
    close_value();
    return {};
  }
  if (open_.size() == bounds::log_item_depth) {
    return wrong("values nested more than " + std::to_string(bounds::log_item_depth) + " deep");
  }
  const bool ids = open_.size() == 1 && key_ && fields_.list(*key_) != nullptr;
  if (ids) {
    listed_ids_ = values;
  } else if (Status status = pass_over(values); !status.ok()) {
    return status;
  }
  open_.push_back(values);
  return {};
}

Status ItemReader::pass_over(std::uint64_t values) {
  if (values > passed_over_values - passed_over_) {
    return wrong("more than " + std::to_string(passed_over_values) +
                 " values in lists, maps and tags that are of no use in their item");
  }
  passed_over_ += values;
  return {};
}

void ItemReader::close_value() {
  do {
    if (--open_.back() != 0) return;
    open_.pop_back();
  } while (!open_.empty());
}

}  // namespace mentat_sync
