// Trees of LMDB's pages, read without LMDB: what to look up and to walk a table with, in a file
// that may be damaged.
//
// Thread-safety: one thread. Lifetime: all within one snapshot; cursors refer to their PageSource.
// Keys and values that a cursor shows are valid until it moves.
// Failures: throws CorruptRecord with the page's number; see PageFile for the rest. No damage makes
// a walk endless: a level too many, or a key that is not greater than the one before, ends it.
#pragma once

#include "storage/lmdb/page_file.hpp"
#include "storage/lmdb/page_layout.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mentat_sync {

/// The pages of one snapshot, of which it remembers those read last, about 8 MiB.
class PageSource {
 public:
  PageSource(const PageFile& file, PageNumber last_page);

  std::shared_ptr<const TreePage> load(PageNumber number, PageKind kind, KeyOrder order);
  /// The header of the overflow run that holds a value: how many pages it has, which is as many as
  /// the value needs.
  std::uint64_t check_overflow(const PageNode& node) const;
  std::string read_value(const PageNode& node) const;
  PageNumber last_page() const { return last_page_; }

 private:
  void check_number(PageNumber number, std::uint64_t count) const;

  const PageFile& file_;
  const PageNumber last_page_;
  std::vector<std::shared_ptr<const TreePage>> remembered_;
};

struct Tree {
  TreeRoot root;
  KeyOrder order = KeyOrder::bytes;
};

class TreeCursor {
 public:
  TreeCursor(PageSource& pages, const Tree& tree) : pages_(pages), tree_(tree) {}

  /// Each false: there is no such entry.
  bool first();
  /// The first entry whose key is not less than `key`.
  bool seek(format::Bytes key);
  bool next();

  format::Bytes key() const { return node().key; }
  std::uint64_t value_bytes() const { return node().value_bytes; }
  format::Bytes value();
  PageNode node() const;

 private:
  struct Place {
    std::shared_ptr<const TreePage> page;
    std::size_t index = 0;
  };

  template <class Choose>
  bool descend(PageNumber from, Choose choose);
  bool next_leaf();

  PageSource& pages_;
  const Tree tree_;
  std::vector<Place> path_;
  std::string value_;
};

/// The value under `key`, copied.
std::optional<std::string> find_value(PageSource& pages, const Tree& tree, format::Bytes key);

}  // namespace mentat_sync
