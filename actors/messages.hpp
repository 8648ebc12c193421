// How messages are serialised, and the one list of message types. The messages themselves are the
// commands, queries and answers of storage/; those that never leave the process are in
// actors/interfaces.hpp.
//
// Thread-safety: init_messages() before the first actor_system and its configuration are made; the
// inspect functions as CAF calls them.
// Failures: what is read from another node is checked as the protocol's text is: a chunk id of
// another shape or a verdict out of range makes the deserialisation fail.
#pragma once

#include "actors/await_head.hpp"
#include "actors/caf_compat.hpp"
#include "storage/commands.hpp"
#include "storage/outcome.hpp"
#include "storage/queries.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mentat_sync {

struct LocalCommand;
struct UserCommand;
struct Completed;
struct LookForIdle;
struct Passivate;
struct UserIdle;
struct UserGone;
struct ReadCompleted;
struct LocalWatch;
struct WithdrawWatch;
struct ReleaseWatchers;
struct EndWatch;
struct WatchesDue;
struct SetWatchTimer;
struct LookForDueWatches;
struct CollectNow;
struct BeginPass;
struct NextStep;

}  // namespace mentat_sync

// Messages that may travel to another node. Append only: on CAF 1.x the place in the list is the
// type's id, and nodes of different versions must agree on it.
#define MENTAT_SYNC_WIRE_MESSAGES(type)                                                            \
  type(UserId) type(TransactionId) type(ChunkId) type(PutChunk) type(PutTransaction)               \
      type(AdvanceHead) type(DeleteUser) type(Outcome) type(ReadHead) type(Head) type(ReadSummary) \
          type(Summary) type(ListTransactions) type(TransactionPage) type(ReadTransaction)         \
              type(Transaction) type(ReadChunk) type(Chunk) type(Push) type(FindMissing)           \
                  type(Collect) type(AwaitHead) type(ListUsers) type(UserPage)

// Messages that stay in the process; they cannot be serialised. They come after the others, so that
// those can grow.
#define MENTAT_SYNC_LOCAL_MESSAGES(type)                                                  \
  type(LocalCommand) type(Completed) type(Passivate) type(UserIdle) type(UserGone)        \
      type(ReadCompleted) type(LocalWatch) type(ReleaseWatchers) type(WithdrawWatch)      \
          type(EndWatch) type(WatchesDue) type(CollectNow) type(BeginPass) type(NextStep) \
              type(UserCommand) type(LookForIdle) type(SetWatchTimer) type(LookForDueWatches)

MENTAT_SYNC_MESSAGE_TYPES(MENTAT_SYNC_WIRE_MESSAGES, MENTAT_SYNC_LOCAL_MESSAGES)

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mentat_sync::LocalCommand)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mentat_sync::Completed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mentat_sync::UserCommand)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mentat_sync::LookForIdle)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mentat_sync::Passivate)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mentat_sync::UserIdle)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mentat_sync::UserGone)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mentat_sync::ReadCompleted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mentat_sync::LocalWatch)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mentat_sync::ReleaseWatchers)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mentat_sync::WithdrawWatch)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mentat_sync::EndWatch)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mentat_sync::WatchesDue)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mentat_sync::SetWatchTimer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mentat_sync::LookForDueWatches)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mentat_sync::CollectNow)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mentat_sync::BeginPass)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mentat_sync::NextStep)

namespace mentat_sync {

/// Makes our message types known to CAF, before any configuration or system is made. May be called
/// again. CAF 0.17.6 has no need of it.
void init_messages();

/// Makes our message types known to a system that is about to be made. CAF 1.x has no need of it.
void add_messages(caf::actor_system_config& config);

// --- Ids ---------------------------------------------------------------------------------------

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, Uuid& x) {
  return compat::inspect_fields(f, x, "mentat_sync::Uuid", compat::field("bytes", x.bytes));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, UserId& x) {
  return compat::inspect_fields(f, x, "mentat_sync::UserId", compat::field("uuid", x.uuid));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, TransactionId& x) {
  return compat::inspect_fields(f, x, "mentat_sync::TransactionId", compat::field("uuid", x.uuid));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, ChunkId& x) {
  auto get = [&x] { return x.to_string(); };
  auto set = [&x](const std::string& text) {
    auto id = ChunkId::parse(text);
    if (id) x = *id;
    return id.has_value();
  };
  return compat::inspect_as(f, get, set);
}

// --- Views: how single members travel ----------------------------------------------------------

/// A verdict as its number.
struct VerdictView {
  Verdict& verdict;
};

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, VerdictView& x) {
  auto get = [&x] { return static_cast<std::uint8_t>(x.verdict); };
  auto set = [&x](std::uint8_t number) {
    const auto verdict = static_cast<Verdict>(number);
    if (to_string(verdict) == "unknown") return false;
    x.verdict = verdict;
    return true;
  };
  return compat::inspect_as(f, get, set);
}

/// What may be absent, as a list of at most one.
template <class T>
struct OptionalView {
  std::optional<T>& value;
};
using OptionalHeadsView = OptionalView<std::vector<TransactionId>>;
using OptionalUserView = OptionalView<UserId>;

template <class Inspector, class T>
compat::Inspected<Inspector> inspect(Inspector& f, OptionalView<T>& x) {
  using List = std::vector<T>;
  auto get = [&x] { return x.value ? List{*x.value} : List{}; };
  auto set = [&x](List list) {
    if (list.size() > 1) return false;
    x.value.reset();
    if (!list.empty()) x.value = std::move(list.front());
    return true;
  };
  return compat::inspect_as(f, get, set);
}

