// See log_answer.hpp.
#include "http/log_answer.hpp"

#include "http/wire/media_types.hpp"
#include "http/wire/ndjson_writer.hpp"
#include "storage/bounds.hpp"
#include "storage/cbor_log.hpp"

#include <memory>
#include <string>
#include <utility>

namespace mentat_sync {
namespace {

/// Smaller bodies are sent as they are: what they could lose is less than a packet.
constexpr std::size_t compress_bytes_min = 1400;
/// What is compressed to see whether it pays: enough to tell, and done in a tenth of a millisecond.
constexpr std::size_t sample_bytes = 4 * bounds::KiB;

/// The most that answers in this coding hold at a time: a piece as it is encoded, at the worst in
/// base64, and what its compressor remembers, as it was measured.
constexpr std::size_t held_bytes_of(ContentCoding coding) {
  constexpr std::size_t coded = 2 * bounds::log_coded_piece_bytes;
  switch (coding) {
    case ContentCoding::gzip:
      return coded + 256 * bounds::KiB;
    case ContentCoding::zstd:
      return coded + 1344 * bounds::KiB;
    case ContentCoding::identity:
      break;
  }
  return bounds::log_piece_bytes / 3 * 4 + bounds::log_first_piece_bytes;
}
static_assert(held_bytes_of(ContentCoding::zstd) <= bounds::answers_bytes_min);

std::string compressed(Compressor& compressor, std::string_view bytes, bool last) {
  std::string out;
  compressor.compress(bytes, last, out);
  return out;
}

/// Whether a sample of them becomes at least a tenth smaller: chunks may be compressed or encrypted
/// already.
bool pays(ContentCoding coding, std::string_view bytes) {
  if (coding == ContentCoding::identity || bytes.size() < compress_bytes_min) return false;
  const auto sample = bytes.substr(0, sample_bytes);
  const auto compressor = Compressor::make(coding);
  return compressed(*compressor, sample, true).size() < sample.size() - sample.size() / 10;
}

/// The pieces after the first one, which is at hand.
class LogSource final : public BodySource, public std::enable_shared_from_this<LogSource> {
 public:
  LogSource(Store& store, ReadLog query, LogForm form, ContentCoding coding, std::string first)
      : store_(store),
        query_(std::move(query)),
        encoder_(form),
        coding_(coding),
        first_(std::move(first)) {
    query_.taker = encoder_.writer.get();
    query_.piece_bytes =
        coding == ContentCoding::identity ? bounds::log_piece_bytes : bounds::log_coded_piece_bytes;
  }

  std::size_t held_bytes() const override { return held_bytes_of(coding_) + first_.size(); }
  bool works() const override { return true; }

  void next(TakePiece take) override {
    if (!first_.empty()) return take(piece(std::exchange(first_, {}), !query_.resume));
    ReadLog query = query_;
    query.resume = std::move(query_.resume);
    encoder_.bytes.reserve(query_.piece_bytes / 3 * 4);  // in base64
    store_.read(std::move(query),
                [self = shared_from_this(), take = std::move(take)](Result<LogPiece> result) {
                  take(self->on_read(std::move(result)));
                });
  }

 private:
  BodyPiece on_read(Result<LogPiece> result) {
    if (!result.ok() || !result->found) return {{}, BodyPiece::Then::failed};
    query_.resume = std::move(result->resume);
    return piece(std::exchange(encoder_.bytes, {}), !query_.resume);
  }

  BodyPiece piece(std::string bytes, bool last) {
    // Made when its turn has come: it is larger than many a piece.
    if (!compressor_ && coding_ != ContentCoding::identity) compressor_ = Compressor::make(coding_);
    if (compressor_) bytes = compressed(*compressor_, bytes, last);
    return {std::move(bytes), last ? BodyPiece::Then::end : BodyPiece::Then::more};
  }

  Store& store_;
  ReadLog query_;
  LogEncoder encoder_;
  const ContentCoding coding_;
  std::unique_ptr<Compressor> compressor_;
  std::string first_;
};

Response header_of(LogForm form, ContentCoding coding) {
  Response response;
  response.content_type = form == LogForm::cbor ? log_media_type : ndjson_media_type;
  response.headers =
      "Cache-Control: no-cache\r\nVary: Accept, Accept-Encoding\r\n"
      "X-Content-Type-Options: nosniff\r\n";
  if (coding != ContentCoding::identity) {
    response.headers.append("Content-Encoding: ").append(name_of(coding)).append("\r\n");
  }
  return response;
}

}  // namespace

LogEncoder::LogEncoder(LogForm form)
    : writer(form == LogForm::cbor ? cbor_writer(bytes) : ndjson_writer(bytes)) {}

Response log_answer(Store& store, ReadLog query, LogPiece first, std::string first_bytes,
                    LogForm form, ContentCoding coding) {
  if (!pays(coding, first_bytes)) coding = ContentCoding::identity;
  Response response = header_of(form, coding);
  const bool plain = coding == ContentCoding::identity;
  // The ids of one transaction can be much more than a piece should have.
  if (!first.resume && (plain || first_bytes.size() <= bounds::log_coded_piece_bytes)) {
    response.body =
        plain ? std::move(first_bytes) : compressed(*Compressor::make(coding), first_bytes, true);
    return response;
  }
  query.resume = std::move(first.resume);
  response.source =
      std::make_shared<LogSource>(store, std::move(query), form, coding, std::move(first_bytes));
  return response;
}

}  // namespace mentat_sync
