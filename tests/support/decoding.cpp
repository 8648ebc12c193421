// zlib and zstd, each over one whole stream.
#include "support/decoding.hpp"

#include "support/http_client.hpp"

#include <array>
#include <memory>
#include <zlib.h>
#include <zstd.h>

namespace mentat_sync {

std::string decode_gzip(std::string_view coded) {
  constexpr int gzip_window_bits = 15 + 16;
  z_stream stream{};
  if (inflateInit2(&stream, gzip_window_bits) != Z_OK) throw HttpError("inflateInit2");
  std::string copy{coded};
  stream.next_in = reinterpret_cast<Bytef*>(copy.data());
  stream.avail_in = static_cast<uInt>(copy.size());
  std::string plain;
  std::array<char, 64 * 1024> out;
  int code = Z_OK;
  while (code == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = out.size();
    code = inflate(&stream, Z_NO_FLUSH);
    plain.append(out.data(), out.size() - stream.avail_out);
  }
  const bool whole = code == Z_STREAM_END && stream.avail_in == 0;
  inflateEnd(&stream);
  if (!whole) throw HttpError("not one whole gzip stream");
  return plain;
}

std::string decode_zstd(std::string_view coded) {
  const std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream{ZSTD_createDStream(),
                                                                          &ZSTD_freeDStream};
  ZSTD_inBuffer in{coded.data(), coded.size(), 0};
  std::string plain;
  std::array<char, 64 * 1024> bytes;
  std::size_t hint = 1;
  bool full = false;
  while (in.pos < in.size || full) {
    ZSTD_outBuffer out{bytes.data(), bytes.size(), 0};
    hint = ZSTD_decompressStream(stream.get(), &out, &in);
    if (ZSTD_isError(hint) != 0) throw HttpError("not zstd");
    plain.append(bytes.data(), out.pos);
    full = out.pos == out.size;
  }
  if (hint != 0) throw HttpError("zstd that is cut off");
  return plain;
}

}  // namespace mentat_sync
