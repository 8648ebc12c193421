// Logs for the tests of their codec, and what the tests do with them all the time.
#pragma once

#include "storage/log_item.hpp"
#include "storage/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

TransactionId transaction_id(std::uint8_t number);
ChunkId chunk_id(std::string_view text);

/// A log with chunk ids of each form, an empty chunk and a transaction without chunks.
std::vector<LogItem> sample_log();

std::string cbor_of(const std::vector<LogItem>& items);
std::string ndjson_of(const std::vector<LogItem>& items);

/// What a decoder makes of a whole log: its items, and how it ended.
struct Decoded {
  std::vector<LogItem> items;
  Status status;
};

/// Feeds `bytes` in pieces of `piece_bytes`, taking all items after each.
Decoded decode(std::string_view bytes, std::size_t piece_bytes = 1'000'000,
               std::uint64_t max_item_bytes = 1'000'000);

/// The bytes that hexadecimal digits stand for; what is behind a `#`, and white space, is dropped.
std::string bytes_of_hex(std::string_view text);

}  // namespace mentat_sync
