// Decoder: takes a stored record apart, from front to back.
//
// Thread-safety: a value type.
// Lifetime: refers to the record; so do the views that it gives.
// Failures: throws CorruptRecord where the record ends too soon, or says what no record can.
#pragma once

#include "storage/lmdb/failure.hpp"
#include "storage/lmdb/format.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <endian.h>

namespace mentat_sync::format {

inline constexpr std::size_t sha256_bytes = 32;

class Decoder {
 public:
  explicit Decoder(Bytes bytes) : rest_(bytes) {}

  Bytes take(std::size_t size) {
    if (rest_.size() < size) throw CorruptRecord{"a stored record is too short"};
    const Bytes taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  std::uint8_t u8() { return static_cast<std::uint8_t>(take(1).front()); }
  std::uint32_t u32() { return be32toh(copy<std::uint32_t>()); }
  std::uint64_t u64() { return be64toh(copy<std::uint64_t>()); }

  Uuid uuid() { return copy<Uuid>(); }

  ChunkId chunk_id() {
    const auto id = unpack(packed_id());
    if (!id) throw no_chunk_id();
    return *id;
  }

  /// Of which unpack() makes an id.
  PackedIdView valid_packed_id() {
    const PackedIdView packed = packed_id();
    if (packed.form == IdForm::text && !ChunkId::parse(packed.bytes)) throw no_chunk_id();
    return packed;
  }

  Bytes rest() const { return rest_; }

  void expect_end() const {
    if (!rest_.empty()) throw CorruptRecord{"a stored record is too long"};
  }

 private:
  /// Records are not aligned.
  template <class T>
  T copy() {
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }

  PackedIdView packed_id() {
    const IdForm form{u8()};
    switch (form) {
      case IdForm::text:
        return {form, take(u8())};
      case IdForm::sha256:
        return {form, take(sha256_bytes)};
      case IdForm::uuid:
        return {form, take(sizeof(Uuid))};
    }
    throw CorruptRecord{"a stored chunk id has an unknown form"};
  }

  static CorruptRecord no_chunk_id() {
    return CorruptRecord{"a stored chunk id has characters that no chunk id has"};
  }

  Bytes rest_;
};

}  // namespace mentat_sync::format
