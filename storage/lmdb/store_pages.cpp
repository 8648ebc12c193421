// Snapshots of a store's file.
#include "storage/lmdb/store_pages.hpp"

#include "storage/lmdb/failure.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mentat_sync {

bool has_writer(const std::filesystem::path& directory) {
  const int lock =
      ::open((directory / "mentat-sync.lock").c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (lock < 0) return false;
  const bool held = ::flock(lock, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(lock);
  return held;
}

StorePages::StorePages(PageFile file, std::unique_ptr<ReaderPin> pin)
    : file_(std::move(file)), pin_(std::move(pin)) {}

Result<std::unique_ptr<StorePages>> StorePages::open_file(const std::filesystem::path& path) {
  auto file = PageFile::open(path);
  if (!file) return file.status();
  return std::unique_ptr<StorePages>{new StorePages{std::move(file).value(), nullptr}};
}

Result<std::unique_ptr<StorePages>> StorePages::open_directory(
    const std::filesystem::path& directory) {
  std::error_code error;
  const auto path = directory / "data.mdb";
  if (!std::filesystem::exists(path, error)) {
    return Status{ErrorCode::io, "there is no store in " + directory.string() +
                                     (error ? ": " + error.message() : "")};
  }
  auto file = PageFile::open(path);
  if (!file) return file.status();
  try {
    file->newest_meta();  // before LMDB believes it
  } catch (const CorruptRecord& record) {
    return Status{ErrorCode::corrupt, record.what()};
  } catch (const std::system_error& failure) {
    return Status{ErrorCode::io, path.string() + ": " + failure.what()};
  }
  auto pin = ReaderPin::open(directory);
  if (!pin) return pin.status();
  return std::unique_ptr<StorePages>{
      new StorePages{std::move(file).value(), std::move(pin).value()}};
}

void StorePages::begin() {
  end();
  find_snapshot();
  pages_.emplace(file_, meta_page_.last_page);
}

void StorePages::end() {
  trees_.reset();
  pages_.reset();
  if (pin_) pin_->end();
}

/// Of a snapshot that is held the pages stay, but its meta page is overwritten two commits later.
void StorePages::find_snapshot() {
  if (!pin_) {
    meta_page_ = file_.newest_meta();
    return;
  }
  constexpr int attempts = 100;
  for (int i = 0; i < attempts; ++i) {
    if (file_.find_meta(pin_->begin(), meta_page_)) return;
  }
  throw CorruptRecord{"the meta pages are not those that LMDB sees"};
}

const StoreTrees& StorePages::trees() {
  if (trees_) return *trees_;
  StoreTrees trees;
  trees.meta = find_tree("meta", KeyOrder::bytes);
  const auto version = find(trees.meta, "format");
  if (!version) throw UnknownFormat{"the data file is an LMDB file of another program"};
  if (format::decode_u32(*version) != format::version) {
    throw UnknownFormat{
        "the store has format version " + std::to_string(format::decode_u32(*version)) +
        "; this program knows version " + std::to_string(format::version) + " only"};
  }
  trees.users = find_tree("users", KeyOrder::bytes);
  trees.logs = find_tree("logs", KeyOrder::bytes);
  trees.payloads = find_tree("payloads", KeyOrder::integers);
  trees.purges = find_tree("purges", KeyOrder::bytes);
  trees_ = trees;
  return *trees_;
}

Tree StorePages::find_tree(const char* name, KeyOrder order) {
  TreeCursor cursor{pages(), {meta_page_.main, KeyOrder::bytes}};
  if (!cursor.seek(name) || cursor.key() != name) {
    throw CorruptRecord{std::string{"there is no table "} + name};
  }
  if (!cursor.node().is_subtree()) {
    throw CorruptRecord{std::string{"what should be the table "} + name + " is something else"};
  }
  const TreeRoot root = decode_tree_root(cursor.value());
  const std::uint16_t flags = order == KeyOrder::integers ? MDB_INTEGERKEY : 0;
  if (root.flags != flags) {
    throw CorruptRecord{std::string{"the table "} + name + " has other flags"};
  }
  return {root, order};
}

}  // namespace mentat_sync
