// Items as views of them.
#include "storage/log_taker.hpp"

#include <variant>

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
    const PackedIds ids{transaction.chunks};
    taker_.take(
        LogTransactionView{transaction.id, transaction.seq, transaction.parent, ids.views()});
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
