// The stages of a check: the pages, the payloads there are, each log, what looked wrong across
// logs, and the hashes.
#include "storage/lmdb/store_check.hpp"

#include "storage/bounds.hpp"
#include "storage/lmdb/page_check.hpp"

#include <algorithm>
#include <cstring>

namespace mentat_sync {
namespace {

using format::Bytes;
using format::Kind;
using format::StoreId;

std::uint64_t number(StoreId store) {
  return static_cast<std::uint64_t>(store);
}

std::uint64_t payload_number(Bytes key) {
  std::uint64_t value = 0;
  std::memcpy(&value, key.data(), sizeof value);  // its size has been checked with its page
  return value;
}

}  // namespace

StoreCheck::StoreCheck(StorePages& store, const CheckOptions& options, bool alone)
    : store_(store), options_(options), alone_(alone) {}

CheckReport StoreCheck::run() {
  store_.begin();
  if (options_.user) {
    guard("the store", [&] { check_one(*options_.user); });
  } else {
    check_all();
  }
  store_.end();
  return std::move(report_);
}

void StoreCheck::found(const std::string& where, const std::string& what) {
  report_.findings_in_all += 1;
  if (report_.findings.size() < bounds::check_findings) report_.findings.push_back({where, what});
}

bool StoreCheck::guard(const std::string& where, const std::function<void()>& part) {
  try {
    part();
    return true;
  } catch (const CorruptRecord& record) {
    found(where, record.what());
    return false;
  }
}

void StoreCheck::tell(CheckStage stage, std::uint64_t done, std::uint64_t total) const {
  if (options_.progress) options_.progress(stage, done, total);
}

void StoreCheck::rest(CheckStage stage, std::uint64_t done, std::uint64_t total) {
  read_records_ = 0;
  store_.end();
  tell(stage, done, total);
  store_.begin();
}

// --- All ---------------------------------------------------------------------------------------

void StoreCheck::check_all() {
  if (alone_) check_pages();
  const bool is_store = guard("the store", [&] { store_.trees(); });
  if (!is_store) return;
  guard("table users", [&] { read_owners(); });
  guard("table logs", [&] { check_new_stores(); });
  guard("table purges", [&] { check_purges(); });
  payloads_read_ = guard("table payloads", [&] { scan_payloads(); });
  logs_read_ = guard("table logs", [&] { check_logs(); }) && logs_read_;
  guard("table payloads", [&] { check_suspects(); });
  if (options_.hashes) guard("table logs", [&] { check_hashes(std::nullopt); });
}

void StoreCheck::check_one(UserId user) {
  const auto value = store_.find(store_.trees().users, format::user_key(user).bytes());
  if (!value) throw UnknownUser{"the store has no log of user " + user.to_string()};
  report_.user = user;
  const StoreId store{format::decode_u64(*value)};
  next_store_ = number(store) + 1;
  owners_.push_back({store, user});
  judge(store, name_of(store), false);
  if (options_.hashes) check_hashes(store);
}

void StoreCheck::check_pages() {
  const std::uint64_t total = store_.meta_page().last_page + 1;
  PageCheck pages{store_, [this](const auto& where, const auto& what) { found(where, what); },
                  [&](std::uint64_t done) { tell(CheckStage::pages, done, total); }};
  pages.run();
  report_.pages = pages.pages();
}

void StoreCheck::read_owners() {
  const auto next = store_.find(store_.trees().meta, "next_store");
  if (next) next_store_ = format::decode_u64(*next);
  TreeCursor at{store_.pages(), store_.trees().users};
  for (bool more = at.first(); more; more = at.next()) {
    guard("table users", [&] {
      const UserId user{format::decode_uuid(at.key())};
      const StoreId store{format::decode_u64(at.value())};
      owners_.push_back({store, user});
      if (number(store) >= next_store_) {
        found(name_of(store), "user " + user.to_string() + " has a log that is not begun yet");
      }
    });
  }
  const auto by_store = [](const Owner& a, const Owner& b) { return a.store < b.store; };
  std::sort(owners_.begin(), owners_.end(), by_store);
  for (std::size_t i = 1; i < owners_.size(); ++i) {
    if (owners_[i].store != owners_[i - 1].store) continue;
    found(name_of(owners_[i].store),
          "it is the log of two users, also of " + owners_[i].user.to_string());
  }
}

/// The number that the next log will have must not be in use.
void StoreCheck::check_new_stores() {
  TreeCursor at{store_.pages(), store_.trees().logs};
  bool more = at.seek(format::store_prefix(StoreId{next_store_}).bytes());
  while (more) {
    const StoreId store = format::store_of(at.key());
    found(name_of(store), "it has records, but is not begun yet");
    if (number(store) == ~std::uint64_t{0}) return;
    more = at.seek(format::store_prefix(StoreId{number(store) + 1}).bytes());
  }
}

void StoreCheck::check_purges() {
  TreeCursor at{store_.pages(), store_.trees().purges};
  for (bool more = at.first(); more; more = at.next()) {
    guard("table purges", [&] {
      const StoreId store{format::decode_u64(at.key())};
      format::decode_uuid(at.value());  // it must be one
      report_.purges += 1;
      if (number(store) >= next_store_) found(name_of(store), "it is deleted before it is begun");
      if (owner_of(store)) {
        found(name_of(store), "it is deleted, and the present log of user " +
                                  owner_of(store)->to_string() + " nevertheless");
      }
    });
  }
}

// --- Payloads ----------------------------------------------------------------------------------

void StoreCheck::scan_payloads() {
  const std::uint64_t total = store_.trees().payloads.root.entries;
  std::uint64_t next = 0;
  for (;;) {
    TreeCursor at{store_.pages(), store_.trees().payloads};
    const std::string from{reinterpret_cast<const char*>(&next), sizeof next};
    bool more = at.seek(from);
    for (; more && read_records_ < bounds::check_records_page; more = at.next()) {
      const std::uint64_t payload = payload_number(at.key());
      payloads_.add(payload);
      read_records_ += 1;
      next = payload + 1;
      if (!at.node().is_overflow()) continue;
      guard("payload " + std::to_string(payload),
            [&] { store_.pages().check_overflow(at.node()); });
    }
    if (!more) return;
    rest(CheckStage::payloads, payloads_.size(), total);
  }
}

// --- Logs --------------------------------------------------------------------------------------

/// Those that were begun before the check was.
void StoreCheck::check_logs() {
  const std::uint64_t total = store_.trees().logs.root.entries;
  std::uint64_t records = 0;
  StoreId from{0};
  for (;;) {
    const auto store = next_log(from);
    check_missing_logs(from, store.value_or(StoreId{next_store_}));
    if (!store) return;
    check_log(*store);
    from = StoreId{number(*store) + 1};
    if (read_records_ < bounds::check_records_page) continue;
    records += read_records_;
    rest(CheckStage::logs, records, total);
  }
}

std::optional<StoreId> StoreCheck::next_log(StoreId from) {
  TreeCursor at{store_.pages(), store_.trees().logs};
  if (!at.seek(format::store_prefix(from).bytes())) return std::nullopt;
  const StoreId store = format::store_of(at.key());
  if (number(store) >= next_store_) return std::nullopt;
  return store;
}

/// Of users whose log should be between the two, but has no records.
void StoreCheck::check_missing_logs(StoreId from, StoreId until) {
  const auto less = [](const Owner& owner, StoreId store) { return owner.store < store; };
  auto at = std::lower_bound(owners_.begin(), owners_.end(), from, less);
  for (; at != owners_.end() && at->store < until; ++at) {
    if (owner_of(at->store)) found(name_of(at->store), "it has no records");
  }
}

/// Whose present log it is, in the present snapshot.
std::optional<UserId> StoreCheck::owner_of(StoreId store) {
  const auto less = [](const Owner& owner, StoreId wanted) { return owner.store < wanted; };
  const auto at = std::lower_bound(owners_.begin(), owners_.end(), store, less);
  if (at == owners_.end() || at->store != store) return std::nullopt;
  const auto value = store_.find(store_.trees().users, format::user_key(at->user).bytes());
  if (!value || StoreId{format::decode_u64(*value)} != store) return std::nullopt;
  return at->user;
}

std::string StoreCheck::name_of(StoreId store) const {
  const auto less = [](const Owner& owner, StoreId wanted) { return owner.store < wanted; };
  const auto at = std::lower_bound(owners_.begin(), owners_.end(), store, less);
  const std::string log = "log " + std::to_string(number(store));
  if (at == owners_.end() || at->store != store) return log;
  return "user " + at->user.to_string() + ", " + log;
}

void StoreCheck::check_log(StoreId store) {
  const std::string where = name_of(store);
  const bool read = guard(where, [&] {
    const bool present = owner_of(store).has_value();
    const auto purge = store_.find(store_.trees().purges, format::purge_key(store).bytes());
    if (!present && !purge) found(where, "it is no user's, and not being deleted");
    judge(store, where, !present);
  });
  logs_read_ = logs_read_ && read;
}

void StoreCheck::judge(StoreId store, const std::string& where, bool purging) {
  LogCheck log{store_, store, [&](const std::string& what) { found(where, what); },
               [this](std::uint64_t payload) {
                 if (!owned_.add(payload)) twice_.add(payload);
               }};
  const LogCounts counts = log.run(purging);
  read_records_ += counts.records;
  hashable_bytes_ += counts.hashable_bytes;
  report_.logs += purging ? 0 : 1;
  report_.transactions += counts.transactions;
  report_.chunks += counts.chunks;
  report_.chunk_bytes += counts.chunk_bytes;
}

}  // namespace mentat_sync
