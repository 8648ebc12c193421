// Reading LMDB's list of free pages.
#include "storage/lmdb/free_pages.hpp"

#include "storage/lmdb/number_set.hpp"

#include <cstring>
#include <system_error>

namespace mentat_sync {
namespace {

std::uint64_t word_at(format::Bytes list, std::uint64_t index) {
  std::uint64_t word = 0;
  if (list.size() / sizeof word <= index) throw CorruptRecord{"a list of free pages is too short"};
  std::memcpy(&word, list.data() + index * sizeof word, sizeof word);
  return word;
}

}  // namespace

std::uint64_t count_free_pages(StorePages& store, PageNumber first) {
  NumberSet free;
  TreeCursor at{store.pages(), {store.meta_page().free_list, KeyOrder::integers}};
  for (bool more = at.first(); more; more = at.next()) {
    const format::Bytes list = at.value();
    for (std::uint64_t i = word_at(list, 0); i > 0; --i) {
      const PageNumber page = word_at(list, i);
      if (page >= first && page <= store.meta_page().last_page) free.add(page);
    }
  }
  return free.size();
}

bool has_all_used_pages(const std::filesystem::path& data) {
  const auto opened = StorePages::open_file(data);
  if (!opened) return false;
  StorePages& store = **opened;
  try {
    store.begin();
    const PageNumber present = store.file().file_bytes() / store.file().page_bytes();
    const PageNumber counted = store.meta_page().last_page + 1;
    return present >= counted || count_free_pages(store, present) == counted - present;
  } catch (const CorruptRecord&) {  // a page of the list itself is lost
  } catch (const std::system_error&) {
  }
  return false;
}

}  // namespace mentat_sync
