// Reading pages by pread.
#include "storage/lmdb/page_file.hpp"

#include "storage/regular_file.hpp"

#include <cerrno>
#include <limits>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace mentat_sync {
namespace {

[[noreturn]] void fail(const char* call) {
  throw std::system_error{errno, std::generic_category(), call};
}

}  // namespace

Result<PageFile> PageFile::open(const std::filesystem::path& file) {
  auto opened = RegularFile::open(file);
  if (!opened) {
    return Status{ErrorCode::io, "cannot open " + file.string() + ": " + opened.status().message()};
  }
  PageFile pages{opened->release()};
  try {
    if (pages.is_lmdb()) return pages;
  } catch (const std::system_error& failure) {
    return Status{ErrorCode::io, file.string() + ": " + failure.what()};
  }
  return Status{ErrorCode::invalid, file.string() + " is no mentat-sync store"};
}

PageFile::~PageFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::uint64_t PageFile::file_bytes() const {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) fail("fstat");
  return static_cast<std::uint64_t>(status.st_size);
}

/// Shorter than asked for where the file ends.
std::string PageFile::read_at(std::uint64_t at, std::uint64_t bytes) const {
  std::string text(bytes, '\0');
  std::uint64_t done = 0;
  while (done < bytes) {
    const auto got =
        ::pread(descriptor_, text.data() + done, bytes - done, static_cast<off_t>(at + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("pread");
    if (got == 0) break;
    done += static_cast<std::uint64_t>(got);
  }
  text.resize(done);
  return text;
}

std::string PageFile::read(PageNumber page, std::uint64_t bytes) const {
  constexpr auto last = static_cast<std::uint64_t>(std::numeric_limits<off_t>::max());
  const bool addressable = page < (last - bytes) / page_bytes_;
  std::string text = addressable ? read_at(page * page_bytes_, bytes) : std::string{};
  if (text.size() < bytes) page_is_damaged(page, "it lies beyond the end of the file");
  return text;
}

/// Twice, until both are the same: whoever writes may be writing one of them.
std::pair<MetaPage, MetaPage> PageFile::metas() {
  const auto once = [this] {
    const MetaPage first = decode_meta_page(0, read_at(0, MetaPage::encoded_bytes));
    const MetaPage second = decode_meta_page(1, read_at(first.page_bytes, MetaPage::encoded_bytes));
    if (first.page_bytes != second.page_bytes) page_is_damaged(1, "its page size is another");
    page_bytes_ = first.page_bytes;
    return std::pair{first, second};
  };
  constexpr int attempts = 1'000;
  auto seen = once();
  for (int i = 0; i < attempts; ++i) {
    auto again = once();
    if (again == seen) return seen;
    seen = std::move(again);
  }
  return seen;
}

/// Where the second one is, only the first one knows for certain.
bool PageFile::is_lmdb() const {
  if (has_magic(read_at(0, MetaPage::encoded_bytes))) return true;
  for (std::uint64_t bytes = page_bytes_min; bytes <= page_bytes_max; bytes *= 2) {
    if (has_magic(read_at(bytes, MetaPage::encoded_bytes))) return true;
  }
  return false;
}

MetaPage PageFile::newest_meta() {
  const auto [first, second] = metas();
  return first.txn < second.txn ? second : first;
}

bool PageFile::find_meta(std::uint64_t txn, MetaPage& meta) {
  const auto [first, second] = metas();
  if (first.txn != txn && second.txn != txn) return false;
  meta = first.txn == txn ? first : second;
  return true;
}

}  // namespace mentat_sync
