// Client: the API of a mentat-sync server for one user, as blocking calls over one connection.
//
// Thread-safety: one thread for each client; as many clients as you like.
// Ownership and lifetime: the interrupter in ClientOptions must outlive it.
// Failures: every call ends in a Reply, within the times of ClientOptions (see there for what is
// not bounded). A failed change may have been applied; all of them can be repeated. Only memory
// running out throws. Memory: a chunk or a page is held whole, a pulled log item by item. Source:
// docs/protocol.md.
#pragma once

#include "http/client/client_error.hpp"
#include "http/client/client_options.hpp"
#include "http/client/push_body.hpp"
#include "http/client/server_url.hpp"
#include "storage/ids.hpp"
#include "storage/log_item.hpp"
#include "storage/queries.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

/// A way to ask for HEAD that waits.
struct AwaitedHead {
  /// False when the time was over, or the server does not wait; `head` is then the known one.
  bool changed = false;
  TransactionId head;
};

struct AdvanceResult {
  /// False when HEAD did not move; `current_head` says where it is.
  bool advanced = false;
  TransactionId current_head;
  /// Why not: "head-not-descendant", … "head-is-current" means that it is there already.
  std::string conflict;
};

/// What part of the log to pull.
struct PullRequest {
  /// Exclusive: the first transaction is the one after it.
  TransactionId from = TransactionId::root();
  /// The log ends after so many transactions, or with the first whose chunks bring the bytes of all
  /// to this. The trailer then says that there is more.
  std::optional<std::uint64_t> limit = {};
  std::optional<std::uint64_t> max_bytes = {};
  /// False: transactions only.
  bool with_chunks = true;
};

/// Takes a log's items: the header first, the trailer last. False: no more, the pull ends.
using LogSink = std::function<bool(LogItem&&)>;

struct PushResult {
  enum class Outcome {
    pushed,
    /// The identical push had been applied before.
    already_there,
    /// HEAD is not at the base but at `head`; nothing was changed.
    conflict,
    /// The server lacks `missing`; nothing was changed.
    missing,
    /// See `refusal`; nothing was changed.
    refused,
  };
  Outcome outcome = Outcome::refused;
  /// HEAD and its sequence number; of a conflict HEAD alone.
  TransactionId head;
  std::uint64_t seq = 0;
  std::vector<ChunkId> missing;
  /// What the server said, of an outcome that is not a success.
  ClientError refusal;
};

class Client {
 public:
  Client(ServerUrl server, UserId user, ClientOptions options = {});
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  // --- The log ---------------------------------------------------------------------------------

  Reply<TransactionId> head();
  /// HEAD with its sequence number, and totals.
  Reply<Summary> summary();
  /// Waits up to `wait` (the server may wait less) for HEAD to be another than `known`.
  Reply<AwaitedHead> await_head(const TransactionId& known, std::chrono::seconds wait);
  /// The committed transactions after `from`; `from_found` is false when `from` is not one.
  Reply<TransactionPage> list(const TransactionId& from, std::uint32_t limit);
  /// `found` is false when HEAD has not reached it.
  Reply<Transaction> transaction(const TransactionId& id);
  /// `found` is false when there is none.
  Reply<Chunk> chunk(const ChunkId& id);

  // --- Changing it, step by step ---------------------------------------------------------------

  Reply<Done> put_chunk(const ChunkId& id, std::string_view bytes);
  /// A refusal names the chunks to upload first (ClientError::missing).
  Reply<Done> put_transaction(const TransactionId& id, const TransactionId& parent,
                              const std::vector<ChunkId>& chunks);
  Reply<AdvanceResult> advance_head(const TransactionId& head);
  /// Everything of this user.
  Reply<Done> remove();

  // --- The log in one piece --------------------------------------------------------------------

  /// Those of `ids` that the server lacks; it keeps the others for a day at least.
  Reply<std::vector<ChunkId>> missing(const std::vector<ChunkId>& ids);
  /// Gives the log to `sink`, and returns the trailer. An error after some items: they are right as
  /// far as they go, for the checks of LogDecoder are made on the way. Not found: type
  /// "from-not-found".
  Reply<LogTrailer> pull(const PullRequest& request, const LogSink& sink);
  Reply<PushResult> push(PushBody& body);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mentat_sync
