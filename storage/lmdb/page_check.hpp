// PageCheck: whether all pages of one snapshot hang together. Walks the free list, the main tree
// and the tables of data.mdb, and looks that each page lies within the file, is of the kind that
// names it, holds keys between those of its parent, is used once, and that the counters are right.
//
// Thread-safety: one thread. Lifetime: one snapshot.
// Memory: one bit a page.
// Failures: what is wrong is a finding; throws std::system_error for what cannot be read.
#pragma once

#include "storage/lmdb/number_set.hpp"
#include "storage/lmdb/store_pages.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace mentat_sync {

class PageCheck {
 public:
  using Found = std::function<void(const std::string& where, const std::string& what)>;
  /// Called after every so many pages, with how many have been looked at.
  using Went = std::function<void(std::uint64_t pages)>;

  PageCheck(StorePages& store, Found found, Went went);

  void run();
  std::uint64_t pages() const { return used_.size() + free_.size() + meta_pages; }

 private:
  /// A tree while it is walked, and what has been counted of it.
  struct Walk {
    std::string name;
    Tree tree;
    TreeRoot counted;
  };
  /// The keys of a page are from `low` on, and less than `high`; nothing: no bound.
  struct Range {
    std::optional<std::string> low;
    std::optional<std::string> high;
  };

  void walk_tree(const std::string& name, const Tree& tree);
  void visit(Walk& walk, PageNumber number, unsigned level, const Range& range);
  void visit_page(Walk& walk, PageNumber number, unsigned level, const Range& range);
  void visit_branch(Walk& walk, const TreePage& page, unsigned level, const Range& range);
  void visit_leaf(Walk& walk, const TreePage& page);
  void visit_entry(Walk& walk, const PageNode& node);
  void add_free(const PageNode& node);
  void compare(const Walk& walk);
  bool use(PageNumber first, std::uint64_t count);
  void check_lost();
  void damage(const std::string& name, const std::string& what);

  StorePages& store_;
  const Found found_;
  const Went went_;
  NumberSet used_;
  NumberSet free_;
  bool damaged_ = false;
};

}  // namespace mentat_sync
