// VerifiedTokens: remembers what tokens granted, for verifying a signature takes an I/O thread much
// longer than most requests do.
//
// Thread-safety: all functions may be called from any thread. A mutex for each of the shards
// protects its table, for one look-up.
// Units and shapes: at most bounds::jwt_remembered tokens, each for bounds::jwt_remembered_for and
// never beyond its expiry. A token is known by its SHA-256, so that none is in memory, nor in a
// core file.
#pragma once

#include "http/auth/authenticator.hpp"
#include "storage/bounds.hpp"
#include "storage/sha256.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace mentat_sync {

class VerifiedTokens {
 public:
  using Time = std::chrono::system_clock::time_point;

  std::optional<Grant> find(const Sha256& token, Time now) const;
  void remember(const Sha256& token, const Grant& grant, Time expires, Time now);
  std::size_t size() const;

 private:
  struct Entry {
    Grant grant;
    Time until;
    Time since;
  };
  struct FirstBytes {
    std::size_t operator()(const Sha256& digest) const {
      std::size_t hash = 0;
      std::memcpy(&hash, digest.data(), sizeof hash);
      return hash;
    }
  };
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<Sha256, Entry, FirstBytes> entries;
    /// When it was last rid of what has expired.
    Time swept{};

    void make_room(Time now);
  };

  static constexpr std::size_t shards = 16;
  static constexpr std::size_t shard_entries = bounds::jwt_remembered / shards;

  Shard& shard_of(const Sha256& token) const { return shards_[token.back() % shards]; }

  mutable std::array<Shard, shards> shards_;
};

}  // namespace mentat_sync
