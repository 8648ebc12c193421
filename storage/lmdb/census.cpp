// Counting: the tables' roots, and the state of each log.
#include "storage/census.hpp"

#include "storage/bounds.hpp"
#include "storage/lmdb/free_pages.hpp"
#include "storage/lmdb/store_pages.hpp"

#include <algorithm>
#include <system_error>

namespace mentat_sync {
namespace {

using format::StoreId;

TableCensus census_of(const char* name, const TreeRoot& root) {
  return {.name = name,
          .entries = root.entries,
          .branch_pages = root.branch_pages,
          .leaf_pages = root.leaf_pages,
          .overflow_pages = root.overflow_pages,
          .depth = root.depth};
}

LogCensus census_of(const format::LogState& state) {
  return {.transactions = state.seq,
          .transaction_bytes = state.transaction_bytes,
          .pending = state.pending,
          .dead = state.pending_entries - std::min(state.pending, state.pending_entries),
          .uncommitted_bytes = state.uncommitted_bytes,
          .chunks = state.chunk_count,
          .chunk_bytes = state.chunk_bytes,
          .unreferenced = state.unreferenced};
}

void add(LogCensus& sum, const LogCensus& log) {
  sum.transactions += log.transactions;
  sum.transaction_bytes += log.transaction_bytes;
  sum.pending += log.pending;
  sum.dead += log.dead;
  sum.uncommitted_bytes += log.uncommitted_bytes;
  sum.chunks += log.chunks;
  sum.chunk_bytes += log.chunk_bytes;
  sum.unreferenced += log.unreferenced;
}

class CensusTaker {
 public:
  CensusTaker(StorePages& store, std::size_t largest) : store_(store), largest_(largest) {}

  Census take() {
    store_.begin();
    count_file();
    std::string after;
    while (count_users(after)) store_.begin();
    store_.end();
    return std::move(census_);
  }

 private:
  void count_file() {
    const MetaPage& meta = store_.meta_page();
    const StoreTrees& trees = store_.trees();
    census_.format_version = format::version;
    census_.page_bytes = meta.page_bytes;
    census_.file_bytes = store_.file().file_bytes();
    census_.map_bytes = meta.map_bytes;
    census_.pages = meta.last_page + 1;
    census_.free_pages = count_free_pages(store_, 0);
    census_.tables = {census_of("meta", trees.meta.root), census_of("users", trees.users.root),
                      census_of("logs", trees.logs.root),
                      census_of("payloads", trees.payloads.root),
                      census_of("purges", trees.purges.root)};
    census_.purges = trees.purges.root.entries;
  }

  /// A page of them, those after `after`. False: there are no more.
  bool count_users(std::string& after) {
    TreeCursor at{store_.pages(), store_.trees().users};
    std::size_t seen = 0;
    for (bool more = at.seek(after); more; more = at.next()) {
      if (at.key() == after) continue;
      if (seen++ == bounds::check_records_page) return true;
      after = std::string{at.key()};
      count_user(UserId{format::decode_uuid(at.key())}, StoreId{format::decode_u64(at.value())});
    }
    return false;
  }

  void count_user(UserId user, StoreId store) {
    const auto state = store_.find(store_.trees().logs, format::state_key(store).bytes());
    if (!state) throw CorruptRecord{"the log of user " + user.to_string() + " has no state"};
    const LogCensus log = census_of(format::decode_state(*state));
    census_.users += 1;
    add(census_.all, log);
    keep_if_large({user, log});
  }

  void keep_if_large(const UserCensus& user) {
    auto& kept = census_.largest;
    const auto larger = [](const UserCensus& a, const UserCensus& b) {
      return a.log.bytes() > b.log.bytes();
    };
    kept.insert(std::upper_bound(kept.begin(), kept.end(), user, larger), user);
    if (kept.size() > largest_) kept.pop_back();
  }

  StorePages& store_;
  const std::size_t largest_;
  Census census_;
};

}  // namespace

Result<Census> take_census(const std::filesystem::path& directory, std::size_t largest) {
  const auto opened = StorePages::open_directory(directory);
  if (!opened) return opened.status();
  try {
    return CensusTaker{**opened, largest}.take();
  } catch (const LmdbFailure& failure) {
    return to_status(failure);
  } catch (const UnknownFormat& unknown) {
    return Status{ErrorCode::invalid, (directory / "data.mdb").string() + ": " + unknown.what()};
  } catch (const CorruptRecord& record) {
    return Status{ErrorCode::corrupt, std::string{"the store is damaged: "} + record.what()};
  } catch (const std::system_error& failure) {
    return Status{ErrorCode::io, std::string{"cannot read the store: "} + failure.what()};
  }
}

}  // namespace mentat_sync
