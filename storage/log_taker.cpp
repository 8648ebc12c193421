// Items as views of them.
#include "storage/log_taker.hpp"

#include <variant>
#include <vector>

namespace mentat_sync {
namespace {

class Giver {
 public:
  explicit Giver(LogTaker& taker) : taker_(taker) {}

  void operator()(const LogHeader& header) { taker_.take(header); }

  void operator()(const LogChunk& chunk) {
    const PackedId id = pack(chunk.id);
    taker_.take(LogChunkView{id.view(), chunk.bytes.size(), 0, chunk.bytes});
  }

  void operator()(const LogTransaction& transaction) {
    std::vector<PackedId> ids;
    std::vector<PackedIdView> views;
    ids.reserve(transaction.chunks.size());
    views.reserve(transaction.chunks.size());
    for (const ChunkId& id : transaction.chunks) {
      ids.push_back(pack(id));
      views.push_back(ids.back().view());
    }
    taker_.take(LogTransactionView{transaction.id, transaction.seq, transaction.parent, views});
  }

  void operator()(const LogTrailer& trailer) { taker_.take(trailer); }

 private:
  LogTaker& taker_;
};

}  // namespace

void give(const LogItem& item, LogTaker& taker) {
  std::visit(Giver{taker}, item);
}

}  // namespace mentat_sync
