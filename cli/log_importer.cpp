// What comes before the server's HEAD is passed over, the rest is gathered into pushes.
#include "cli/log_importer.hpp"

#include "cli/server_limits.hpp"
#include "cli/units.hpp"
#include "http/wire/log_decoder.hpp"

#include <algorithm>
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
  const auto bytes = bytes_in_push(chunk);
  if (auto failure = make_room(bytes, 1)) return failure;
  if (server_limit_ && push_frame_bytes + bytes > *server_limit_) return upload(chunk);
  push_.add_chunk(chunk);
  if (!largest_ || chunk.bytes.size() > largest_bytes_) {
    largest_ = chunk.id;
    largest_bytes_ = chunk.bytes.size();
  }
  return std::nullopt;
}

LogImporter::Failure LogImporter::take_transaction(const LogTransaction& transaction) {
  if (!reached_) {
    reached_ = transaction.id == push_.base().head;
    return std::nullopt;
  }
  if (auto failure = make_room(bytes_in_push(transaction.chunks), transaction.chunks.size() + 1)) {
    return failure;
  }
  push_.add_transaction(transaction.id, transaction.chunks);
  ++gathered_;
  return std::nullopt;
}

LogImporter::Failure LogImporter::make_room(std::uint64_t bytes, std::size_t items) {
  const bool fits = push_frame_bytes + push_.bytes() + bytes <= push_bytes_ &&
                    push_.items() + items <= bounds::client_push_items;
  return fits || push_.empty() ? std::nullopt : push();
}

LogImporter::Failure LogImporter::push() {
  const auto result = client_.push(push_);
  if (!result) return ImportFailure{false, result.error().message};
  switch (result->outcome) {
    case Outcome::pushed:
    case Outcome::already_there:
      push_ = PushBody{push_.head()};
      imported_ += std::exchange(gathered_, 0);
      largest_.reset();
      return std::nullopt;
    case Outcome::conflict:
      return ImportFailure{true, "HEAD has moved to " + result->head.to_string() +
                                     " meanwhile: another client writes to this log"};
    case Outcome::missing:
      return ImportFailure{false, "the server no longer has " +
                                      count_of(result->missing.size(), "chunk") +
                                      " that an earlier, interrupted import sent ahead; delete the "
                                      "log and import it anew"};
    case Outcome::refused:
      break;
  }
  return refused(result->refusal);
}

LogImporter::Failure LogImporter::refused(const ClientError& refusal) {
  const auto limit = push_limit(refusal);
  if (limit && (!server_limit_ || *limit < *server_limit_)) return push_in_parts(*limit);
  const auto most = chunk_limit(refusal);
  if (!most || !largest_) return ImportFailure{false, refusal.message};
  return ImportFailure{false,
                       too_large_chunk("chunk " + largest_->to_string(), largest_bytes_, *most)};
}

LogImporter::Failure LogImporter::push_in_parts(std::uint64_t limit) {
  server_limit_ = limit;
  push_bytes_ = std::min(push_bytes_, limit);
  PushBody whole = std::exchange(push_, PushBody{push_.base()});
  gathered_ = 0;
  largest_.reset();
  LogDecoder decoder{bounds::log_item_bytes_max};
  decoder.feed(whole.finish());
  for (;;) {
    const auto item = decoder.next();
    if (!item.ok()) return ImportFailure{false, item.status().message()};
    if (!*item) return push_.empty() ? std::nullopt : push();
    // Not the header: where this log begins is known.
    if (std::holds_alternative<LogHeader>(**item)) continue;
    if (auto failure = take(**item)) return failure;
  }
}

LogImporter::Failure LogImporter::upload(const LogChunk& chunk) {
  const auto done = client_.put_chunk(chunk.id, chunk.bytes);
  if (done) return std::nullopt;
  const auto name = "chunk " + chunk.id.to_string();
  return ImportFailure{false, explained(done.error(), name, chunk.bytes.size()).message};
}

LogImporter::Failure LogImporter::finish() {
  if (!reached_) return elsewhere(push_.base().head);
  return push_.empty() ? std::nullopt : push();
}

}  // namespace mentat_sync
