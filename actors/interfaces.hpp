// The catalogue: every actor's interface, and every message that stays in the process. The other
// messages are the commands (storage/commands.hpp), the queries and their answers
// (storage/queries.hpp) and Outcome (storage/outcome.hpp).
//
// clang-format off
//   embedders, nodes ──SyncActor──▶ directory ──UserActor──▶ a user's actor ──▶ store's writer
//   HTTP sessions ─────Gateway────▶     │
//   collector ────────SyncActor───▶     └──ReaderActor──▶ reader ───▶ store's snapshots
// clang-format on
//
// An expected outcome (a conflict, an unknown parent) is an Outcome. A caf::error means that the
// machinery failed, and of a command that its outcome is unknown; repeating it is safe.
//
// What is added later becomes a further handler of SyncActor, with its messages appended to the
// lists in actors/messages.hpp.
#pragma once

#include "actors/await_head.hpp"
#include "actors/caf_compat.hpp"
#include "actors/local_request.hpp"
#include "actors/messages.hpp"
#include "storage/commands.hpp"
#include "storage/outcome.hpp"
#include "storage/queries.hpp"
#include "storage/store.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <variant>

namespace mentat_sync {

using compat::answers;
using compat::tells;

// --- Messages that stay in the process ---------------------------------------------------------

/// A command of somebody who is no actor: the way of HTTP sessions. Passed on without a copy.
struct LocalCommand {
  std::shared_ptr<LocalRequest<Command>> request;
};

/// The same for a watch. The ticket is what it can be withdrawn by.
struct LocalWatch {
  std::shared_ptr<LocalRequest<AwaitHead>> request;
  WatchTicket ticket = 0;
};

/// A session, to the directory: nobody waits for that watch any more.
struct WithdrawWatch {
  UserId user;
  WatchTicket ticket = 0;
};

/// The directory, to a user actor: a command that came to it as a message.
struct UserCommand {
  Command command;
};

/// To the directory: all watchers are to be answered now, and none is to wait any more. The process
/// is about to end.
struct ReleaseWatchers {};

/// The directory, to a user actor: nobody waits for this watch any more; 0: the waits of all are
/// over. One message for both, for an actor pays for each handler that it has.
struct EndWatch {
  WatchTicket ticket = 0;
};

/// The directory, to a user actor: its timer has gone off, and some have waited long enough.
struct WatchesDue {
  UserId user;
  caf::actor_id actor = 0;
  std::uint64_t timer = 0;
};

/// A user actor, to the directory: set this timer.
struct SetWatchTimer {
  std::chrono::steady_clock::time_point due;
  WatchesDue timer;
};

/// The directory, to itself: it is `at`, and timers go off.
struct LookForDueWatches {
  std::chrono::steady_clock::time_point at;
};

/// Whoever wants it, to a collector: collect now, without resting.
struct CollectNow {};

/// A collector, to itself: time for the next pass over all users, or for its next step.
struct BeginPass {};
struct NextStep {};

/// The store's writer, to the user actor: the command with this ticket has ended.
struct Completed {
  std::uint64_t ticket = 0;
  Outcome outcome;
};

/// The directory, to itself: time to look which of some users have not been heard of for long.
struct LookForIdle {};

/// The directory, to a user actor, in two steps. One message for both: an actor pays for each that
/// it handles.
struct Passivate {
  enum class Step : std::uint8_t {
    /// To one that has not been heard of for long, or to any when there are many: say so if nothing
    /// is in flight (UserIdle).
    ask,
    /// Nothing more will come; end as soon as nothing is in flight.
    retire
  };
  Step step = Step::ask;
};

/// A user actor, to the directory: nothing is in flight. `handled` is how many messages it has had
/// from the directory, but for this asking; it may wrap around.
struct UserIdle {
  UserId user;
  caf::actor_id actor = 0;
  std::uint32_t handled = 0;
};

/// A user actor, to the directory: it has ended without having been retired (it failed).
struct UserGone {
  UserId user;
  caf::actor_id actor = 0;
};

/// The answer of a query, of one of the kinds there are.
using ReadResult =
    std::variant<std::monostate, Result<Head>, Result<Summary>, Result<TransactionPage>,
                 Result<Transaction>, Result<Chunk>, Result<UserPage>>;

/// The store, to the reader: the query with this ticket is answered.
struct ReadCompleted {
  std::uint64_t ticket = 0;
  ReadResult result;
};

// --- Interfaces --------------------------------------------------------------------------------

/// Syncing by messages: what an embedder's actors and other nodes see of the directory. This is the
/// handle to publish with CAF's middleman.
using SyncActor = caf::typed_actor<
    // Stores a chunk. Answered, as every command is, after it is on disk.
    answers<Outcome, PutChunk>,
    // Links chunks into a pending transaction.
    answers<Outcome, PutTransaction>,
    // Makes a transaction, and those before it, visible.
    answers<Outcome, AdvanceHead>,
    // Forgets everything of a user.
    answers<Outcome, DeleteUser>,
    // Chunks, transactions and HEAD in one step, or nothing of it.
    answers<Outcome, Push>,
    // Which chunks are not stored; renews the leases of the others.
    answers<Outcome, FindMissing>,
    // One small step of the collection of a user's garbage.
    answers<Outcome, Collect>,
    // Says when HEAD is elsewhere; see AwaitHead for its verdicts. Nothing is written.
    answers<Outcome, AwaitHead>,
    // Where the log ends. A query that fails answers a caf::error.
    answers<Head, ReadHead>,
    // Counts and bytes.
    answers<Summary, ReadSummary>,
    // The committed transactions after one, in order; `limit` is clamped to the largest page.
    answers<TransactionPage, ListTransactions>,
    // One committed transaction.
    answers<Transaction, ReadTransaction>,
    // One chunk's bytes.
    answers<Chunk, ReadChunk>,
    // Users, a page at a time.
    answers<UserPage, ListUsers>>;

/// The directory: finds the actor of a user, spawns it when there is none, and hands on to it. All
/// messages for a user actor pass through here.
using DirectoryActor = SyncActor::extend<
    // A session's command, for its user's actor.
    tells<LocalCommand>,
    // A session's watch, likewise.
    tells<LocalWatch>,
    // Nobody waits for a watch any more; answers all watchers, from now on.
    tells<WithdrawWatch>, tells<ReleaseWatchers>,
    // Time to look for users who have not been heard of.
    tells<LookForIdle>,
    // A user actor wants to look at its watches later; time to tell those that want it now.
    tells<SetWatchTimer>, tells<LookForDueWatches>,
    // A user actor that would go; it is retired if nothing is on its way to it.
    tells<UserIdle>,
    // A user actor that failed; it is forgotten, and respawned on next use.
    tells<UserGone>>;

/// The one actor of a user: keeps the order of the user's commands, has many of them in flight, and
/// bounds how many. Tells its watchers when HEAD moves; while it has any, it stays.
using UserActor = caf::typed_actor<
    // Submits to the store at once, and answers when it completes; `overloaded` beyond the bound.
    // One handler for all: an actor pays for each that it has.
    answers<Outcome, UserCommand>,
    // The same for a session; answered by calling its handler.
    tells<LocalCommand>,
    // Answers when HEAD is elsewhere, or when the wait is over.
    answers<Outcome, AwaitHead>, tells<LocalWatch>,
    // The wait of one watcher, or of all, is over; that of some is, by the clock.
    tells<EndWatch>, tells<WatchesDue>,
    // The store has ended a command: whoever asked is answered.
    tells<Completed>,
    // Whether anything is in flight is asked; or no more will come, and the actor ends once nothing
    // is.
    tells<Passivate>>;

/// Answers queries from the store's snapshots; it has a thread of its own, because it reads files.
using ReaderActor = caf::typed_actor<
    // As in SyncActor.
    answers<Head, ReadHead>, answers<Summary, ReadSummary>,
    answers<TransactionPage, ListTransactions>, answers<Transaction, ReadTransaction>,
    answers<Chunk, ReadChunk>, answers<UserPage, ListUsers>,
    // The store has answered one of them.
    tells<ReadCompleted>>;

/// Collects the garbage of all users, one after another, in small steps with rests between them.
using CollectorActor = caf::typed_actor<
    // Begins a pass at once, or hurries the one under way: no more rests.
    tells<CollectNow>,
    // Time for a pass that the clock asks for, and for the next step.
    tells<BeginPass>, tells<NextStep>>;

}  // namespace mentat_sync
