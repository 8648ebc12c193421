// What a check looks at across logs: whose the payloads are; and the hashes of chunks.
#include "storage/bounds.hpp"
#include "storage/lmdb/store_check.hpp"
#include "storage/lmdb/tables.hpp"
#include "storage/sha256.hpp"

#include <cstring>

namespace mentat_sync {
namespace {

using format::Bytes;
using format::Kind;
using format::StoreId;

constexpr std::size_t kind_prefix_bytes = 9;

/// The chunk's key's parts, or nothing for what is no chunk.
bool is_chunk(Bytes key) {
  return key.size() > kind_prefix_bytes && format::kind_of(key) == Kind::chunk;
}

}  // namespace

/// A payload that was no chunk's, or two chunks', at different times may have been given a new
/// owner in between. In one snapshot it is either so or not.
void StoreCheck::check_suspects() {
  if (!payloads_read_ || !logs_read_) return;  // what is missing would be suspected
  store_.begin();
  NumberSet suspects;
  twice_.each_not_in(NumberSet{}, [&](std::uint64_t payload) { suspects.add(payload); });
  payloads_.each_not_in(owned_, [&](std::uint64_t payload) {
    if (store_.find(store_.trees().payloads, integer_key(payload))) suspects.add(payload);
  });
  if (suspects.size() == 0) return;
  NumberSet owned;
  count_owners(suspects, owned);
  suspects.each_not_in(owned, [&](std::uint64_t payload) {
    if (!store_.find(store_.trees().payloads, integer_key(payload))) return;
    found("payload " + std::to_string(payload), "it belongs to no chunk");
  });
}

void StoreCheck::count_owners(const NumberSet& suspects, NumberSet& owned) {
  TreeCursor at{store_.pages(), store_.trees().logs};
  for (bool more = at.first(); more; more = at.next()) {
    if (!is_chunk(at.key())) continue;
    try {
      const auto record = format::decode_chunk(at.value());
      if (!suspects.contains(record.payload) || owned.add(record.payload)) continue;
      const auto id = format::decode_chunk_id(at.key().substr(kind_prefix_bytes));
      found(name_of(format::store_of(at.key())), "chunk " + id.to_string() + " shares payload " +
                                                     std::to_string(record.payload) +
                                                     " with another chunk");
    } catch (const CorruptRecord&) {  // it has been told of
    }
  }
}

// --- Hashes ------------------------------------------------------------------------------------

/// In pages of their own: a chunk never changes, so it does not matter when it is looked at.
void StoreCheck::check_hashes(std::optional<StoreId> only) {
  std::string after;
  std::string end;
  if (only) {
    after = std::string{format::kind_prefix(*only, Kind::chunk).bytes()};
    end = std::string{format::store_prefix(*only).bytes()};
  }
  do {
    rest(CheckStage::hashes, report_.hashed_bytes, hashable_bytes_);
  } while (hash_page(after, end));
}

/// Goes on after the key `after` as long as keys begin with `prefix`.
bool StoreCheck::hash_page(std::string& after, const std::string& prefix) {
  const std::uint64_t until = report_.hashed_bytes + bounds::check_bytes_page;
  TreeCursor at{store_.pages(), store_.trees().logs};
  bool more = after.empty() ? at.first() : at.seek(after);
  for (; more && at.key().starts_with(prefix); more = at.next()) {
    if (at.key() == after) continue;
    if (read_records_ >= bounds::check_records_page || report_.hashed_bytes >= until) return true;
    read_records_ += 1;
    after = std::string{at.key()};
    if (!is_chunk(at.key())) continue;
    const std::string where = name_of(format::store_of(at.key()));
    guard(where, [&] { hash_chunk(at.key(), at.value()); });
  }
  return false;
}

void StoreCheck::hash_chunk(Bytes key, Bytes value) {
  const ChunkId id = format::decode_chunk_id(key.substr(kind_prefix_bytes));
  if (!id.is_sha256()) return;
  const auto record = format::decode_chunk(value);
  auto bytes = store_.find(store_.trees().payloads, integer_key(record.payload));
  if (!bytes) return;  // it has been told of
  bytes->append(record.tail);
  report_.hashed_chunks += 1;
  report_.hashed_bytes += bytes->size();
  if (!is_sha256_of(id, *bytes)) {
    found(name_of(format::store_of(key)),
          "the bytes of chunk " + id.to_string() + " do not have it as their SHA-256");
  }
}

}  // namespace mentat_sync
