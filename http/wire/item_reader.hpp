// Puts the tokens of one item together, one at a time, so that an item is worked on once however
// its bytes arrive.
//
// Thread-safety: none. Failures: ErrorCode::invalid with what is wrong; the reader is of no use
// after it.
// Source: docs/protocol.md, "The log in one piece".
#pragma once

#include "http/wire/cbor_token.hpp"
#include "http/wire/item_fields.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mentat_sync {

class ItemReader {
 public:
  /// The next token of the item, or of the next one when the last is complete.
  Status add(const CborToken& token);

  /// Whether the tokens so far make an item, which take_item() then gives.
  bool complete() const { return begun_ && open_.empty(); }

  /// The item; the reader begins anew.
  Result<LogItem> take_item();

  /// Of memory, for the ids of the list that is being read.
  std::size_t held_bytes() const;

 private:
  Status begin_item(const CborToken& token);
  Status add_key(const CborToken& token);
  Status add_value(const CborToken& token);
  Status keep(const CborToken& token);
  Status keep_list(std::uint64_t ids);
  void keep_list_element(const CborToken& token);
  Status open(std::uint64_t values);
  Status pass_over(std::uint64_t values);
  void close_value();

  bool begun_ = false;
  /// How many values are still to come of each list, map and tag that has begun; the first is the
  /// item itself, of which keys count as well.
  std::vector<std::uint64_t> open_;
  ItemFields fields_;
  /// The key whose value comes next or is being read; nothing for one that is not known.
  std::optional<ItemFields::Key> key_;
  std::vector<std::string> unknown_keys_;
  /// Announced by the list of "chunks", and by all other lists, maps and tags.
  std::uint64_t listed_ids_ = 0;
  std::uint64_t passed_over_ = 0;
};

}  // namespace mentat_sync
