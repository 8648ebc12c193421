// Reads, decompresses in small pieces, and empties the decoder after each.
#include "http/client/log_receiver.hpp"

#include "http/wire/content_coding.hpp"
#include "http/wire/log_decoder.hpp"
#include "storage/sha256.hpp"

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace mentat_sync {
namespace {

using Kind = ClientError::Kind;
using Failure = std::optional<ClientError>;

ClientError broken(const Status& status) {
  return {Kind::broken, "the server's log cannot be used: " + status.message()};
}

/// A chunk whose id says what its bytes must be is held to that here: so a copy of a damaged store
/// is noticed when it is made, not when it is needed.
bool is_damaged(const LogItem& item) {
  const auto* chunk = std::get_if<LogChunk>(&item);
  return chunk && chunk->id.is_sha256() && !is_sha256_of(chunk->id, chunk->bytes);
}

class LogReceiver {
 public:
  LogReceiver(ContentCoding coding, std::uint64_t max_item_bytes, const LogSink& sink)
      : decompressor_(Decompressor::make(coding)), decoder_(max_item_bytes), sink_(sink) {}

  Failure take(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto piece = bytes.substr(0, bounds::client_decompress_bytes);
      bytes.remove_prefix(piece.size());
      plain_.clear();
      const auto status = decompressor_->decompress(piece, plain_);
      if (!status.ok()) return broken(status);
      decoder_.feed(plain_);
      if (auto failure = give_on()) return failure;
    }
    return std::nullopt;
  }

  Reply<LogTrailer> finish() {
    for (const Status& status : {decompressor_->finish(), decoder_.finish()}) {
      if (!status.ok()) return broken(status);
    }
    return trailer_;
  }

 private:
  Failure give_on() {
    for (;;) {
      auto item = decoder_.next();
      if (!item.ok()) return broken(item.status());
      if (!*item) return std::nullopt;
      if (is_damaged(**item)) {
        const std::string id = std::get<LogChunk>(**item).id.to_string();
        return ClientError{Kind::broken, "the server's log cannot be used: the bytes of chunk " +
                                             id +
                                             " do not have this SHA-256; its store is damaged"};
      }
      if (const auto* trailer = std::get_if<LogTrailer>(&**item)) trailer_ = *trailer;
      if (!sink_(std::move(**item))) return ClientError{Kind::stopped, "stopped by the caller"};
    }
  }

  std::unique_ptr<Decompressor> decompressor_;
  LogDecoder decoder_;
  const LogSink& sink_;
  LogTrailer trailer_;
  std::string plain_;
};

}  // namespace

Reply<LogTrailer> receive_log(ClientExchange& exchange, std::string_view content_encoding,
                              std::uint64_t max_item_bytes, const LogSink& sink) {
  const auto coding = coding_named(content_encoding);
  if (!coding) {
    return ClientError{Kind::broken, "the server's Content-Encoding '" +
                                         std::string{content_encoding} + "' is not known"};
  }
  LogReceiver receiver{*coding, max_item_bytes, sink};
  std::string buffer(bounds::client_read_bytes, '\0');
  for (;;) {
    const auto count = exchange.read_some(buffer.data(), buffer.size());
    if (!count) return count.error();
    if (*count == 0) return receiver.finish();
    if (auto failure = receiver.take({buffer.data(), *count})) return *failure;
  }
}

}  // namespace mentat_sync
