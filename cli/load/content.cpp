// Eight bytes at a time, of a random number generator that the id is the seed of.
#include "cli/load/content.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace mentat_sync {
namespace {

struct Halves {
  std::uint64_t high;
  std::uint64_t low;
};

Halves halves_of(const Uuid& uuid) {
  Halves halves{};
  std::memcpy(&halves.high, uuid.bytes.data(), sizeof halves.high);
  std::memcpy(&halves.low, uuid.bytes.data() + sizeof halves.high, sizeof halves.low);
  return halves;
}

/// With the version and the variant of a random one.
Uuid uuid_of(const Halves& halves) {
  Uuid uuid;
  std::memcpy(uuid.bytes.data(), &halves.high, sizeof halves.high);
  std::memcpy(uuid.bytes.data() + sizeof halves.high, &halves.low, sizeof halves.low);
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0FU) | 0x40U);
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3FU) | 0x80U);
  return uuid;
}

std::uint64_t hash_of(const Uuid& uuid) {
  const auto halves = halves_of(uuid);
  return mixed(halves.high ^ mixed(halves.low));
}

}  // namespace

Uuid random_uuid(Random& random) {
  const auto high = random.next();
  return uuid_of({high, random.next()});
}

Uuid chunk_of(const TransactionId& transaction, std::uint32_t number) {
  Random random{hash_of(transaction.uuid) + number};
  return random_uuid(random);
}

std::uint64_t size_of_chunk(const Uuid& chunk, const ChunkSizes& sizes) {
  return sizes.draw(mixed(hash_of(chunk) + 1));
}

void make_content(const Uuid& chunk, std::uint64_t bytes, std::string& content) {
  Random random{hash_of(chunk)};
  content.resize(bytes);
  for (std::size_t at = 0; at < bytes; at += sizeof(std::uint64_t)) {
    const auto word = random.next();
    std::memcpy(content.data() + at, &word, std::min<std::size_t>(sizeof word, bytes - at));
  }
}

bool is_content_of(const Uuid& chunk, std::string_view content) {
  Random random{hash_of(chunk)};
  for (std::size_t at = 0; at < content.size(); at += sizeof(std::uint64_t)) {
    const auto word = random.next();
    const auto size = std::min(sizeof word, content.size() - at);
    if (std::memcmp(content.data() + at, &word, size) != 0) return false;
  }
  return true;
}

UserId user_of(std::uint64_t seed, std::uint64_t number) {
  Random random{mixed(seed) ^ mixed(number + 0x5DEECE66DU)};
  return {random_uuid(random)};
}

}  // namespace mentat_sync
