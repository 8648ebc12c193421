// The inspection of a store, a short read transaction after another.
#include "storage/bounds.hpp"
#include "storage/inspection.hpp"
#include "storage/lmdb/inspection.hpp"
#include "storage/lmdb/read_only_environment.hpp"
#include "storage/lmdb/user_list.hpp"

#include <algorithm>
#include <iterator>

namespace mentat_sync {
namespace {

using format::StoreId;

/// Nothing is wrong with the store, but what was read so far is of no use.
struct DeletedMeanwhile {};

/// The log of one generation is all that later pages may go on with.
void check_still_there(const LogReader& log, UserId user, StoreId store) {
  if (log.find_store(user) == store) return;
  throw DeletedMeanwhile{};
}

template <class Answer, class Read>
Result<Answer> answer(Read read) {
  try {
    return read();
  } catch (const LmdbFailure& failure) {
    return to_status(failure);
  } catch (const CorruptRecord& record) {
    return Status{ErrorCode::corrupt, record.what()};
  } catch (const DeletedMeanwhile&) {
    return Status{ErrorCode::unavailable, "the log was deleted while it was being read; try again"};
  }
}

Summary summary_of(const format::LogState& state) {
  return {.head = state.head,
          .seq = state.seq,
          .transaction_count = state.seq,
          .transaction_bytes = state.transaction_bytes,
          .chunk_count = state.chunk_count,
          .chunk_bytes = state.chunk_bytes};
}

}  // namespace

class StoreInspector::Impl {
 public:
  Impl(std::unique_ptr<ReadOnlyEnvironment> environment, const CollectionRules& rules)
      : environment_(std::move(environment)), rules_(rules) {}

  Inspection inspect(UserId user, std::uint64_t committed_limit) {
    Inspection inspection;
    inspection.now_ms = wall_clock_ms();
    const auto store = read_state(user, inspection);
    if (!store) return inspection;
    read_committed(user, *store, committed_limit, inspection);
    inspection.unreferenced = read_unreferenced(user, *store, inspection.now_ms);
    return inspection;
  }

  GarbageEstimate estimate(UserId user) {
    GarbageEstimate estimate;
    const std::uint64_t now_ms = wall_clock_ms();
    const auto store = read_collectable(user, now_ms, estimate);
    if (!store) return estimate;
    const auto unreferenced = read_unreferenced(user, *store, now_ms);
    estimate.chunks += unreferenced.collectable;
    estimate.chunk_bytes += unreferenced.collectable_bytes;
    return estimate;
  }

  bool knows(UserId user) {
    const ReadOnlyTxn txn = environment_->begin();
    return reader(txn).find_store(user).has_value();
  }

  UserPage list(const ListUsers& query) {
    const ReadOnlyTxn txn = environment_->begin();
    return list_users(txn.get(), environment_->tables(), query);
  }

 private:
  LogReader reader(const ReadOnlyTxn& txn) const { return {txn.get(), environment_->tables()}; }

  LogInspector inspector(const ReadOnlyTxn& txn, StoreId store) const {
    return {txn.get(), environment_->tables(), rules_, store};
  }

  std::optional<StoreId> read_state(UserId user, Inspection& inspection) {
    const ReadOnlyTxn txn = environment_->begin();
    inspection.purges = purges_of(txn, user);
    const auto store = reader(txn).find_store(user);
    if (!store) return std::nullopt;
    auto log = inspector(txn, *store);
    inspection.begun = true;
    inspection.generation = static_cast<std::uint64_t>(*store);
    inspection.summary = summary_of(log.state());
    inspection.pending = log.state().pending;
    inspection.dead = log.state().pending_entries - log.state().pending;
    inspection.uncommitted = log.uncommitted();
    return store;
  }

  std::uint64_t purges_of(const ReadOnlyTxn& txn, UserId user) const {
    const Cursor cursor{txn.get(), environment_->tables().purges};
    MDB_val key{};
    MDB_val value{};
    std::uint64_t count = 0;
    int code = MDB_SUCCESS;
    while ((code = mdb_cursor_get(cursor.get(), &key, &value, MDB_NEXT)) == MDB_SUCCESS) {
      if (format::decode_uuid(to_bytes(value)) == user.uuid) ++count;
    }
    if (code != MDB_NOTFOUND) check("mdb_cursor_get", code);
    return count;
  }

  /// What is committed stays as it is, so that pages of different times are one log.
  void read_committed(UserId user, StoreId store, std::uint64_t limit, Inspection& inspection) {
    std::uint64_t last = inspection.summary.seq;
    const std::uint64_t end = limit == 0 || limit > last ? 0 : last - limit;
    while (last > end) {
      const ReadOnlyTxn txn = environment_->begin();
      check_still_there(reader(txn), user, store);
      const std::uint64_t first = last - std::min(last - end, bounds::inspect_committed_page);
      auto page = inspector(txn, store).committed(first + 1, last);
      std::move(page.begin(), page.end(), std::back_inserter(inspection.committed));
      last = first;
    }
  }

  InspectedChunks read_unreferenced(UserId user, StoreId store, std::uint64_t now_ms) {
    InspectedChunks chunks;
    std::string last;
    for (bool more = true; more;) {
      const ReadOnlyTxn txn = environment_->begin();
      check_still_there(reader(txn), user, store);
      const auto log = inspector(txn, store);
      if (log.state().unreferenced == 0 && last.empty()) break;
      more = log.add_unreferenced(now_ms, last, chunks);
    }
    return chunks;
  }

  std::optional<StoreId> read_collectable(UserId user, std::uint64_t now_ms,
                                          GarbageEstimate& estimate) {
    const ReadOnlyTxn txn = environment_->begin();
    const auto store = reader(txn).find_store(user);
    if (!store) return std::nullopt;
    auto log = inspector(txn, *store);
    log.add_collectable(log.uncommitted(), now_ms, estimate);
    return store;
  }

  const std::unique_ptr<ReadOnlyEnvironment> environment_;
  const GarbageRules rules_;
};

Result<std::unique_ptr<StoreInspector>> StoreInspector::open(const std::filesystem::path& directory,
                                                             const CollectionRules& rules) {
  auto environment = ReadOnlyEnvironment::open(directory);
  if (!environment) return environment.status();
  auto impl = std::make_unique<Impl>(std::move(environment).value(), rules);
  return std::unique_ptr<StoreInspector>{new StoreInspector{std::move(impl)}};
}

StoreInspector::StoreInspector(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
StoreInspector::~StoreInspector() = default;

Result<Inspection> StoreInspector::inspect(UserId user, std::uint64_t committed_limit) {
  return answer<Inspection>([&] { return impl_->inspect(user, committed_limit); });
}

Result<GarbageEstimate> StoreInspector::estimate(UserId user) {
  return answer<GarbageEstimate>([&] { return impl_->estimate(user); });
}

Result<bool> StoreInspector::knows(UserId user) {
  return answer<bool>([&] { return impl_->knows(user); });
}

Result<UserPage> StoreInspector::list(const ListUsers& query) {
  return answer<UserPage>([&] { return impl_->list(query); });
}

}  // namespace mentat_sync
