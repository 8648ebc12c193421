// Decompressing a stream in pieces, by zlib and zstd, into no more than a bound.
#include "http/wire/content_coding.hpp"
#include "storage/bounds.hpp"

#include <algorithm>
#include <cstddef>
#include <new>
#include <zlib.h>
#include <zstd.h>

namespace mentat_sync {
namespace {

/// Room that is added to the output at a time.
constexpr std::size_t step_bytes = std::size_t{64} * 1024;

Status malformed(ContentCoding coding, const char* why) {
  return {ErrorCode::invalid,
          "malformed " + std::string(name_of(coding)) + ": " + (why != nullptr ? why : "damaged")};
}

Status cut_off(ContentCoding coding) {
  return {ErrorCode::invalid, "the " + std::string(name_of(coding)) + " stream was cut off"};
}

/// Counts what comes out, and refuses more than a bound.
class OutputBound {
 public:
  explicit OutputBound(std::uint64_t max_bytes) : max_bytes_(max_bytes), left_(max_bytes) {}

  Status add(std::uint64_t bytes) {
    if (bytes <= left_) {
      left_ -= bytes;
      return {};
    }
    return {ErrorCode::full, "more than " + std::to_string(max_bytes_) + " bytes, decompressed"};
  }

 private:
  std::uint64_t max_bytes_;
  std::uint64_t left_;
};

class IdentityDecompressor final : public Decompressor {
 public:
  explicit IdentityDecompressor(std::uint64_t max_bytes) : bound_(max_bytes) {}

  Status decompress(std::string_view in, std::string& out) override {
    if (Status status = bound_.add(in.size()); !status.ok()) return status;
    out.append(in);
    return {};
  }
  Status finish() const override { return {}; }

 private:
  OutputBound bound_;
};

class GzipDecompressor final : public Decompressor {
 public:
  explicit GzipDecompressor(std::uint64_t max_bytes) : bound_(max_bytes) {
    constexpr int window_bits = 15 + 16;  // 16 more: gzip, and nothing else
    if (inflateInit2(&stream_, window_bits) != Z_OK) throw std::bad_alloc();
  }
  ~GzipDecompressor() override { inflateEnd(&stream_); }
  GzipDecompressor(const GzipDecompressor&) = delete;
  GzipDecompressor& operator=(const GzipDecompressor&) = delete;

  Status decompress(std::string_view in, std::string& out) override {
    // zlib counts in unsigned int.
    constexpr std::size_t piece_max = std::size_t{1} << 30;
    while (!in.empty()) {
      const auto piece = in.substr(0, piece_max);
      if (Status status = inflate_piece(piece, out); !status.ok()) return status;
      in.remove_prefix(piece.size());
    }
    return {};
  }

  Status finish() const override { return whole_ ? Status() : cut_off(ContentCoding::gzip); }

 private:
  Status inflate_piece(std::string_view in, std::string& out) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(in.size());
    do {
      if (whole_) inflateReset(&stream_);  // the next member
      whole_ = false;
      const std::size_t begin = out.size();
      out.resize(begin + step_bytes);
      stream_.next_out = reinterpret_cast<Bytef*>(out.data() + begin);
      stream_.avail_out = step_bytes;
      const int result = inflate(&stream_, Z_NO_FLUSH);
      out.resize(out.size() - stream_.avail_out);
      if (result == Z_MEM_ERROR) throw std::bad_alloc();
      // Z_BUF_ERROR: all of this piece was read, and nothing was left to write.
      if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
        return malformed(ContentCoding::gzip, stream_.msg);
      }
      if (Status status = bound_.add(out.size() - begin); !status.ok()) return status;
      whole_ = result == Z_STREAM_END;
    } while (stream_.avail_in > 0 || (stream_.avail_out == 0 && !whole_));
    return {};
  }

  OutputBound bound_;
  z_stream stream_{};
  /// At the end of a member.
  bool whole_ = false;
};

class ZstdDecompressor final : public Decompressor {
 public:
  explicit ZstdDecompressor(std::uint64_t max_bytes) : bound_(max_bytes) {
    if (context_ == nullptr) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, bounds::zstd_window_log_max);
  }
  ~ZstdDecompressor() override { ZSTD_freeDCtx(context_); }
  ZstdDecompressor(const ZstdDecompressor&) = delete;
  ZstdDecompressor& operator=(const ZstdDecompressor&) = delete;

  Status decompress(std::string_view in, std::string& out) override {
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    bool filled = false;
    while (input.pos < input.size || filled) {
      const std::size_t begin = out.size();
      out.resize(begin + step_bytes);
      ZSTD_outBuffer output{out.data() + begin, step_bytes, 0};
      const std::size_t rest = ZSTD_decompressStream(context_, &output, &input);
      out.resize(begin + output.pos);
      if (ZSTD_isError(rest) != 0) return malformed(ContentCoding::zstd, ZSTD_getErrorName(rest));
      if (Status status = bound_.add(output.pos); !status.ok()) return status;
      whole_ = rest == 0;
      filled = output.pos == step_bytes && !whole_;
    }
    return {};
  }

  Status finish() const override { return whole_ ? Status() : cut_off(ContentCoding::zstd); }

 private:
  OutputBound bound_;
  ZSTD_DCtx* context_ = ZSTD_createDCtx();
  /// At the end of a frame.
  bool whole_ = false;
};

}  // namespace

std::unique_ptr<Decompressor> Decompressor::make(ContentCoding coding, std::uint64_t max_bytes) {
  switch (coding) {
    case ContentCoding::gzip:
      return std::make_unique<GzipDecompressor>(max_bytes);
    case ContentCoding::zstd:
      return std::make_unique<ZstdDecompressor>(max_bytes);
    case ContentCoding::identity:
      break;
  }
  return std::make_unique<IdentityDecompressor>(max_bytes);
}

}  // namespace mentat_sync
