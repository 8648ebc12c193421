// Items that are at hand, given to a taker.
#include "storage/log_taker.hpp"

#include "log_items.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mentat_sync {
namespace {

ChunkId id(const std::string& text) {
  return ChunkId::parse(text).value();
}

TEST(LogTaker, IsGivenEachItemAsItIs) {
  TransactionId first;
  first.uuid.bytes.fill(7);
  const std::string hash(64, 'a');
  const std::string uuid = "7a1c5f0e-3b64-4d2a-8e19-90b6c1d2e3f4";
  const std::vector<LogItem> items{LogHeader{{}, first},
                                   LogChunk{id(hash), std::string("by\0tes", 6)},
                                   LogChunk{id(uuid), ""},
                                   LogTransaction{first, 1, {}, {id(hash), id(uuid), id("text")}},
                                   LogTransaction{{}, 2, first, {}},
                                   LogTrailer{first, true, 2, 2, 6}};
  LogItems taken;
  for (const LogItem& item : items) give(item, taken);
  EXPECT_EQ(taken.items, items);
}

TEST(LogChunkView, KnowsTheFirstAndTheLastPart) {
  const LogChunkView whole{{}, 5, 0, "abc", "de"};
  EXPECT_TRUE(whole.is_first() && whole.is_last());
  const LogChunkView first{{}, 5, 0, "abc"};
  EXPECT_TRUE(first.is_first() && !first.is_last());
  const LogChunkView last{{}, 5, 3, "", "de"};
  EXPECT_TRUE(!last.is_first() && last.is_last());
  const LogChunkView empty{{}, 0, 0, ""};
  EXPECT_TRUE(empty.is_first() && empty.is_last());
}

}  // namespace
}  // namespace mentat_sync
