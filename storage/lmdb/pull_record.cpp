// Each chunk comes once, where it is named first; then the transaction.
#include "storage/lmdb/pull_record.hpp"

#include "storage/cbor_log.hpp"

#include <algorithm>

namespace mentat_sync {
namespace {

bool fits(const std::string& items) {
  return items.size() + format::encode(format::PullRecord{}).size() <=
         format::pull_record_bytes_max;
}

bool is_named_before(std::span<const PackedIdView> chunks, std::size_t index) {
  const auto before = chunks.first(index);
  return std::ranges::find(before, chunks[index]) != before.end();
}

}  // namespace

std::optional<std::string> make_pull_record(const LogTransactionView& transaction,
                                            const FindPulled& find) {
  const auto chunks = transaction.chunks;
  if (chunks.size() > pulled_chunks_max) return std::nullopt;
  std::string items;
  items.reserve(format::pull_record_bytes_max);
  const auto writer = cbor_writer(items);
  format::PullRecord record;
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    if (is_named_before(chunks, i)) continue;
    const auto mentions = static_cast<std::uint64_t>(std::ranges::count(chunks, chunks[i]));
    const auto chunk = find(i, mentions);
    if (!chunk) return std::nullopt;
    const std::size_t bytes = chunk->bytes.size() + chunk->tail.size();
    if (items.size() + bytes > format::pull_record_bytes_max) return std::nullopt;
    writer->take(LogChunkView{chunks[i], bytes, 0, chunk->bytes, chunk->tail});
    record.chunks += 1;
    record.chunk_bytes += static_cast<std::uint32_t>(bytes);
  }
  record.transaction_at = static_cast<std::uint32_t>(items.size());
  writer->take(transaction);
  if (!fits(items)) return std::nullopt;
  record.items = items;
  return format::encode(record);
}

}  // namespace mentat_sync
