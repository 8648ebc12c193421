// Taking LMDB's pages apart.
#include "storage/lmdb/page_layout.hpp"

#include <bit>
#include <cstring>
#include <utility>

namespace mentat_sync {
namespace {

using format::Bytes;

constexpr std::uint32_t magic = 0xBEEFC0DE;
constexpr std::uint32_t data_version = 1;
constexpr std::uint16_t meta_flag = 8;
constexpr std::uint16_t kind_flags = 0x6f;  // branch, leaf, overflow, meta, and what we never use
constexpr std::size_t node_header_bytes = 8;
constexpr std::uint16_t depth_max = 32;  // of LMDB's cursors
constexpr std::size_t flags_at = 10;
constexpr std::size_t lower_at = 12;
constexpr std::size_t upper_at = 14;

/// The number that stands at `at`, which the caller has made sure of.
template <class T>
T number_at(Bytes bytes, std::size_t at) {
  T number{};
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

/// Two halves of a number, which stand in the machine's order.
std::uint64_t halves(std::uint16_t first, std::uint16_t second) {
  const bool little = std::endian::native == std::endian::little;
  const std::uint64_t low = little ? first : second;
  const std::uint64_t high = little ? second : first;
  return low | high << 16;
}

void check_page_bytes(PageNumber number, std::uint32_t bytes) {
  if (bytes < page_bytes_min || bytes > page_bytes_max || !std::has_single_bit(bytes)) {
    page_is_damaged(number, "it says that pages have " + std::to_string(bytes) + " bytes");
  }
}

}  // namespace

void page_is_damaged(PageNumber number, const std::string& what) {
  throw CorruptRecord{"page " + std::to_string(number) + ": " + what};
}

TreeRoot decode_tree_root(Bytes bytes) {
  if (bytes.size() != TreeRoot::encoded_bytes) {
    throw CorruptRecord{"the root of a table has another size"};
  }
  TreeRoot root;
  root.flags = number_at<std::uint16_t>(bytes, 4);
  root.depth = number_at<std::uint16_t>(bytes, 6);
  root.branch_pages = number_at<std::uint64_t>(bytes, 8);
  root.leaf_pages = number_at<std::uint64_t>(bytes, 16);
  root.overflow_pages = number_at<std::uint64_t>(bytes, 24);
  root.entries = number_at<std::uint64_t>(bytes, 32);
  root.page = number_at<std::uint64_t>(bytes, 40);
  const bool deep = root.depth > depth_max || (!root.empty() && root.depth == 0);
  if (deep) throw CorruptRecord{"a table's depth is " + std::to_string(root.depth)};
  return root;
}

bool has_magic(Bytes bytes) {
  if (bytes.size() < page_header_bytes + sizeof magic) return false;
  return number_at<std::uint32_t>(bytes, page_header_bytes) == magic;
}

MetaPage decode_meta_page(PageNumber number, Bytes bytes) {
  if (bytes.size() < MetaPage::encoded_bytes) page_is_damaged(number, "it is cut off");
  if ((number_at<std::uint16_t>(bytes, flags_at) & meta_flag) == 0) {
    page_is_damaged(number, "it is no meta page");
  }
  const Bytes body = bytes.substr(page_header_bytes, MetaPage::encoded_bytes - page_header_bytes);
  if (number_at<std::uint32_t>(body, 0) != magic) {
    page_is_damaged(number, "it does not begin as an LMDB file does");
  }
  if (const auto version = number_at<std::uint32_t>(body, 4); version != data_version) {
    page_is_damaged(number, "LMDB's format has version " + std::to_string(version) + " there");
  }
  MetaPage meta;
  meta.page_bytes = number_at<std::uint32_t>(body, 24);
  check_page_bytes(number, meta.page_bytes);
  meta.map_bytes = number_at<std::uint64_t>(body, 16);
  meta.free_list = decode_tree_root(body.substr(24, TreeRoot::encoded_bytes));
  meta.main = decode_tree_root(body.substr(72, TreeRoot::encoded_bytes));
  meta.last_page = number_at<std::uint64_t>(body, 120);
  meta.txn = number_at<std::uint64_t>(body, 128);
  return meta;
}

int compare_keys(KeyOrder order, Bytes a, Bytes b) {
  if (order == KeyOrder::bytes) return a.compare(b);
  const auto left = number_at<std::uint64_t>(a, 0);
  const auto right = number_at<std::uint64_t>(b, 0);
  return left < right ? -1 : left > right ? 1 : 0;
}

PageNumber PageNode::overflow_page() const {
  return number_at<std::uint64_t>(stored, 0);
}

std::uint64_t overflow_pages(PageNumber number, Bytes header) {
  if (header.size() < page_header_bytes) page_is_damaged(number, "it is cut off");
  const auto flags = number_at<std::uint16_t>(header, flags_at);
  if ((flags & kind_flags) != static_cast<std::uint16_t>(PageKind::overflow)) {
    page_is_damaged(number, "it should begin a long value");
  }
  if (number_at<std::uint64_t>(header, 0) != number) {
    page_is_damaged(number, "it has the number of another page");
  }
  return number_at<std::uint32_t>(header, lower_at);
}

std::uint64_t overflow_pages_for(std::uint64_t value_bytes, std::uint64_t page_bytes) {
  return (page_header_bytes - 1 + value_bytes) / page_bytes + 1;
}

// --- Branches and leaves -----------------------------------------------------------------------

TreePage::TreePage(PageNumber number, PageKind kind, KeyOrder order, std::string bytes)
    : number_(number), kind_(kind), order_(order), bytes_(std::move(bytes)) {
  check_header();
  nodes_ = (number_at<std::uint16_t>(bytes_, lower_at) - page_header_bytes) / 2;
  if (nodes_ == 0) damaged("it is empty");
  for (std::size_t i = 0; i < nodes_; ++i) check_node(i);
  check_order();
}

void TreePage::damaged(const std::string& what) const {
  page_is_damaged(number_, what);
}

void TreePage::check_header() const {
  if (bytes_.size() < page_bytes_min) damaged("it is cut off");
  if (number_at<std::uint64_t>(bytes_, 0) != number_) damaged("it has the number of another page");
  const auto flags = number_at<std::uint16_t>(bytes_, flags_at);
  if ((flags & kind_flags) != static_cast<std::uint16_t>(kind_)) {
    damaged(kind_ == PageKind::branch ? "it should be a branch of a table"
                                      : "it should be a leaf of a table");
  }
  const auto lower = number_at<std::uint16_t>(bytes_, lower_at);
  const auto upper = number_at<std::uint16_t>(bytes_, upper_at);
  const bool in_order =
      lower >= page_header_bytes && lower % 2 == 0 && lower <= upper && upper <= bytes_.size();
  if (!in_order) damaged("its bounds are out of order");
}

std::size_t TreePage::offset(std::size_t index) const {
  return number_at<std::uint16_t>(bytes_, page_header_bytes + 2 * index);
}

void TreePage::check_node(std::size_t index) const {
  const std::size_t at = offset(index);
  const auto upper = number_at<std::uint16_t>(bytes_, upper_at);
  if (at < upper || at + node_header_bytes > bytes_.size()) damaged("a node lies outside of it");
  const auto key_bytes = number_at<std::uint16_t>(bytes_, at + 6);
  const std::size_t room = bytes_.size() - at - node_header_bytes;
  if (key_bytes > room) damaged("a key reaches beyond it");
  const bool integer = key_bytes == sizeof(std::uint64_t);
  const bool least = kind_ == PageKind::branch && index == 0;
  if (order_ == KeyOrder::integers && !integer && !least) damaged("a key is no number");
  if (kind_ == PageKind::branch) return;
  const auto flags = number_at<std::uint16_t>(bytes_, at + 4);
  if (flags > (PageNode::overflow_flag | PageNode::subtree_flag)) damaged("a node is of no kind");
  const auto value_bytes =
      halves(number_at<std::uint16_t>(bytes_, at), number_at<std::uint16_t>(bytes_, at + 2));
  const bool overflow = (flags & PageNode::overflow_flag) != 0;
  const std::uint64_t stored = overflow ? sizeof(PageNumber) : value_bytes;
  if (stored > room - key_bytes) damaged("a value reaches beyond it");
}

void TreePage::check_order() const {
  // A branch's first key is never looked at.
  for (std::size_t i = kind_ == PageKind::branch ? 2 : 1; i < nodes_; ++i) {
    if (compare_keys(order_, node(i - 1).key, node(i).key) >= 0) damaged("keys are out of order");
  }
}

PageNode TreePage::node(std::size_t index) const {
  const Bytes bytes = bytes_;
  const std::size_t at = offset(index);
  const auto first = number_at<std::uint16_t>(bytes, at);
  const auto second = number_at<std::uint16_t>(bytes, at + 2);
  const auto flags = number_at<std::uint16_t>(bytes, at + 4);
  PageNode node;
  node.key = bytes.substr(at + node_header_bytes, number_at<std::uint16_t>(bytes, at + 6));
  if (kind_ == PageKind::branch) {
    node.child = halves(first, second) | std::uint64_t{flags} << 32;
    return node;
  }
  node.flags = flags;
  node.value_bytes = halves(first, second);
  const std::uint64_t stored = node.is_overflow() ? sizeof(PageNumber) : node.value_bytes;
  node.stored = bytes.substr(at + node_header_bytes + node.key.size(), stored);
  return node;
}

std::size_t TreePage::lower_bound(Bytes key) const {
  std::size_t first = 0;
  std::size_t last = nodes_;
  while (first < last) {
    const std::size_t middle = (first + last) / 2;
    if (compare_keys(order_, node(middle).key, key) < 0) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  return first;
}

std::size_t TreePage::child_for(Bytes key) const {
  std::size_t first = 1;
  std::size_t last = nodes_;
  while (first < last) {
    const std::size_t middle = (first + last) / 2;
    if (compare_keys(order_, node(middle).key, key) <= 0) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  return first - 1;
}

}  // namespace mentat_sync
