// Writing a log's items as lines of JSON. Nothing in them needs escaping: ids have no special
// characters, and bytes become base64.
#include "http/wire/ndjson_writer.hpp"

#include <openssl/evp.h>

#include <cstdint>
#include <string_view>

namespace mentat_sync {
namespace {

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

std::unique_ptr<LogTaker> ndjson_writer(std::string& out) {
  return std::make_unique<JsonWriter>(out);
}

void append_ndjson(std::string& out, const LogItem& item) {
  JsonWriter writer{out};
  give(item, writer);
}

}  // namespace mentat_sync
