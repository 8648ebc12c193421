// The layout of LMDB's pages, as far as reading needs it: what our own reader of data.mdb looks at,
// so that a damaged file is told of. LMDB trusts its file: it maps it into memory, follows what
// stands there, and a byte that is wrong can end the process.
//
//   file    meta page 0, meta page 1, then pages of all kinds; the newest snapshot is that of the
//           meta page with the larger txn. Page n begins at n × the page size.
//   page    number:u64 | pad:u16 | flags:u16 | lower:u16 | upper:u16, then (branch and leaf) the
//           offsets of its nodes in the order of their keys, u16 each, up to lower; the nodes stand
//           from upper on. An overflow run has its count of pages, u32, in place of lower and
//           upper, and is one header with all the bytes behind it.
//   node    a:u16 | b:u16 | flags:u16 | key size:u16 | key | value. Leaf: a and b are the value's
//           size; flags 1: the value is the number of an overflow run; flags 2: the root of a named
//           tree. Branch: a, b and flags are the child's number; the first key counts as the least.
//   meta    page header | magic:u32 | version:u32 | address:u64 | map size:u64 | root of the free
//           list | root of the main tree | last page:u64 | txn:u64
//   root    pad:u32 (page size, in the free list's) | flags:u16 | depth:u16 | branch pages:u64 |
//           leaf pages:u64 | overflow pages:u64 | entries:u64 | root page:u64 (all ones: empty)
//
// Numbers have the machine's byte order. The free list is a tree of txn:u64 → a count and as many
// page numbers; the main tree holds the names of the tables.
//
// Thread-safety: value types. Lifetime: nodes refer to their page.
// Failures: throws CorruptRecord, with the page's number, on anything that is out of bounds.
// Source: mdb.c of LMDB 0.9.24 (MDB_page, MDB_node, MDB_db, MDB_meta); the layout is the same in
// all of 0.9.
#pragma once

#include "storage/lmdb/failure.hpp"
#include "storage/lmdb/format.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace mentat_sync {

using PageNumber = std::uint64_t;

inline constexpr PageNumber meta_pages = 2;
inline constexpr std::size_t page_header_bytes = 16;

struct TreeRoot {
  static constexpr std::size_t encoded_bytes = 48;
  static constexpr PageNumber no_page = ~PageNumber{0};

  std::uint16_t flags = 0;
  std::uint16_t depth = 0;
  std::uint64_t branch_pages = 0;
  std::uint64_t leaf_pages = 0;
  std::uint64_t overflow_pages = 0;
  std::uint64_t entries = 0;
  PageNumber page = no_page;

  bool empty() const { return page == no_page; }
  std::uint64_t pages() const { return branch_pages + leaf_pages + overflow_pages; }
  friend bool operator==(const TreeRoot&, const TreeRoot&) = default;
};

struct MetaPage {
  /// With its page header.
  static constexpr std::size_t encoded_bytes = 152;

  std::uint32_t page_bytes = 0;
  std::uint64_t map_bytes = 0;
  TreeRoot free_list;
  TreeRoot main;
  PageNumber last_page = 0;
  std::uint64_t txn = 0;
  friend bool operator==(const MetaPage&, const MetaPage&) = default;
};

inline constexpr std::uint32_t page_bytes_min = 512;
inline constexpr std::uint32_t page_bytes_max = 32768;

/// Whether a page begins as LMDB's meta pages do.
bool has_magic(format::Bytes bytes);
/// Of the meta page `number`.
MetaPage decode_meta_page(PageNumber number, format::Bytes bytes);
TreeRoot decode_tree_root(format::Bytes bytes);

/// How a tree's keys are ordered: as bytes, or as native u64.
enum class KeyOrder { bytes, integers };

/// Less than, equal to, or greater than 0. Integers must have been checked to be such.
int compare_keys(KeyOrder order, format::Bytes a, format::Bytes b);

enum class PageKind : std::uint16_t { branch = 1, leaf = 2, overflow = 4 };

struct PageNode {
  static constexpr std::uint16_t overflow_flag = 1;
  static constexpr std::uint16_t subtree_flag = 2;

  format::Bytes key;
  /// Of a branch.
  PageNumber child = 0;
  /// Of a leaf: the bytes that stand in it, and the whole value's size.
  std::uint16_t flags = 0;
  format::Bytes stored;
  std::uint64_t value_bytes = 0;

  bool is_overflow() const { return (flags & overflow_flag) != 0; }
  bool is_subtree() const { return (flags & subtree_flag) != 0; }
  /// The overflow run that holds the value.
  PageNumber overflow_page() const;
};

/// A branch or leaf page whose every node has been found to lie within it, and in order.
class TreePage {
 public:
  TreePage(PageNumber number, PageKind kind, KeyOrder order, std::string bytes);

  PageNumber number() const { return number_; }
  PageKind kind() const { return kind_; }
  KeyOrder order() const { return order_; }
  std::size_t nodes() const { return nodes_; }
  PageNode node(std::size_t index) const;

  /// The first node whose key is not less than `key`; nodes() when there is none.
  std::size_t lower_bound(format::Bytes key) const;
  /// Of a branch: the child in which `key` belongs.
  std::size_t child_for(format::Bytes key) const;

 private:
  void check_header() const;
  void check_node(std::size_t index) const;
  void check_order() const;
  std::size_t offset(std::size_t index) const;
  [[noreturn]] void damaged(const std::string& what) const;

  const PageNumber number_;
  const PageKind kind_;
  const KeyOrder order_;
  const std::string bytes_;
  std::size_t nodes_ = 0;
};

/// How many pages the header of the overflow run `number` says it has.
std::uint64_t overflow_pages(PageNumber number, format::Bytes header);
/// How many a value needs.
std::uint64_t overflow_pages_for(std::uint64_t value_bytes, std::uint64_t page_bytes);

[[noreturn]] void page_is_damaged(PageNumber number, const std::string& what);

}  // namespace mentat_sync
