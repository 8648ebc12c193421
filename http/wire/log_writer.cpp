// Writing a log's items, as CBOR and as lines of JSON. Nothing in them needs escaping: ids have no
// special characters, and bytes become base64.
#include "http/wire/log_writer.hpp"

#include "http/wire/packed_id.hpp"

#include <openssl/evp.h>

#include <array>
#include <cbor.h>
#include <cstdint>
#include <string_view>
#include <variant>

namespace mentat_sync {
namespace {

/// Appends one CBOR head: a type and a number, in its shortest form.
template <class Encode, class Number>
void append_head(std::string& out, Encode encode, Number number) {
  std::array<unsigned char, 9> head;
  const std::size_t size = encode(number, head.data(), head.size());
  for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<char>(head[i]));
}

class CborWriter {
 public:
  explicit CborWriter(std::string& out) : out_(out) {}

  void operator()(const LogHeader& header) {
    map(3);
    number("log", 1);
    uuid("from", header.from.uuid);
    uuid("head", header.head.uuid);
  }

  void operator()(const LogChunk& chunk) {
    out_.reserve(out_.size() + chunk.bytes.size() + item_bytes_besides_content);
    chunk_head(chunk.id, chunk.bytes.size());
    out_.append(chunk.bytes);
  }

  void operator()(const LogChunkPart& part) {
    if (part.is_first()) chunk_head(part.id, part.total_bytes);
    out_.append(part.bytes);
  }

  void operator()(const LogTransaction& transaction) {
    map(4);
    uuid("transaction", transaction.id.uuid);
    number("seq", transaction.seq);
    uuid("parent", transaction.parent.uuid);
    text("chunks");
    append_head(out_, cbor_encode_array_start, transaction.chunks.size());
    for (const auto& chunk : transaction.chunks) id(chunk);
  }

  void operator()(const LogTrailer& trailer) {
    map(5);
    uuid("next", trailer.next.uuid);
    text("more");
    append_head(out_, cbor_encode_bool, trailer.more);
    number("transactions", trailer.transactions);
    number("chunks", trailer.chunks);
    number("bytes", trailer.chunk_bytes);
  }

 private:
  static constexpr std::size_t item_bytes_besides_content = 128;

  /// Of a chunk, up to its bytes.
  void chunk_head(const ChunkId& chunk, std::uint64_t size) {
    map(2);
    text("chunk");
    id(chunk);
    text("bytes");
    append_head(out_, cbor_encode_bytestring_start, size);
  }

  void map(std::size_t keys) { append_head(out_, cbor_encode_map_start, keys); }

  void text(std::string_view chars) {
    append_head(out_, cbor_encode_string_start, chars.size());
    out_.append(chars);
  }

  void bytes(std::string_view content) {
    append_head(out_, cbor_encode_bytestring_start, content.size());
    out_.append(content);
  }

  void number(std::string_view key, std::uint64_t value) {
    text(key);
    append_head(out_, cbor_encode_uint, value);
  }

  void uuid(std::string_view key, const Uuid& value) {
    text(key);
    bytes(bytes_of(value));
  }

  void id(const ChunkId& chunk) {
    const PackedId packed = pack(chunk);
    if (packed.size == 0) {
      text(chunk.text());
    } else {
      bytes(packed.view());
    }
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

static_assert(bounds::chunk_bytes_max <= 0x7fffffff, "EVP_EncodeBlock counts in int");

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void operator()(const LogHeader& header) {
    out_.append(R"({"log":1)");
    string("from", header.from.to_string());
    string("head", header.head.to_string());
    out_.append("}\n");
  }

  void operator()(const LogChunk& chunk) {
    begin_chunk(chunk.id);
    append_base64(out_, chunk.bytes);
    end_chunk();
  }

  void operator()(const LogChunkPart& part) {
    if (part.is_first()) begin_chunk(part.id);
    append_base64(out_, part.bytes);
    if (part.is_last()) end_chunk();
  }

  void operator()(const LogTransaction& transaction) {
    out_.append(R"({"transaction":")").append(transaction.id.to_string()).append("\"");
    number("seq", transaction.seq);
    string("parent", transaction.parent.to_string());
    out_.append(R"(,"chunks":[)");
    std::string_view separator = "\"";
    for (const auto& chunk : transaction.chunks) {
      out_.append(separator).append(chunk.text()).append("\"");
      separator = ",\"";
    }
    out_.append("]}\n");
  }

  void operator()(const LogTrailer& trailer) {
    out_.append(R"({"next":")").append(trailer.next.to_string()).append("\"");
    out_.append(trailer.more ? R"(,"more":true)" : R"(,"more":false)");
    number("transactions", trailer.transactions);
    number("chunks", trailer.chunks);
    number("bytes", trailer.chunk_bytes);
    out_.append("}\n");
  }

 private:
  void begin_chunk(const ChunkId& chunk) {
    out_.append(R"({"chunk":")").append(chunk.text()).append(R"(","bytes":")");
  }
  void end_chunk() { out_.append("\"}\n"); }

  void string(std::string_view key, std::string_view value) {
    out_.append(",\"").append(key).append("\":\"").append(value).append("\"");
  }

  void number(std::string_view key, std::uint64_t value) {
    out_.append(",\"").append(key).append("\":").append(std::to_string(value));
  }

  std::string& out_;
};

}  // namespace

void append_cbor(std::string& out, const LogItem& item) {
  std::visit(CborWriter(out), item);
}

void append_ndjson(std::string& out, const LogItem& item) {
  std::visit(JsonWriter(out), item);
}

}  // namespace mentat_sync
