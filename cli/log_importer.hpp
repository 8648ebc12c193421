// LogImporter: takes a log's items in order and pushes them, a bounded amount at a time.
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

  /// `head`: the server's.
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

  Client& client_;
  PushBody push_;
  const std::uint64_t push_bytes_;
  /// Whether HEAD was passed in the file: what came before it is on the server.
  bool reached_ = false;
  bool empty_ = true;
  std::uint64_t imported_ = 0;
};

}  // namespace mentat_sync
