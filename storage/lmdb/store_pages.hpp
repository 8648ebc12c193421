// StorePages: a store's tables read page by page, without trusting them, one snapshot after
// another. Beside a running server, or in a file that nobody writes.
//
// Thread-safety: one thread.
// Ownership and lifetime: owns the file and the snapshot; what refers to a snapshot's pages must be
// gone before end() and begin().
// Failures: open by Result; the rest throws CorruptRecord (the file is damaged), LmdbFailure and
// std::system_error (it cannot be read).
#pragma once

#include "storage/lmdb/page_tree.hpp"
#include "storage/lmdb/reader_pin.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace mentat_sync {

/// Nothing is known to be wrong with the file, but it is not one that this program reads.
class UnknownFormat : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct StoreTrees {
  Tree meta;
  Tree users;
  Tree logs;
  Tree payloads;
  Tree purges;
};

class StorePages {
 public:
  /// A data directory, whether a server runs on it or not. As PageFile::open(), and corrupt: LMDB
  /// could not open it.
  static Result<std::unique_ptr<StorePages>> open_directory(const std::filesystem::path& directory);
  /// A file that nobody writes to: a copy. As PageFile::open().
  static Result<std::unique_ptr<StorePages>> open_file(const std::filesystem::path& file);

  /// The newest snapshot; the one before it ends.
  void begin();
  /// Until begin() nothing is read, and whoever writes may use the pages again.
  void end();

  PageSource& pages() { return *pages_; }
  const PageFile& file() const { return file_; }
  const MetaPage& meta_page() const { return meta_page_; }
  /// Looks the tables up in the snapshot. Throws UnknownFormat when it is another program's, or of
  /// another format version.
  const StoreTrees& trees();
  std::optional<std::string> find(const Tree& tree, format::Bytes key) {
    return find_value(pages(), tree, key);
  }

 private:
  StorePages(PageFile file, std::unique_ptr<ReaderPin> pin);
  void find_snapshot();
  Tree find_tree(const char* name, KeyOrder order);

  PageFile file_;
  const std::unique_ptr<ReaderPin> pin_;
  MetaPage meta_page_;
  std::optional<PageSource> pages_;
  std::optional<StoreTrees> trees_;
};

/// Whether some process holds the lock of the data directory.
bool has_writer(const std::filesystem::path& directory);

}  // namespace mentat_sync
