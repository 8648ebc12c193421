// What comes before the server's HEAD is passed over, the rest is gathered into pushes.
#include "cli/log_importer.hpp"

#include <utility>
#include <variant>

namespace mentat_sync {
namespace {

using Outcome = PushResult::Outcome;

ImportFailure elsewhere(const TransactionId& head) {
  return {true, "HEAD is at " + head.to_string() +
                    ", which is neither where the file begins nor one of its transactions; "
                    "import into an empty log, or export with --from " +
                    head.to_string()};
}

}  // namespace

LogImporter::Failure LogImporter::take(const LogItem& item) {
  if (const auto* header = std::get_if<LogHeader>(&item)) return begin(*header);
  if (const auto* chunk = std::get_if<LogChunk>(&item)) return take_chunk(*chunk);
  if (const auto* entry = std::get_if<LogTransaction>(&item)) return take_transaction(*entry);
  return std::nullopt;
}

LogImporter::Failure LogImporter::begin(const LogHeader& header) {
  reached_ = header.from == push_.base().head;
  return std::nullopt;
}

LogImporter::Failure LogImporter::take_chunk(const LogChunk& chunk) {
  if (!reached_) return std::nullopt;
  if (auto failure = make_room(chunk.bytes.size(), 1)) return failure;
  push_.add_chunk(chunk);
  return std::nullopt;
}

LogImporter::Failure LogImporter::take_transaction(const LogTransaction& transaction) {
  empty_ = false;
  if (!reached_) {
    reached_ = transaction.id == push_.base().head;
    return std::nullopt;
  }
  const auto id_bytes = (transaction.chunks.size() + 1) * bounds::chunk_id_chars;
  if (auto failure = make_room(id_bytes, transaction.chunks.size() + 1)) return failure;
  push_.add_transaction(transaction.id, transaction.chunks);
  ++imported_;
  return std::nullopt;
}

LogImporter::Failure LogImporter::make_room(std::uint64_t bytes, std::size_t items) {
  const bool fits =
      push_.bytes() + bytes <= push_bytes_ && push_.items() + items <= bounds::client_push_items;
  return fits || push_.empty() ? std::nullopt : push();
}

LogImporter::Failure LogImporter::push() {
  const auto result = client_.push(push_);
  if (!result) return ImportFailure{false, result.error().message};
  switch (result->outcome) {
    case Outcome::pushed:
    case Outcome::already_there:
      push_ = PushBody{push_.head()};
      return std::nullopt;
    case Outcome::conflict:
      return ImportFailure{true, "HEAD has moved to " + result->head.to_string() +
                                     " meanwhile: another client writes to this log"};
    case Outcome::missing:
      return ImportFailure{false,
                           "the server no longer has " + std::to_string(result->missing.size()) +
                               " chunks that an earlier, interrupted import sent ahead; delete the "
                               "log and import it anew"};
    case Outcome::refused:
      break;
  }
  return ImportFailure{false, result->refusal.message};
}

LogImporter::Failure LogImporter::finish() {
  if (empty_) return std::nullopt;
  if (!reached_) return elsewhere(push_.base().head);
  return push_.empty() ? std::nullopt : push();
}

}  // namespace mentat_sync
