// A store in a directory of its own, for the tests of the commands that open the files themselves.
#pragma once

#include "storage/lmdb_store.hpp"
#include "support/temporary_directory.hpp"

#include <cstdint>
#include <filesystem>

namespace mentat_sync {

inline const UserId local_user = *UserId::parse("11111111-1111-4111-8111-111111111111");
inline const UserId other_local_user = *UserId::parse("22222222-2222-4222-8222-222222222222");

TransactionId local_transaction(std::uint8_t number);

/// Closed but for the time of each call: the commands open it again.
class LocalStore {
 public:
  const std::filesystem::path& directory() const { return directory_.path(); }

  void submit(const std::vector<Command>& commands) const;

  /// Committed 1 and 2, a dead fork 3 from 1, 4 pending on HEAD, and a chunk that nothing names.
  void put_forks() const;

  Summary summary(UserId user) const;

 private:
  TemporaryDirectory directory_;
};

}  // namespace mentat_sync
