// Walking all pages, each once.
#include "storage/lmdb/page_check.hpp"

#include <cstring>
#include <utility>

namespace mentat_sync {
namespace {

using format::Bytes;

constexpr std::uint64_t pages_between_reports = 1'024;
const std::string free_list = "the free list";
const std::string main_tree = "the list of tables";

std::uint64_t word_at(Bytes list, std::uint64_t index) {
  std::uint64_t word = 0;
  std::memcpy(&word, list.data() + index * sizeof word, sizeof word);
  return word;
}

}  // namespace

PageCheck::PageCheck(StorePages& store, Found found, Went went)
    : store_(store), found_(std::move(found)), went_(std::move(went)) {}

void PageCheck::run() {
  walk_tree(free_list, {store_.meta_page().free_list, KeyOrder::integers});
  walk_tree(main_tree, {store_.meta_page().main, KeyOrder::bytes});
  if (!damaged_) check_lost();
}

void PageCheck::damage(const std::string& name, const std::string& what) {
  damaged_ = true;
  found_(name, what);
}

void PageCheck::walk_tree(const std::string& name, const Tree& tree) {
  Walk walk{name, tree, tree.root};
  walk.counted.branch_pages = walk.counted.leaf_pages = walk.counted.overflow_pages = 0;
  walk.counted.entries = 0;
  if (!tree.root.empty()) visit(walk, tree.root.page, 1, {});
  compare(walk);
}

/// What is wrong with a page is told, and the walk goes on with the next one.
void PageCheck::visit(Walk& walk, PageNumber number, unsigned level, const Range& range) {
  try {
    visit_page(walk, number, level, range);
  } catch (const CorruptRecord& record) {
    damage(walk.name, record.what());
  }
  if (used_.size() % pages_between_reports == 0) went_(pages());
}

void PageCheck::visit_page(Walk& walk, PageNumber number, unsigned level, const Range& range) {
  const bool leaf = level == walk.tree.root.depth;
  const auto page =
      store_.pages().load(number, leaf ? PageKind::leaf : PageKind::branch, walk.tree.order);
  if (!use(number, 1)) page_is_damaged(number, "it is used twice");
  const std::size_t first = leaf ? 0 : 1;
  if (first < page->nodes()) {
    const KeyOrder order = walk.tree.order;
    const bool low = range.low && compare_keys(order, page->node(first).key, *range.low) < 0;
    const Bytes last = page->node(page->nodes() - 1).key;
    const bool high = range.high && compare_keys(order, last, *range.high) >= 0;
    if (low || high) page_is_damaged(number, "its keys are not between those of its parent");
  }
  if (leaf) {
    visit_leaf(walk, *page);
  } else {
    visit_branch(walk, *page, level, range);
  }
}

void PageCheck::visit_branch(Walk& walk, const TreePage& page, unsigned level, const Range& range) {
  walk.counted.branch_pages += 1;
  // LMDB itself ends the process when it meets one, but in the free list.
  if (page.nodes() < 2 && walk.name != free_list) {
    page_is_damaged(page.number(), "it is a branch with one child");
  }
  for (std::size_t i = 0; i < page.nodes(); ++i) {
    Range within = range;
    if (i > 0) within.low = std::string{page.node(i).key};
    if (i + 1 < page.nodes()) within.high = std::string{page.node(i + 1).key};
    visit(walk, page.node(i).child, level + 1, within);
  }
}

void PageCheck::visit_leaf(Walk& walk, const TreePage& page) {
  walk.counted.leaf_pages += 1;
  for (std::size_t i = 0; i < page.nodes(); ++i) {
    walk.counted.entries += 1;
    try {
      visit_entry(walk, page.node(i));
    } catch (const CorruptRecord& record) {
      damage(walk.name, record.what());
    }
  }
}

void PageCheck::visit_entry(Walk& walk, const PageNode& node) {
  if (node.is_overflow()) {
    const std::uint64_t pages = store_.pages().check_overflow(node);
    walk.counted.overflow_pages += pages;
    if (!use(node.overflow_page(), pages)) {
      page_is_damaged(node.overflow_page(),
                      "of the long value that begins there a page is used "
                      "twice");
    }
  }
  if (walk.name == free_list) add_free(node);
  const bool may_be_table = walk.name == main_tree;
  if (node.is_subtree() != may_be_table) throw CorruptRecord{"an entry is of another kind"};
  if (!may_be_table) return;
  const TreeRoot root = decode_tree_root(node.stored);
  const bool integers = (root.flags & MDB_INTEGERKEY) != 0;
  walk_tree("table " + std::string{node.key},
            {root, integers ? KeyOrder::integers : KeyOrder::bytes});
}

void PageCheck::add_free(const PageNode& node) {
  const std::string list = store_.pages().read_value(node);
  const std::uint64_t words = list.size() / sizeof(std::uint64_t);
  if (words == 0 || word_at(list, 0) >= words) {
    throw CorruptRecord{"an entry is shorter than the pages it counts"};
  }
  for (std::uint64_t i = word_at(list, 0); i > 0; --i) {
    const PageNumber page = word_at(list, i);
    const bool there = page >= meta_pages && page <= store_.meta_page().last_page;
    if (!there || !free_.add(page)) page_is_damaged(page, "it is free twice, or is not there");
  }
}

void PageCheck::compare(const Walk& walk) {
  if (walk.counted == walk.tree.root) return;
  damage(walk.name, "it counts " + std::to_string(walk.tree.root.entries) + " entries in " +
                        std::to_string(walk.tree.root.pages()) + " pages, but there are " +
                        std::to_string(walk.counted.entries) + " in " +
                        std::to_string(walk.counted.pages()));
}

/// False: one of them is in use.
bool PageCheck::use(PageNumber first, std::uint64_t count) {
  bool fresh = true;
  for (PageNumber page = first; page < first + count; ++page) fresh = used_.add(page) && fresh;
  return fresh;
}

void PageCheck::check_lost() {
  std::uint64_t both = free_.size();
  PageNumber example = 0;
  free_.each_not_in(used_, [&](PageNumber) { --both; });
  if (both > 0) {
    used_.each_not_in(NumberSet{}, [&](PageNumber page) {
      if (example == 0 && free_.contains(page)) example = page;
    });
    damage(free_list, "page " + std::to_string(example) + " is listed, but in use; so are " +
                          std::to_string(both - 1) + " more");
  }
  const std::uint64_t there = store_.meta_page().last_page + 1;
  if (both == 0 && pages() != there) {
    damage(free_list, "the file counts " + std::to_string(there) + " pages, but only " +
                          std::to_string(pages()) + " are used or free");
  }
}

}  // namespace mentat_sync
