// FilePusher: puts one new transaction after HEAD, wherever that moves meanwhile.
//
// Chunks that the server has are not sent again. What is too much for one request goes ahead of the
// transaction, in pushes of chunks alone; a chunk too large for a push is uploaded by itself.
//
// Thread-safety: one thread. Ownership: the options and the interruption must outlive it.
// Failures: said on standard error; the exit code is returned.
// Source: docs/protocol.md, "Push".
#pragma once

#include "cli/file_chunks.hpp"
#include "cli/progress.hpp"
#include "cli/push_command.hpp"
#include "cli/remote.hpp"

#include <cstdint>
#include <optional>
#include <unordered_set>

namespace mentat_sync {

class FilePusher {
 public:
  FilePusher(const PushOptions& options, FileChunks content, const Interruption& interruption);

  /// The exit code.
  int run();

 private:
  std::optional<ClientError> drop_known();
  Reply<Head> find_base();
  Reply<PushResult> push(const Head& base);
  bool is_one_push() const;
  Reply<PushResult> send_some(const Head& base);
  Reply<PushResult> upload(const Head& base, std::size_t chunk);
  void mark_sent(const LogChunk& chunk);

  /// The exit code, or nothing when it is to be tried again.
  std::optional<int> conclude(const PushResult& result);
  bool lower_push_bytes(const ClientError& refusal);
  /// Before another try after a HEAD that moved, so that not all try again at once.
  std::optional<int> rest() const;
  int refused(const ClientError& refusal) const;
  int conflict(const TransactionId& head) const;
  int print(const PushResult& result) const;

  const PushOptions& options_;
  const Interruption& interruption_;
  const FileChunks content_;
  const TransactionId id_;
  Client client_;
  std::unordered_set<ChunkId> to_send_;
  std::uint64_t push_bytes_;
  std::uint64_t retries_ = 0;
  std::optional<Progress> progress_;
};

}  // namespace mentat_sync
