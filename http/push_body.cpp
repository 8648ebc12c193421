// See push_body.hpp.
#include "http/push_body.hpp"

#include "http/refusals.hpp"
#include "storage/bounds.hpp"
#include "storage/outcome.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace mentat_sync {
namespace {

/// Of an entry of PushSink::Builder's index of chunks, with its allocation.
constexpr std::size_t index_entry_bytes = 128;

Problem malformed(std::string detail) {
  return Problem{problems::malformed_log, std::move(detail)};
}

}  // namespace

/// Takes the items of a log, which the decoder has found to be in order.
class PushSink::Builder {
 public:
  explicit Builder(UserId user) { push_.user = user; }

  /// The first thing that is wrong, if any.
  std::optional<Problem> take(LogItem item) {
    return std::visit([this](auto& x) { return this->take_item(x); }, item);
  }

  Push finish() { return std::move(push_); }

  std::uint64_t held_bytes() const { return held_bytes_; }

 private:
  std::optional<Problem> take_item(const LogHeader& header) {
    header_ = header;
    push_.base = header.from;
    return std::nullopt;
  }

  std::optional<Problem> take_item(LogChunk& chunk) {
    if (auto problem = count(1)) return problem;
    const auto [there, is_new] = chunks_.emplace(chunk.id, push_.chunks.size());
    if (is_new) {
      push_.chunks.push_back({chunk.id, std::move(chunk.bytes)});
      held_bytes_ += bytes_of(push_.chunks.back()) + index_entry_bytes;
      return std::nullopt;
    }
    if (push_.chunks[there->second].bytes == chunk.bytes) return std::nullopt;
    return malformed("The chunk " + chunk.id.to_string() + " comes twice, with other bytes.");
  }

  std::optional<Problem> take_item(LogTransaction& transaction) {
    if (auto problem = count(1 + transaction.chunks.size())) return problem;
    push_.transactions.push_back({transaction.id, std::move(transaction.chunks)});
    held_bytes_ += bytes_of(push_.transactions.back());
    return std::nullopt;
  }

  std::optional<Problem> take_item(const LogTrailer& trailer) {
    // A log that was pulled with a limit names a head beyond its end; HEAD moves to its end.
    if (trailer.more || header_.head == trailer.next) return std::nullopt;
    return malformed(
        "\"head\" in the header must be the log's last transaction, or \"from\" when "
        "it has none, unless the trailer says that there is more.");
  }

  /// Before they take room: a log of the smallest items is much larger in memory than on the wire.
  std::optional<Problem> count(std::size_t items) {
    items_ += items;
    if (items_ <= bounds::push_items) return std::nullopt;
    Outcome outcome = outcome_of(Verdict::too_many_items, bounds::push_items);
    return problem_of(outcome);
  }

  Push push_;
  LogHeader header_;
  /// Where in `push_` each chunk is. Ordered, for the client chooses the ids: those that collide
  /// would make a hash table a list, and a table that grows holds its loop up by itself.
  std::map<ChunkId, std::size_t> chunks_;
  std::size_t items_ = 0;
  std::uint64_t held_bytes_ = 0;
};

PushSink::PushSink(UserId user)
    : decoder_{bounds::push_bytes_max}, builder_{std::make_unique<Builder>(user)} {}
PushSink::~PushSink() = default;

void PushSink::take(std::string_view bytes) {
  if (problem_) return;
  decoder_.feed(bytes);
  for (;;) {
    auto item = decoder_.next();
    if (!item.ok()) return refuse(malformed(item.status().message()));
    if (!*item) return;
    if (auto problem = builder_->take(std::move(**item))) return refuse(std::move(*problem));
  }
}

std::uint64_t PushSink::held_bytes() const {
  return decoder_.held_bytes() + (builder_ ? builder_->held_bytes() : 0);
}

void PushSink::refuse(Problem problem) {
  problem_ = std::move(problem);
  builder_.reset();
  decoder_ = LogDecoder{bounds::push_bytes_max};
}

Parsed<Push> PushSink::finish() {
  if (problem_) return *std::move(problem_);
  if (const Status whole = decoder_.finish(); !whole.ok()) return malformed(whole.message());
  return builder_->finish();
}

}  // namespace mentat_sync
