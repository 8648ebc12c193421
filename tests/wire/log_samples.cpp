// The samples, and a decoder's whole run.
#include "log_samples.hpp"

#include "http/wire/log_decoder.hpp"
#include "http/wire/ndjson_writer.hpp"
#include "storage/cbor_log.hpp"

#include <algorithm>

namespace mentat_sync {
namespace {

/// Takes what can be taken; false when the log is malformed.
bool take_all(LogDecoder& decoder, Decoded& decoded) {
  for (;;) {
    auto item = decoder.next();
    if (!item) {
      decoded.status = item.status();
      return false;
    }
    if (!*item) return true;
    decoded.items.push_back(std::move(**item));
  }
}

int value_of_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

TransactionId transaction_id(std::uint8_t number) {
  TransactionId id;
  id.uuid.bytes.back() = number;
  return id;
}

ChunkId chunk_id(std::string_view text) {
  return ChunkId::parse(text).value();
}

std::vector<LogItem> sample_log() {
  const auto hash = chunk_id("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
  const auto uuid = chunk_id("7a1c5f0e-3b64-4d2a-8e19-90b6c1d2e3f4");
  const auto text = chunk_id("note-1");
  return {
      LogHeader{TransactionId::root(), transaction_id(3)},
      LogChunk{hash, "hello"},
      LogTransaction{transaction_id(1), 1, TransactionId::root(), {hash}},
      LogChunk{uuid, R"({"e":1})"},
      LogChunk{text, ""},
      LogTransaction{transaction_id(2), 2, transaction_id(1), {uuid, text, hash}},
      LogTransaction{transaction_id(3), 3, transaction_id(2), {}},
      LogTrailer{transaction_id(3), false, 3, 3, 12},
  };
}

std::string cbor_of(const std::vector<LogItem>& items) {
  std::string bytes;
  for (const auto& item : items) append_cbor(bytes, item);
  return bytes;
}

std::string ndjson_of(const std::vector<LogItem>& items) {
  std::string lines;
  for (const auto& item : items) append_ndjson(lines, item);
  return lines;
}

Decoded decode(std::string_view bytes, std::size_t piece_bytes, std::uint64_t max_item_bytes) {
  Decoded decoded;
  LogDecoder decoder(max_item_bytes);
  for (std::size_t at = 0; at < bytes.size(); at += piece_bytes) {
    decoder.feed(bytes.substr(at, piece_bytes));
    if (!take_all(decoder, decoded)) return decoded;
  }
  decoded.status = decoder.finish();
  return decoded;
}

std::string bytes_of_hex(std::string_view text) {
  std::string bytes;
  int high = -1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '#') i = std::min(text.find('\n', i), text.size() - 1);
    const int value = value_of_digit(text[i]);
    if (value < 0) continue;
    if (high >= 0) bytes.push_back(static_cast<char>(high << 4 | value));
    high = high >= 0 ? -1 : value;
  }
  return bytes;
}

}  // namespace mentat_sync
