// The rules of a log's sequence.
#include "http/wire/log_order.hpp"

#include <string>
#include <utility>

namespace mentat_sync {
namespace {

Status wrong(std::string message) {
  return {ErrorCode::invalid, std::move(message)};
}

/// "3 chunks came, and the trailer says 4"; ok when they are equal.
Status compare(const char* what, std::uint64_t came, std::uint64_t said) {
  if (came == said) return {};
  return wrong(std::to_string(came) + ' ' + what + " came, and the trailer says " +
               std::to_string(said));
}

}  // namespace

Status LogOrder::add(const LogItem& item) {
  if (complete_) return wrong("an item after the trailer");
  const bool is_header = std::holds_alternative<LogHeader>(item);
  if (is_header && so_far_) return wrong("a second header");
  if (!is_header && !so_far_) return wrong("an item before the header");
  return std::visit([this](const auto& each) { return check(each); }, item);
}

Status LogOrder::check(const LogHeader& header) {
  so_far_.emplace().next = header.from;
  if (header.from.is_root()) seq_ = 0;
  return {};
}

Status LogOrder::check(const LogChunk& chunk) {
  so_far_->chunks += 1;
  so_far_->chunk_bytes += chunk.bytes.size();
  return {};
}

Status LogOrder::check(const LogTransaction& transaction) {
  if (transaction.parent != so_far_->next) {
    return wrong("transaction " + transaction.id.to_string() + " has the parent " +
                 transaction.parent.to_string() + ", and comes after " + so_far_->next.to_string());
  }
  if (transaction.seq == 0 || (seq_ && transaction.seq - 1 != *seq_)) {
    return wrong("transaction " + transaction.id.to_string() + " has the sequence number " +
                 std::to_string(transaction.seq) +
                 (seq_ ? ", and its parent has " + std::to_string(*seq_) : ""));
  }
  seq_ = transaction.seq;
  so_far_->next = transaction.id;
  so_far_->transactions += 1;
  return {};
}

Status LogOrder::check(const LogTrailer& trailer) {
  if (trailer.next != so_far_->next) {
    return wrong("the log ends with " + so_far_->next.to_string() + ", and the trailer says " +
                 trailer.next.to_string());
  }
  Status status = compare("transactions", so_far_->transactions, trailer.transactions);
  if (status.ok()) status = compare("chunks", so_far_->chunks, trailer.chunks);
  if (status.ok()) {
    status = compare("bytes of chunks", so_far_->chunk_bytes, trailer.chunk_bytes);
  }
  complete_ = status.ok();
  return status;
}

}  // namespace mentat_sync
