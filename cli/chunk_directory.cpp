// Files appear under their names whole: see atomic_file.hpp.
#include "cli/chunk_directory.hpp"

#include "cli/atomic_file.hpp"

#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace mentat_sync {
namespace {

namespace fs = std::filesystem;

bool holds(const fs::path& file, const std::string& bytes) {
  std::error_code error;
  if (fs::file_size(file, error) != bytes.size() || error) return false;
  std::ifstream stream(file, std::ios::binary);
  const std::string there{std::istreambuf_iterator<char>{stream}, {}};
  return there == bytes;
}

}  // namespace

Result<ChunkDirectory> ChunkDirectory::open(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!fs::is_directory(path)) {
    return Status{ErrorCode::io, "cannot make the directory " + path.string() +
                                     (error ? ": " + error.message() : std::string{})};
  }
  return ChunkDirectory{path};
}

Result<std::optional<TransactionId>> ChunkDirectory::head() const {
  const auto file = head_file();
  std::error_code error;
  if (!fs::exists(file, error)) return std::optional<TransactionId>{};
  std::ifstream stream(file);
  std::string text;
  std::getline(stream, text);
  auto id = TransactionId::parse(text);
  if (!id) {
    return Status{ErrorCode::invalid,
                  file.string() + " holds no transaction's uuid; say --from, or remove it"};
  }
  return std::optional{*id};
}

Status ChunkDirectory::set_head(const TransactionId& head) const {
  return write_file(head_file(), head.to_string() + "\n", false);
}

Status ChunkDirectory::put(const LogChunk& chunk) const {
  const auto file = path_ / chunk.id.to_string();
  if (holds(file, chunk.bytes)) return {};
  return write_file(file, chunk.bytes, false);
}

}  // namespace mentat_sync
