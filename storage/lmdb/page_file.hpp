// PageFile: data.mdb read page by page, without mapping it: what is missing or damaged is an error
// to tell of, never a signal.
//
// Thread-safety: one thread.
// Ownership and lifetime: owns its descriptor; pages outlive it.
// Failures: open() by Result; reading throws CorruptRecord for what the file should have and has
// not, std::system_error for what the system refuses.
#pragma once

#include "storage/lmdb/page_layout.hpp"
#include "storage/result.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace mentat_sync {

class PageFile {
 public:
  /// io: no such file, or no right to read it. invalid: neither of its meta pages begins as LMDB's
  /// do, so that it is no damaged store, but none.
  static Result<PageFile> open(const std::filesystem::path& file);
  ~PageFile();
  PageFile(PageFile&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), page_bytes_(other.page_bytes_) {}
  PageFile& operator=(PageFile&&) = delete;

  /// The newest snapshot's, as LMDB finds it.
  MetaPage newest_meta();
  /// That of transaction `txn`, which is one of the last two; false when it has been overwritten.
  bool find_meta(std::uint64_t txn, MetaPage& meta);

  /// `bytes` from the beginning of a page on.
  std::string read(PageNumber page, std::uint64_t bytes) const;
  std::uint64_t page_bytes() const { return page_bytes_; }
  std::uint64_t file_bytes() const;

 private:
  explicit PageFile(int descriptor) : descriptor_(descriptor) {}
  bool is_lmdb() const;
  std::string read_at(std::uint64_t at, std::uint64_t bytes) const;
  std::pair<MetaPage, MetaPage> metas();

  int descriptor_;
  std::uint64_t page_bytes_ = 0;
};

/// Whether that is why the file was not opened.
inline bool is_no_store(const Result<PageFile>& opened) {
  return !opened && opened.status().code() == ErrorCode::invalid;
}

}  // namespace mentat_sync
