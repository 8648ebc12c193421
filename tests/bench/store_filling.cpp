// Commands for the storage library, as many at a time as keep its writer busy.
#include "bench/store_filling.hpp"

#include "storage/lmdb_store.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <memory>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <system_error>
#include <unistd.h>

namespace mentat_sync {
namespace {

constexpr std::uint64_t batch_bytes = std::uint64_t{64} * 1024 * 1024;
/// One batch is written while the next gathers.
constexpr std::uint64_t waiting_bytes = 2 * batch_bytes;
constexpr std::ptrdiff_t waiting_commands_max = 16'384;

/// Closing it waits for all that was submitted.
class FillingStore {
 public:
  FillingStore(const std::filesystem::path& directory, std::uint64_t bytes,
               std::size_t command_bytes)
      : places_(std::clamp<std::ptrdiff_t>(
            static_cast<std::ptrdiff_t>(waiting_bytes / std::max<std::size_t>(command_bytes, 1)), 1,
            waiting_commands_max)) {
    LmdbStoreOptions options;
    options.directory = directory;
    options.max_batch_bytes = batch_bytes;
    options.max_batch_commands = waiting_commands_max;
    options.initial_map_bytes = std::max(options.initial_map_bytes, bytes + bytes / 4);
    auto opened = LmdbStore::open(std::move(options));
    if (!opened.ok()) throw std::runtime_error{opened.status().message()};
    store_ = std::move(opened).value();
  }

  void submit(Command command) {
    places_.acquire();
    store_->submit(std::move(command), [this](const Outcome& outcome) {
      if (outcome.verdict != Verdict::applied) refused_ = outcome.verdict;
      places_.release();
    });
  }

  void close() {
    store_.reset();
    const Verdict refused = refused_;
    if (refused != Verdict::applied) {
      throw std::runtime_error{"the store refused: " + std::string{to_string(refused)}};
    }
  }

 private:
  std::counting_semaphore<waiting_commands_max> places_;
  std::atomic<Verdict> refused_ = Verdict::applied;
  std::unique_ptr<LmdbStore> store_;
};

void expect_room(const std::filesystem::path& directory, std::uint64_t bytes) {
  std::filesystem::create_directories(directory);
  const auto available = std::filesystem::space(directory).available;
  if (available > bytes + bytes / 10) return;
  throw std::runtime_error{directory.string() + " has " + std::to_string(available) +
                           " bytes of room, too little for a store of " + std::to_string(bytes)};
}

/// So that no two are the same, and none is easily compressed by a disk that tries.
std::string bytes_of_chunk(std::size_t number, std::size_t size) {
  std::string bytes(size, '\0');
  std::uint64_t state = number + 1;
  for (std::size_t at = 0; at < size; at += sizeof state) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    std::memcpy(bytes.data() + at, &state, std::min(sizeof state, size - at));
  }
  return bytes;
}

void drop_file(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) throw std::system_error{errno, std::generic_category(), path.string()};
  const bool written = ::fsync(file) == 0;
  ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
  ::close(file);
  if (!written) throw std::runtime_error{"fsync of " + path.string()};
}

}  // namespace

UserId numbered_user(std::size_t number) {
  UserId user;
  std::memcpy(user.uuid.bytes.data(), &number, sizeof number);
  user.uuid.bytes.back() = 1;  // none is the nil uuid
  return user;
}

ChunkId numbered_chunk(std::size_t number) {
  return ChunkId::parse("chunk-" + std::to_string(number)).value();
}

void fill_store(const StoreFilling& filling) {
  expect_room(filling.directory, filling.bytes());
  FillingStore store{filling.directory, filling.bytes(), filling.chunk_bytes};
  for (std::size_t i = 0; i < filling.chunks; ++i) {
    store.submit(PutChunk{numbered_user(i % filling.users), numbered_chunk(i),
                          bytes_of_chunk(i, filling.chunk_bytes)});
  }
  store.close();
}

void add_small_logs(const std::filesystem::path& store, std::size_t first_user, std::size_t users,
                    std::size_t chunk_bytes) {
  FillingStore open{store, 0, chunk_bytes};
  const ChunkId chunk = numbered_chunk(0);
  for (std::size_t user = first_user; user < first_user + users; ++user) {
    const TransactionId transaction{numbered_user(user).uuid};
    open.submit(Push{.user = numbered_user(user),
                     .base = {},
                     .chunks = {{chunk, bytes_of_chunk(user, chunk_bytes)}},
                     .transactions = {{transaction, {chunk}}}});
  }
  open.close();
}

void drop_from_page_cache(const std::filesystem::path& store) {
  drop_file(store / "data.mdb");
}

std::size_t read_ahead_kib(const std::filesystem::path& directory) {
  struct stat status {};
  if (::stat(directory.c_str(), &status) != 0) return 0;
  const std::string device =
      std::to_string(major(status.st_dev)) + ":" + std::to_string(minor(status.st_dev));
  std::size_t kib = 0;
  std::ifstream{"/sys/class/bdi/" + device + "/read_ahead_kb"} >> kib;
  return kib;
}

}  // namespace mentat_sync
