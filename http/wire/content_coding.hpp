// Content codings: which one a peer accepts, and compressing and decompressing in pieces.
//
// Thread-safety: functions are pure; a Compressor or Decompressor belongs to one stream.
// Failures: std::bad_alloc, and for input that is not in the coding a Status.
// Source: RFC 9110 12.5.3 (Accept-Encoding), RFC 1952 (gzip), RFC 8878 (zstd).
#pragma once

#include "storage/result.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mentat_sync {

enum class ContentCoding { identity, gzip, zstd };

/// As Content-Encoding names it: "identity", "gzip", "zstd".
std::string_view name_of(ContentCoding coding);

/// The coding of a Content-Encoding field with one member, in any case ("x-gzip" is gzip, an empty
/// one identity); nothing for one that we do not know.
std::optional<ContentCoding> coding_named(std::string_view content_encoding);

/// The acceptable coding of the highest quality: of equals zstd, then gzip, then identity, so that
/// identity is chosen when no other is named, or when it is preferred by a higher quality. Nothing
/// when the field forbids all three. A member that is not well-formed is passed over.
std::optional<ContentCoding> choose_coding(std::string_view accept_encoding);

/// One stream of bytes into its coded form.
class Compressor {
 public:
  static std::unique_ptr<Compressor> make(ContentCoding coding);
  virtual ~Compressor() = default;

  /// Appends to `out` what `in` gives, which may be nothing yet. With `last` the stream is ended,
  /// and nothing may follow. Throws std::bad_alloc at most.
  virtual void compress(std::string_view in, bool last, std::string& out) = 0;
};

/// A coded stream back into bytes. Several members (gzip) or frames (zstd) in a row are one stream.
class Decompressor {
 public:
  /// One that gives no more than `max_bytes` in all: ErrorCode::full beyond it.
  static std::unique_ptr<Decompressor> make(
      ContentCoding coding, std::uint64_t max_bytes = std::numeric_limits<std::uint64_t>::max());
  virtual ~Decompressor() = default;

  /// Appends to `out` all that `in` gives. A few bytes of zstd may stand for 128 KiB, a byte of
  /// gzip for 1 KiB: who bounds memory feeds small pieces. ErrorCode::invalid when `in` is not in
  /// the coding; nothing may be fed after it.
  virtual Status decompress(std::string_view in, std::string& out) = 0;

  /// Once no more bytes come: ok when the stream was whole, otherwise that it was cut off.
  virtual Status finish() const = 0;
};

}  // namespace mentat_sync