// --- Commands and their outcome ----------------------------------------------------------------

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, PutChunk& x) {
  return compat::inspect_fields(f, x, "mentat_sync::PutChunk", compat::field("user", x.user),
                                compat::field("chunk", x.chunk), compat::field("bytes", x.bytes));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, PutTransaction& x) {
  return compat::inspect_fields(f, x, "mentat_sync::PutTransaction", compat::field("user", x.user),
                                compat::field("transaction", x.transaction),
                                compat::field("parent", x.parent),
                                compat::field("chunks", x.chunks));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, AdvanceHead& x) {
  OptionalHeadsView if_match{x.if_match};
  return compat::inspect_fields(f, x, "mentat_sync::AdvanceHead", compat::field("user", x.user),
                                compat::field("head", x.head), compat::field("if_match", if_match));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, DeleteUser& x) {
  return compat::inspect_fields(f, x, "mentat_sync::DeleteUser", compat::field("user", x.user));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, Push::Chunk& x) {
  return compat::inspect_fields(f, x, "mentat_sync::Push::Chunk", compat::field("id", x.id),
                                compat::field("bytes", x.bytes));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, Push::Transaction& x) {
  return compat::inspect_fields(f, x, "mentat_sync::Push::Transaction", compat::field("id", x.id),
                                compat::field("chunks", x.chunks));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, Push& x) {
  return compat::inspect_fields(f, x, "mentat_sync::Push", compat::field("user", x.user),
                                compat::field("base", x.base), compat::field("chunks", x.chunks),
                                compat::field("transactions", x.transactions));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, FindMissing& x) {
  return compat::inspect_fields(f, x, "mentat_sync::FindMissing", compat::field("user", x.user),
                                compat::field("chunks", x.chunks));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, Collect& x) {
  return compat::inspect_fields(f, x, "mentat_sync::Collect", compat::field("user", x.user),
                                compat::field("resume_at", x.resume_at));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, AwaitHead& x) {
  return compat::inspect_fields(f, x, "mentat_sync::AwaitHead", compat::field("user", x.user),
                                compat::field("known", x.known),
                                compat::field("wait_ms", x.wait_ms),
                                compat::field("known_seq", x.known_seq));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, Collected& x) {
  return compat::inspect_fields(
      f, x, "mentat_sync::Collected", compat::field("transactions", x.transactions),
      compat::field("chunks", x.chunks), compat::field("chunk_bytes", x.chunk_bytes),
      compat::field("resume_at", x.resume_at));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, Outcome& x) {
  VerdictView verdict{x.verdict};
  return compat::inspect_fields(
      f, x, "mentat_sync::Outcome", compat::field("verdict", verdict),
      compat::field("current_head", x.current_head), compat::field("current_seq", x.current_seq),
      compat::field("missing", x.missing), compat::field("limit", x.limit),
      compat::field("used", x.used), compat::field("collected", x.collected));
}

// --- Queries and their answers -----------------------------------------------------------------

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, ReadHead& x) {
  return compat::inspect_fields(f, x, "mentat_sync::ReadHead", compat::field("user", x.user));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, Head& x) {
  return compat::inspect_fields(f, x, "mentat_sync::Head", compat::field("head", x.head),
                                compat::field("seq", x.seq));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, ReadSummary& x) {
  return compat::inspect_fields(f, x, "mentat_sync::ReadSummary", compat::field("user", x.user));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, Summary& x) {
  return compat::inspect_fields(
      f, x, "mentat_sync::Summary", compat::field("head", x.head), compat::field("seq", x.seq),
      compat::field("transaction_count", x.transaction_count),
      compat::field("transaction_bytes", x.transaction_bytes),
      compat::field("chunk_count", x.chunk_count), compat::field("chunk_bytes", x.chunk_bytes));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, ListTransactions& x) {
  return compat::inspect_fields(f, x, "mentat_sync::ListTransactions",
                                compat::field("user", x.user), compat::field("from", x.from),
                                compat::field("limit", x.limit));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, TransactionPage& x) {
  return compat::inspect_fields(
      f, x, "mentat_sync::TransactionPage", compat::field("from_found", x.from_found),
      compat::field("transactions", x.transactions), compat::field("more", x.more));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, ReadTransaction& x) {
  return compat::inspect_fields(f, x, "mentat_sync::ReadTransaction", compat::field("user", x.user),
                                compat::field("transaction", x.transaction));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, Transaction& x) {
  return compat::inspect_fields(f, x, "mentat_sync::Transaction", compat::field("found", x.found),
                                compat::field("id", x.id), compat::field("seq", x.seq),
                                compat::field("parent", x.parent),
                                compat::field("chunks", x.chunks));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, ReadChunk& x) {
  return compat::inspect_fields(f, x, "mentat_sync::ReadChunk", compat::field("user", x.user),
                                compat::field("chunk", x.chunk));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, Chunk& x) {
  return compat::inspect_fields(f, x, "mentat_sync::Chunk", compat::field("found", x.found),
                                compat::field("bytes", x.bytes),
                                compat::field("lease_is_due", x.lease_is_due));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, ListUsers& x) {
  OptionalUserView after{x.after};
  return compat::inspect_fields(f, x, "mentat_sync::ListUsers", compat::field("after", after),
                                compat::field("limit", x.limit),
                                compat::field("with_garbage", x.with_garbage));
}

template <class Inspector>
compat::Inspected<Inspector> inspect(Inspector& f, UserPage& x) {
  OptionalUserView next{x.next};
  return compat::inspect_fields(f, x, "mentat_sync::UserPage", compat::field("users", x.users),
                                compat::field("next", next));
}

}  // namespace mentat_sync
