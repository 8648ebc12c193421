// LogItems: the items that a store reads, put together again from what its taker is given.
//
// Thread-safety: none; a test's own thread.
#pragma once

#include "storage/cbor_log.hpp"
#include "storage/log_taker.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace mentat_sync {

class LogItems final : public LogTaker {
 public:
  /// A chunk that came in parts is whole once its last one has come.
  std::vector<LogItem> items;
  /// The bytes of each chunk or part of one.
  std::vector<std::size_t> sizes;

  void take(const LogHeader& header) override { items.emplace_back(header); }
  void take(const LogTrailer& trailer) override { items.emplace_back(trailer); }

  void take(const LogTransactionView& view) override {
    EXPECT_EQ(next_offset_, 0u) << "in the middle of a chunk";
    LogTransaction transaction{view.id, view.seq, view.parent, {}};
    for (const PackedIdView& id : view.chunks) transaction.chunks.push_back(unpack(id).value());
    items.emplace_back(std::move(transaction));
  }

  void take(const LogChunkView& part) override {
    EXPECT_EQ(part.offset, next_offset_);
    EXPECT_TRUE(part.is_last() || part.size() % 3 == 0);
    if (part.is_first()) items.emplace_back(LogChunk{unpack(part.id).value(), {}});
    auto& chunk = std::get<LogChunk>(items.back());
    EXPECT_EQ(chunk.id, unpack(part.id));
    chunk.bytes.append(part.bytes).append(part.tail);
    sizes.push_back(part.size());
    next_offset_ = part.is_last() ? 0 : chunk.bytes.size();
  }

 private:
  std::size_t next_offset_ = 0;
};

inline std::string cbor_of(const std::vector<LogItem>& items) {
  std::string log;
  for (const LogItem& item : items) append_cbor(log, item);
  return log;
}

}  // namespace mentat_sync
