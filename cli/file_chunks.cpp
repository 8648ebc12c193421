// Reads whole files; the largest chunk there can be bounds how much is read.
#include "cli/file_chunks.hpp"

#include "cli/units.hpp"
#include "storage/bounds.hpp"
#include "storage/sha256.hpp"

#include <cerrno>
#include <fstream>
#include <iostream>
#include <random>
#include <system_error>
#include <unordered_set>
#include <utility>

namespace mentat_sync {
namespace {

Status unreadable(const std::string& file) {
  const int error = errno;
  const auto why = error ? ": " + std::generic_category().message(error) : std::string{};
  return {ErrorCode::io, "cannot read " + file + why};
}

Result<std::string> read_all(std::istream& stream, const std::string& file) {
  std::string bytes;
  std::string piece(bounds::MiB, '\0');
  errno = 0;
  while (stream.read(piece.data(), static_cast<std::streamsize>(piece.size())) ||
         stream.gcount() > 0) {
    bytes.append(piece, 0, static_cast<std::size_t>(stream.gcount()));
    if (bytes.size() > bounds::chunk_bytes_max) {
      return Status{ErrorCode::invalid, file + " is larger than a chunk can be: " +
                                            to_human_size(bounds::chunk_bytes_max)};
    }
  }
  if (stream.bad() || !stream.eof()) return unreadable(file);
  return bytes;
}

Result<std::string> read_file(const std::string& file) {
  if (file == "-") return read_all(std::cin, "standard input");
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return unreadable(file);
  return read_all(stream, file);
}

}  // namespace

std::vector<ChunkId> FileChunks::ids_once() const {
  std::vector<ChunkId> once;
  once.reserve(chunks.size());
  for (const auto& chunk : chunks) once.push_back(chunk.id);
  return once;
}

Result<FileChunks> read_file_chunks(const std::vector<std::string>& files) {
  FileChunks all;
  std::unordered_set<ChunkId> known;
  for (const auto& file : files) {
    auto bytes = read_file(file);
    if (!bytes.ok()) return bytes.status();
    const auto id = ChunkId::of(sha256(*bytes));
    all.ids.push_back(id);
    if (!known.insert(id).second) continue;
    all.bytes += bytes->size();
    all.names.push_back(file == "-" ? "standard input" : file);
    all.chunks.push_back({id, *std::move(bytes)});
  }
  return all;
}

TransactionId random_transaction_id() {
  std::random_device device;
  std::uniform_int_distribution<unsigned> byte{0, 255};
  TransactionId id;
  for (auto& b : id.uuid.bytes) b = static_cast<std::uint8_t>(byte(device));
  id.uuid.bytes[6] = static_cast<std::uint8_t>((id.uuid.bytes[6] & 0x0F) | 0x40);  // version
  id.uuid.bytes[8] = static_cast<std::uint8_t>((id.uuid.bytes[8] & 0x3F) | 0x80);  // variant
  return id;
}

}  // namespace mentat_sync
