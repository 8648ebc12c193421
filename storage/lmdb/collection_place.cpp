// The codec of a place: phase | changed | store:u64 | climb:uuid | last.
#include "storage/lmdb/collection_place.hpp"

#include <cstring>
#include <string_view>

namespace mentat_sync {
namespace {

constexpr std::size_t climb_at = 2 + sizeof(std::uint64_t);
constexpr std::size_t last_at = climb_at + sizeof(Uuid);
/// A key of `logs` begins with store and kind.
constexpr std::size_t last_bytes_max = format::Key::capacity - 9;

}  // namespace

std::string CollectionPlace::encode(format::StoreId store) const {
  std::string bytes;
  bytes += static_cast<char>(phase);
  bytes += static_cast<char>(changed);
  bytes += format::encode(static_cast<std::uint64_t>(store));
  bytes += format::encode(climb.uuid);
  bytes += last;
  return bytes;
}

CollectionPlace CollectionPlace::decode(std::string_view bytes, format::StoreId store) {
  if (bytes.size() < last_at || bytes.size() > last_at + last_bytes_max) return {};
  if (format::store_of(bytes.substr(2)) != store) return {};
  const auto phase = static_cast<std::uint8_t>(bytes[0]);
  if (phase < 1 || phase > 3) return {};
  CollectionPlace place;
  place.phase = Phase{phase};
  place.changed = bytes[1] != 0;
  place.climb = TransactionId{format::decode_uuid(bytes.substr(climb_at, sizeof(Uuid)))};
  place.last = bytes.substr(last_at);
  return place;
}

}  // namespace mentat_sync
