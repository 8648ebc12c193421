// Writing a log's items, as CBOR and as lines of JSON. Nothing in them needs escaping: ids have no
// special characters, and bytes become base64.
#include "http/wire/log_writer.hpp"

#include <openssl/evp.h>

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

void append_base64(std::string& out, std::string_view bytes) {
  const std::size_t begin = out.size();
  // One more for the NUL that it ends with.
  out.resize(begin + (bytes.size() + 2) / 3 * 4 + 1);
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data() + begin),
                  reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  out.pop_back();
}

/// Of the two pieces as one.
void append_base64(std::string& out, std::string_view bytes, std::string_view tail) {
  if (tail.empty()) return append_base64(out, bytes);
  append_base64(out, std::string{bytes}.append(tail));
}

static_assert(bounds::chunk_bytes_max <= 0x7fffffff, "EVP_EncodeBlock counts in int");

class JsonWriter final : public LogTaker {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void take(const LogHeader& header) override {
    out_.append(R"({"log":1)");
    string("from", header.from.to_string());
    string("head", header.head.to_string());
    out_.append("}\n");
  }

  void take(const LogChunkView& chunk) override {
    if (chunk.is_first()) {
      out_.append(R"({"chunk":")");
      append_text(out_, chunk.id);
      out_.append(R"(","bytes":")");
    }
    append_base64(out_, chunk.bytes, chunk.tail);
    if (chunk.is_last()) out_.append("\"}\n");
  }

  void take(const LogTransactionView& transaction) override {
    out_.append(R"({"transaction":")").append(transaction.id.to_string()).append("\"");
    number("seq", transaction.seq);
    string("parent", transaction.parent.to_string());
    out_.append(R"(,"chunks":[)");
    std::string_view separator = "\"";
    for (const PackedIdView& chunk : transaction.chunks) {
      out_.append(separator);
      append_text(out_, chunk);
      out_.append("\"");
      separator = ",\"";
    }
    out_.append("]}\n");
  }

  void take(const LogTrailer& trailer) override {
    out_.append(R"({"next":")").append(trailer.next.to_string()).append("\"");
    out_.append(trailer.more ? R"(,"more":true)" : R"(,"more":false)");
    number("transactions", trailer.transactions);
    number("chunks", trailer.chunks);
    number("bytes", trailer.chunk_bytes);
    out_.append("}\n");
  }

 private:
  void string(std::string_view key, std::string_view value) {
    out_.append(",\"").append(key).append("\":\"").append(value).append("\"");
  }

  void number(std::string_view key, std::uint64_t value) {
    out_.append(",\"").append(key).append("\":").append(std::to_string(value));
  }

  std::string& out_;
};

}  // namespace

std::unique_ptr<LogTaker> cbor_writer(std::string& out) {
  return std::make_unique<CborWriter>(out);
}

std::unique_ptr<LogTaker> ndjson_writer(std::string& out) {
  return std::make_unique<JsonWriter>(out);
}

void append_cbor(std::string& out, const LogItem& item) {
  CborWriter writer{out};
  give(item, writer);
}

void append_ndjson(std::string& out, const LogItem& item) {
  JsonWriter writer{out};
  give(item, writer);
}

}  // namespace mentat_sync
