// LogImporter: takes a log's items in order and pushes them, a bounded amount at a time: as much as
// it was told, or as the server takes. A chunk that is too large for a push is uploaded by itself.
//
// Thread-safety: one thread. Ownership: the client must outlive it.
// Failures: an ImportFailure; nothing can be done with the importer after it.
#pragma once

#include "http/client/client.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace mentat_sync {

struct ImportFailure {
  /// Whether HEAD is where this log cannot go on.
  bool conflict = false;
  std::string message;
};

class LogImporter {
 public:
  using Failure = std::optional<ImportFailure>;

  /// `head`: the server's. `push_bytes`: in one push, but a larger item goes alone.
  LogImporter(Client& client, Head head, std::uint64_t push_bytes)
      : client_(client), push_(head), push_bytes_(push_bytes) {}

  Failure take(const LogItem& item);
  /// After the trailer.
  Failure finish();

  const Head& head() const { return push_.head(); }
  std::uint64_t imported_transactions() const { return imported_; }

 private:
  Failure begin(const LogHeader& header);
  Failure take_chunk(const LogChunk& chunk);
  Failure take_transaction(const LogTransaction& transaction);
  /// Pushes what was gathered if `bytes` and `items` more would be too much.
  Failure make_room(std::uint64_t bytes, std::size_t items);
  Failure push();
  /// What was gathered turned out to be too much for the server.
  Failure push_in_parts(std::uint64_t limit);
  Failure refused(const ClientError& refusal);
  Failure upload(const LogChunk& chunk);

  Client& client_;
  PushBody push_;
  std::uint64_t push_bytes_;
  /// What the server takes in one push, once it has said so.
  std::optional<std::uint64_t> server_limit_;
  /// Whether HEAD was passed in the file: what came before it is on the server.
  bool reached_ = false;
  /// Transactions of `push_`, and its largest chunk.
  std::uint64_t gathered_ = 0;
  std::uint64_t largest_bytes_ = 0;
  std::optional<ChunkId> largest_;
  std::uint64_t imported_ = 0;
};

}  // namespace mentat_sync
