// Compressing a stream in pieces, by zlib and zstd.
#include "http/wire/content_coding.hpp"

#include <algorithm>
#include <cstddef>
#include <new>
#include <zlib.h>
#include <zstd.h>

namespace mentat_sync {
namespace {

/// Room that is added to the output at a time.
constexpr std::size_t step_bytes = std::size_t{16} * 1024;

class IdentityCompressor final : public Compressor {
 public:
  void compress(std::string_view in, bool /*last*/, std::string& out) override { out.append(in); }
};

class GzipCompressor final : public Compressor {
 public:
  GzipCompressor() {
    // 16 more than the window's bits asks for gzip. The fastest level: an I/O thread compresses,
    // and who wants it smaller names zstd.
    constexpr int window_bits = 15 + 16;
    constexpr int memory_level = 8;
    if (deflateInit2(&stream_, Z_BEST_SPEED, Z_DEFLATED, window_bits, memory_level,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~GzipCompressor() override { deflateEnd(&stream_); }
  GzipCompressor(const GzipCompressor&) = delete;
  GzipCompressor& operator=(const GzipCompressor&) = delete;

  void compress(std::string_view in, bool last, std::string& out) override {
    // zlib counts in unsigned int.
    constexpr std::size_t piece_max = std::size_t{1} << 30;
    while (in.size() > piece_max) {
      deflate_piece(in.substr(0, piece_max), Z_NO_FLUSH, out);
      in.remove_prefix(piece_max);
    }
    deflate_piece(in, last ? Z_FINISH : Z_NO_FLUSH, out);
  }

 private:
  void deflate_piece(std::string_view in, int flush, std::string& out) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(in.size());
    do {
      const std::size_t begin = out.size();
      out.resize(begin + step_bytes);
      stream_.next_out = reinterpret_cast<Bytef*>(out.data() + begin);
      stream_.avail_out = step_bytes;
      deflate(&stream_, flush);
      out.resize(out.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }

  z_stream stream_{};
};

class ZstdCompressor final : public Compressor {
 public:
  ZstdCompressor() {
    if (context_ == nullptr) throw std::bad_alloc();
    // With a checksum a damaged stream is told from a whole one, as gzip's does.
    ZSTD_CCtx_setParameter(context_, ZSTD_c_checksumFlag, 1);
    ZSTD_CCtx_setParameter(context_, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context_, ZSTD_c_windowLog, window_log);
  }
  ~ZstdCompressor() override { ZSTD_freeCCtx(context_); }
  ZstdCompressor(const ZstdCompressor&) = delete;
  ZstdCompressor& operator=(const ZstdCompressor&) = delete;

  void compress(std::string_view in, bool last, std::string& out) override {
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    for (bool done = false; !done;) {
      const std::size_t begin = out.size();
      out.resize(begin + step_bytes);
      ZSTD_outBuffer output{out.data() + begin, step_bytes, 0};
      const std::size_t rest =
          ZSTD_compressStream2(context_, &output, &input, last ? ZSTD_e_end : ZSTD_e_continue);
      // The only errors of valid parameters and buffers are those of memory.
      if (ZSTD_isError(rest) != 0) throw std::bad_alloc();
      out.resize(begin + output.pos);
      done = last ? rest == 0 : input.pos == input.size;
    }
  }

 private:
  // A server has as many streams as readers: these take about 1.3 MiB each, level 3 twice that.
  static constexpr int level = 1;
  static constexpr int window_log = 19;

  ZSTD_CCtx* context_ = ZSTD_createCCtx();
};

}  // namespace

std::unique_ptr<Compressor> Compressor::make(ContentCoding coding) {
  switch (coding) {
    case ContentCoding::gzip:
      return std::make_unique<GzipCompressor>();
    case ContentCoding::zstd:
      return std::make_unique<ZstdCompressor>();
    case ContentCoding::identity:
      break;
  }
  return std::make_unique<IdentityCompressor>();
}

}  // namespace mentat_sync
