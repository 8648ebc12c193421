// Writing a log's items as CBOR.
#include "storage/cbor_log.hpp"

#include <array>
#include <cbor.h>
#include <cstdint>
#include <string_view>

namespace mentat_sync {
namespace {

/// Appends one CBOR head: a type and a number, in its shortest form.
template <class Encode, class Number>
void append_head(std::string& out, Encode encode, Number number) {
  std::array<unsigned char, 9> head;
  const std::size_t size = encode(number, head.data(), head.size());
  out.append(reinterpret_cast<const char*>(head.data()), size);
}

/// A key of a map as it is written, its head and its characters, put together by the compiler:
/// every item has several.
class Key {
 public:
  template <std::size_t N>
  consteval Key(const char (&chars)[N]) : size_(N) {
    constexpr std::size_t length = N - 1;  // without the NUL
    static_assert(length < 24, "a longer text has a longer head");
    bytes_[0] = static_cast<char>(0x60 + length);
    for (std::size_t i = 0; i < length; ++i) bytes_[i + 1] = chars[i];
  }
  std::string_view bytes() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, 16> bytes_{};
  std::size_t size_;
};

class CborWriter final : public LogTaker {
 public:
  explicit CborWriter(std::string& out) : out_(out) {}

  void take(const LogHeader& header) override {
    map(3);
    number("log", 1);
    uuid("from", header.from.uuid);
    uuid("head", header.head.uuid);
  }

  void take(const LogChunkView& chunk) override {
    if (chunk.is_first()) {
      map(2);
      key("chunk");
      id(chunk.id);
      key("bytes");
      append_head(out_, cbor_encode_bytestring_start, chunk.total_bytes);
    }
    out_.append(chunk.bytes).append(chunk.tail);
  }

  void take(const LogTransactionView& transaction) override {
    map(4);
    uuid("transaction", transaction.id.uuid);
    number("seq", transaction.seq);
    uuid("parent", transaction.parent.uuid);
    key("chunks");
    append_head(out_, cbor_encode_array_start, transaction.chunks.size());
    for (const PackedIdView& chunk : transaction.chunks) id(chunk);
  }

  bool take_cbor(std::string_view items) override {
    out_.append(items);
    return true;
  }

  void take(const LogTrailer& trailer) override {
    map(5);
    uuid("next", trailer.next.uuid);
    key("more");
    append_head(out_, cbor_encode_bool, trailer.more);
    number("transactions", trailer.transactions);
    number("chunks", trailer.chunks);
    number("bytes", trailer.chunk_bytes);
  }

 private:
  void map(std::size_t keys) { append_head(out_, cbor_encode_map_start, keys); }

  void key(const Key& name) { out_.append(name.bytes()); }

  void text(std::string_view chars) {
    append_head(out_, cbor_encode_string_start, chars.size());
    out_.append(chars);
  }

  void bytes(std::string_view content) {
    append_head(out_, cbor_encode_bytestring_start, content.size());
    out_.append(content);
  }

  void number(const Key& name, std::uint64_t value) {
    key(name);
    append_head(out_, cbor_encode_uint, value);
  }

  void uuid(const Key& name, const Uuid& value) {
    key(name);
    bytes(bytes_of(value));
  }

  void id(PackedIdView chunk) {
    chunk.form == IdForm::text ? text(chunk.bytes) : bytes(chunk.bytes);
  }

  std::string& out_;
};

}  // namespace

std::unique_ptr<LogTaker> cbor_writer(std::string& out) {
  return std::make_unique<CborWriter>(out);
}

void append_cbor(std::string& out, const LogItem& item) {
  CborWriter writer{out};
  give(item, writer);
}

}  // namespace mentat_sync
