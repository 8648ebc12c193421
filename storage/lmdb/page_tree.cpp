// Finding one's way in a tree of pages.
#include "storage/lmdb/page_tree.hpp"

namespace mentat_sync {
namespace {

using format::Bytes;

constexpr std::size_t remembered_pages = 2'048;

}  // namespace

PageSource::PageSource(const PageFile& file, PageNumber last_page)
    : file_(file), last_page_(last_page), remembered_(remembered_pages) {}

void PageSource::check_number(PageNumber number, std::uint64_t count) const {
  const bool there =
      number >= meta_pages && number <= last_page_ && count <= last_page_ - number + 1;
  if (!there) page_is_damaged(number, "there is no such page, but a table names it");
}

std::shared_ptr<const TreePage> PageSource::load(PageNumber number, PageKind kind, KeyOrder order) {
  auto& place = remembered_[number % remembered_pages];
  const bool known =
      place && place->number() == number && place->kind() == kind && place->order() == order;
  if (!known) {
    check_number(number, 1);
    place = std::make_shared<const TreePage>(number, kind, order,
                                             file_.read(number, file_.page_bytes()));
  }
  return place;
}

std::uint64_t PageSource::check_overflow(const PageNode& node) const {
  const PageNumber number = node.overflow_page();
  check_number(number, 1);
  const std::uint64_t pages = overflow_pages(number, file_.read(number, page_header_bytes));
  if (pages != overflow_pages_for(node.value_bytes, file_.page_bytes())) {
    page_is_damaged(number, "the long value that begins there has another length");
  }
  check_number(number, pages);
  return pages;
}

std::string PageSource::read_value(const PageNode& node) const {
  if (!node.is_overflow()) return std::string{node.stored};
  check_overflow(node);
  std::string run = file_.read(node.overflow_page(), page_header_bytes + node.value_bytes);
  run.erase(0, page_header_bytes);
  return run;
}

// --- Cursors -----------------------------------------------------------------------------------

/// From `from` down to a leaf; `choose` says at which node of each page.
template <class Choose>
bool TreeCursor::descend(PageNumber from, Choose choose) {
  PageNumber number = from;
  for (;;) {
    const bool leaf = path_.size() + 1 == tree_.root.depth;
    auto page = pages_.load(number, leaf ? PageKind::leaf : PageKind::branch, tree_.order);
    const std::size_t index = choose(*page);
    path_.push_back({page, index});
    if (leaf) return index < page->nodes();
    number = page->node(index).child;
  }
}

bool TreeCursor::first() {
  path_.clear();
  if (tree_.root.empty()) return false;
  return descend(tree_.root.page, [](const TreePage&) { return std::size_t{0}; });
}

bool TreeCursor::seek(Bytes key) {
  path_.clear();
  if (tree_.root.empty()) return false;
  const bool found = descend(tree_.root.page, [&](const TreePage& page) {
    return page.kind() == PageKind::leaf ? page.lower_bound(key) : page.child_for(key);
  });
  return found || next_leaf();
}

bool TreeCursor::next() {
  Place& leaf = path_.back();
  return ++leaf.index < leaf.page->nodes() || next_leaf();
}

bool TreeCursor::next_leaf() {
  const auto before = path_.back().page;
  path_.pop_back();
  while (!path_.empty() && ++path_.back().index == path_.back().page->nodes()) path_.pop_back();
  if (path_.empty()) return false;
  const PageNumber child = path_.back().page->node(path_.back().index).child;
  descend(child, [](const TreePage&) { return std::size_t{0}; });
  if (compare_keys(tree_.order, before->node(before->nodes() - 1).key, key()) >= 0) {
    page_is_damaged(path_.back().page->number(), "its keys are not after those before it");
  }
  return true;
}

PageNode TreeCursor::node() const {
  return path_.back().page->node(path_.back().index);
}

Bytes TreeCursor::value() {
  const PageNode at = node();
  if (!at.is_overflow()) return at.stored;
  value_ = pages_.read_value(at);
  return value_;
}

std::optional<std::string> find_value(PageSource& pages, const Tree& tree, Bytes key) {
  TreeCursor cursor{pages, tree};
  if (!cursor.seek(key) || cursor.key() != key) return std::nullopt;
  return std::string{cursor.value()};
}

}  // namespace mentat_sync
