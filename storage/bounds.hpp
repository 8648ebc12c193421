// Every bound of the system, in one place: the unit is last in the name, the reason stands beside
// the default, and how they depend on each other is checked in bounds.cpp.
//
// The folder is the lowest one, so that every other may include it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace mentat_sync::bounds {

inline constexpr std::uint64_t KiB = 1024;
inline constexpr std::uint64_t MiB = 1024 * KiB;
inline constexpr std::uint64_t GiB = 1024 * MiB;

// --- Ids ---------------------------------------------------------------------------------------

/// The protocol's own bound: `[a-z0-9-]{1,64}`.
inline constexpr std::size_t chunk_id_chars = 64;

// --- What a client may send --------------------------------------------------------------------

/// A chunk. Mentat's are about 100 bytes; 4 MiB leaves room for attachments, and keeps one chunk
/// from filling a commit. An option (`--max-chunk-bytes`).
inline constexpr std::uint64_t chunk_bytes_default = 4 * MiB;
/// What that option may be set to: LMDB stores a value in one run of consecutive pages.
inline constexpr std::uint64_t chunk_bytes_max = 256 * MiB;

/// Chunk ids in one transaction. 16,384 of 67 characters of JSON are about 1.1 MB. An option
/// (`--max-transaction-chunks`) may lower it.
inline constexpr std::size_t chunks_per_transaction = 16'384;

/// A JSON request body: room for `chunks_per_transaction` ids of the longest form, and white space.
/// An option (`--max-json-bytes`), within these.
inline constexpr std::uint64_t json_body_bytes = 2 * MiB;
inline constexpr std::uint64_t json_body_bytes_min = 1 * KiB;
inline constexpr std::uint64_t json_body_bytes_max = 64 * MiB;
/// Nesting of a JSON body; ours need 2.
inline constexpr std::size_t json_depth = 16;

/// A body where none is asked for (GET, HEAD, DELETE): read and dropped up to here, because some
/// clients send "{}" with everything, and refused beyond.
inline constexpr std::uint64_t ignored_body_bytes = 64 * KiB;

/// A request line and its headers together, as nginx and Apache have it within a factor of two. An
/// option (`--max-header-bytes`), up to the read buffer.
inline constexpr std::uint32_t header_bytes = 16 * KiB;
inline constexpr std::uint32_t header_bytes_min = 1 * KiB;
inline constexpr std::uint32_t header_bytes_max = 64 * KiB;
/// The request target alone. The longest of ours is under 200 bytes. An option
/// (`--max-target-bytes`).
inline constexpr std::size_t target_bytes = 4 * KiB;
inline constexpr std::size_t target_bytes_min = 256;

/// Transactions in one page of a listing, by default (as the original) and at the most: a page of
/// 10,000 is about 400 KB of JSON and holds its snapshot for about 2 ms.
inline constexpr std::uint32_t page_transactions_default = 100;
inline constexpr std::uint32_t page_transactions_max = 10'000;

/// Users in one page of a listing.
inline constexpr std::uint32_t page_users_max = 1'000;

/// Transactions of one user that HEAD may yet reach (dead forks do not count), which bounds how
/// long one `AdvanceHead` can keep the writer (2 to 4 µs each). An option
/// (`--max-pending-transactions`).
inline constexpr std::uint64_t pending_transactions_per_user = 100'000;
inline constexpr std::uint64_t pending_transactions_per_user_max = 1'000'000;

/// A push, as a request body. It is one commit, so it is held whole. An option
/// (`--max-push-bytes`); a longer log is pushed in several.
inline constexpr std::uint64_t push_bytes_default = 64 * MiB;
/// What that option may be set to.
inline constexpr std::uint64_t push_bytes_max = 512 * MiB;
/// Chunks, transactions, and chunk ids in its transactions, of one push together: about half a
/// second of the writer's, which all users wait for. 10,000 transactions of 3 chunks are 70,000.
inline constexpr std::size_t push_items = 100'000;

/// Chunk ids in one question for those that are missing.
inline constexpr std::size_t find_missing_chunks = chunks_per_transaction;
/// Up to so many it is answered in its turn; beyond, after others' changes, one such question at a
/// time: each chunk takes about 2 us of the writer.
inline constexpr std::size_t find_missing_beside_others = 256;

// --- How much of it ----------------------------------------------------------------------------

/// What one user may store, chunks and transactions together; 0: as much as there is room for,
/// because nobody but the operator knows what a user is worth. An option (`--max-user-bytes`).
inline constexpr std::uint64_t user_bytes_default = 0;

/// Connections from one address (of IPv6, from one /64): a sixteenth of all. Behind a proxy all
/// come from its address. An option (`--max-connections-per-address`; 0: no bound).
inline constexpr std::size_t connections_per_address_default = 1'024;

/// Requests a second of one user, and from one address; 0: no bound, for a device that uploads its
/// first thousands of chunks cannot be told from a greedy one. Options (`--max-user-rate`,
/// `--max-address-rate`).
inline constexpr std::uint32_t request_rate_default = 0;
inline constexpr std::uint32_t request_rate_max = 1'000'000;
/// Who was quiet before may send so many seconds' worth of requests at once.
inline constexpr std::chrono::seconds request_burst{10};
/// Users, and addresses, whose rate is remembered, about 40 bytes each. Those that are back to
/// their full burst are forgotten first; beyond it new ones are not limited.
inline constexpr std::size_t rated_keys = 262'144;

/// Bodies that are being received or worked on, of all connections together; beyond it a request
/// is refused as overloaded. An option (`--max-bodies-bytes`).
inline constexpr std::uint64_t bodies_bytes_default = 1 * GiB;
inline constexpr std::uint64_t bodies_bytes_min = 1 * MiB;
inline constexpr std::uint64_t bodies_bytes_max = 1024 * GiB;

/// Answers that are being written, or wait for it, of all connections together; beyond it a request
/// for a large one is refused as overloaded. An option (`--max-answers-bytes`).
inline constexpr std::uint64_t answers_bytes_default = 512 * MiB;
inline constexpr std::uint64_t answers_bytes_min = 4 * MiB;
inline constexpr std::uint64_t answers_bytes_max = 1024 * GiB;
/// What a connection's answers may have together without being counted: who fills the room for
/// answers keeps nobody from small ones.
inline constexpr std::uint64_t answer_reserve_bytes = 16 * KiB;

/// What a refusal for too much of something tells a client to wait (Retry-After), if nothing better
/// is known.
inline constexpr std::chrono::seconds overloaded_retry{1};

// --- Who may ask -------------------------------------------------------------------------------

/// Bearer tokens in a token file, and its size: all are held in memory, about 200 bytes each.
inline constexpr std::size_t tokens_max = 100'000;
inline constexpr std::uint64_t token_file_bytes = 64 * MiB;
/// An Authorization header's credentials: JWTs with many claims have 1 to 2 KiB.
inline constexpr std::size_t credentials_bytes = 8 * KiB;
/// A file of keys for JWTs, and the keys in it.
inline constexpr std::uint64_t key_file_bytes = 1 * MiB;
inline constexpr std::size_t jwt_keys = 64;
/// How far the clocks of who issues JWTs and of this machine may be apart.
inline constexpr std::chrono::seconds jwt_leeway{60};
/// Verified JWTs that are remembered, about 0.5 KB each, for verifying a signature takes up to
/// 100 µs of an I/O thread; and for how long at the most.
inline constexpr std::size_t jwt_remembered = 16'384;
inline constexpr std::chrono::seconds jwt_remembered_for{300};
/// Origins that `--cors-origin` may name.
inline constexpr std::size_t cors_origins = 64;
/// How long a browser may remember what it was allowed.
inline constexpr std::chrono::hours cors_max_age{24};

// --- Telling -----------------------------------------------------------------------------------

/// A request's id that a client or a proxy gives (`X-Request-Id`); a longer one is replaced.
inline constexpr std::size_t request_id_chars = 64;
/// Lines of the access log that wait for the disk; beyond it the oldest are dropped, and counted.
inline constexpr std::size_t access_log_lines = 8'192;

// --- Logs in one piece -------------------------------------------------------------------------

/// A pull is read and sent in pieces of about this size: what a slow reader costs in memory. Each
/// piece has a snapshot of its own, for less than a millisecond.
inline constexpr std::uint64_t log_piece_bytes = 256 * KiB;
/// The first piece, which is made when the request is taken and tells whether compressing pays; and
/// each piece that is compressed, at up to 30 ns a byte. A loop makes one piece at a time, and what
/// else it has to do waits for no more than that.
inline constexpr std::uint64_t log_first_piece_bytes = 16 * KiB;
inline constexpr std::uint64_t log_coded_piece_bytes = 64 * KiB;
/// A chunk that does not fit a piece is sent in parts of at least this size. A multiple of 3, so
/// that the base64 of all parts is that of the whole.
inline constexpr std::uint64_t log_part_bytes_min = 3 * KiB;
/// Chunks named by several transactions that one pull remembers to have sent (about 40 bytes each);
/// beyond it such a chunk may be sent again.
inline constexpr std::size_t log_remembered_chunks = 65'536;
/// Nesting of an item in a log; ours need 2, what a later version adds may need more.
inline constexpr std::size_t log_item_depth = 16;
/// Keys of an item in a log; ours have up to 5.
inline constexpr std::size_t log_item_keys = 32;
/// The largest window (8 MiB) that is taken of who sends zstd, which is what RFC 9659 lets them
/// have: room is made for it on a frame's word alone.
inline constexpr int zstd_window_log_max = 23;

// --- Watching ----------------------------------------------------------------------------------

/// Watchers of one user; beyond it a watch is refused as overloaded.
inline constexpr std::size_t watchers_per_user = 65'536;
/// Watches of sessions that are not answered yet, of all users, about 0.5 KB each; beyond it a
/// watch is refused as overloaded. A connection has one at a time, and takes it back when it ends.
inline constexpr std::size_t watches_in_all = 262'144;
/// The longest that a watch may wait (`Prefer: wait=`); longer is clamped to it. Below the time
/// that a handler may take.
inline constexpr std::chrono::seconds watch_wait_max{50};
/// How often an event stream says something when nothing happens.
inline constexpr std::chrono::seconds event_heartbeat{25};
/// What a client of an event stream is told to wait before it connects again.
inline constexpr std::chrono::milliseconds event_retry{2000};

// --- Garbage -----------------------------------------------------------------------------------

/// See CollectionRules; options (`--gc-grace`, `--gc-abandoned-after`, `--chunk-lease`). A device
/// that lost the race for HEAD learns so within its grace; one that was switched off in the middle
/// of an upload has a week; whoever was told that a chunk is there has a day to name it.
inline constexpr std::chrono::hours dead_grace{1};
inline constexpr std::chrono::hours abandoned_after{7 * 24};
inline constexpr std::chrono::hours chunk_lease{24};
/// A lease is written anew only when its start is older than this part of it, so that asking again
/// and again costs no writes; a collected chunk is that much older than its lease.
inline constexpr int lease_renewal_divisor = 24;

/// One step of a collection: records looked at, and records removed or rewritten. A full one takes
/// about 7 ms of the writer's time, and a sync.
inline constexpr std::size_t collect_visits = 2'048;
inline constexpr std::size_t collect_changes = 1'024;
/// The background's budget: after a step the collector rests this many times as long as it took,
/// and at least the minimum.
inline constexpr int collect_rest_factor = 9;
inline constexpr std::chrono::milliseconds collect_rest_min{10};
/// Between two passes over all users. An option (`--gc-interval`; 0: none).
inline constexpr std::chrono::minutes collect_interval{10};
/// Users looked at for garbage at a time.
inline constexpr std::uint32_t collect_users_page = 256;

// --- Inspection --------------------------------------------------------------------------------

/// What `mentat-sync inspect` reads of a log in one snapshot, about 10 ms each: committed
/// transactions, and records of chunks.
inline constexpr std::uint64_t inspect_committed_page = 1'000;
inline constexpr std::size_t inspect_chunks_page = 16'384;
/// Transactions that HEAD has not reached, which are read together: up to 1 s and 15 MB.
inline constexpr std::size_t inspect_transactions = 100'000;

// --- Care of the data --------------------------------------------------------------------------

/// What `mentat-sync check` reads in one snapshot beside a running server: records, and bytes of
/// chunks; about 50 ms each.
inline constexpr std::size_t check_records_page = 16'384;
inline constexpr std::uint64_t check_bytes_page = 64 * MiB;
/// Findings that it keeps to print; more are counted.
inline constexpr std::size_t check_findings = 1'000;

// --- Queues ------------------------------------------------------------------------------------

/// Commands that wait for the writer, of all users: about two seconds' worth at the rate that
/// group commit reaches on an ordinary disk. Beyond it: overloaded (503 with Retry-After). An
/// option (`--max-queue`).
inline constexpr std::size_t writer_queue_commands = 65'536;
inline constexpr std::size_t writer_queue_commands_max = 1'048'576;
/// Bytes that wait for the writer.
inline constexpr std::uint64_t writer_queue_bytes = 512 * MiB;

/// One user's commands in flight, so that one device cannot fill the writer's queue for all. An
/// option (`--max-user-queue`).
inline constexpr std::size_t user_queue_commands = 8'192;
inline constexpr std::uint64_t user_queue_bytes = 128 * MiB;

/// One write transaction: beyond about a thousand commands the gain per command is small
/// (see docs/decisions/0003-group-commit.md), and those at the front wait longer.
inline constexpr std::size_t batch_commands = 1'024;
inline constexpr std::uint64_t batch_bytes = 16 * MiB;

/// Keys removed in one step of the purge after DELETE, so that a step is a short commit.
inline constexpr std::size_t purge_keys = 512;
inline constexpr std::uint64_t purge_bytes = 64 * MiB;
/// After a step that failed.
inline constexpr std::chrono::seconds purge_retry{1};
/// Under sustained load at least one purge step is taken after this many batches.
inline constexpr std::size_t batches_between_purges = 64;

// --- Connections -------------------------------------------------------------------------------

/// Connections of one server. An option (`--max-connections`); bounded by RLIMIT_NOFILE too.
inline constexpr std::size_t connections_default = 16'384;

/// Requests of one connection that are answered but not yet written, or still being worked on: a
/// client that pipelines thousands is read only as fast as it is answered.
inline constexpr std::size_t pipelined_requests = 64;
/// Bytes of one connection's requests being worked on; beyond it, reading pauses.
inline constexpr std::uint64_t pipelined_request_bytes = 8 * MiB;
/// Bytes of answers gathered for one connection before reading pauses.
inline constexpr std::uint64_t pipelined_response_bytes = 1 * MiB;
/// Read buffer of a connection: first and largest size.
inline constexpr std::size_t read_buffer_bytes_min = 4 * KiB;
inline constexpr std::size_t read_buffer_bytes_max = 64 * KiB;

/// Room set aside for a body on its header's word alone; beyond it a body takes room as it arrives.
inline constexpr std::uint64_t body_reserve_bytes = 64 * KiB;
/// An answer's body up to this size is copied behind its header, so that a burst of small answers
/// is one buffer; a larger one is written from where it lies.
inline constexpr std::size_t gathered_copy_bytes = 8 * KiB;
/// Bytes of a refused request that are read and dropped, at the most (see linger_timeout).
inline constexpr std::uint64_t linger_bytes = 16 * MiB;

/// From accepting a connection to the end of the TLS handshake.
inline constexpr std::chrono::seconds handshake_timeout{10};
/// A connection between two requests. These are options (`--idle-timeout`, …), within the bounds
/// below.
inline constexpr std::chrono::seconds idle_timeout{75};
/// From the first byte of a request to the end of its header.
inline constexpr std::chrono::seconds header_timeout{15};
/// Between two arrivals of body bytes.
inline constexpr std::chrono::seconds body_timeout{30};
/// A whole body, however steadily it trickles.
inline constexpr std::chrono::seconds body_total_timeout{300};
/// In which the peer must take `write_rate` of an answer, or the rest of it.
inline constexpr std::chrono::seconds write_timeout{30};
/// Bytes of an answer that a peer must take in a second, on the average of a `write_timeout`: what
/// the worst of mobile links can do, so that nobody holds an answer for ever.
inline constexpr std::uint64_t write_rate = 512;
/// From a handler's start to its answer; beyond it the connection is closed, the outcome unknown.
inline constexpr std::chrono::seconds answer_timeout{60};
/// After a refusal the rest of the request is read and dropped for this long, so that the answer is
/// not lost to a connection reset.
inline constexpr std::chrono::seconds linger_timeout{2};
/// How often the deadlines of a loop's connections are looked at (the deadlines' granularity).
inline constexpr std::chrono::milliseconds sweep_interval{500};
/// After accept() failed (no descriptors left, say) it is tried again this much later.
inline constexpr std::chrono::milliseconds accept_backoff{100};
/// What a time-out may be set to.
inline constexpr std::chrono::milliseconds timeout_min{100};
inline constexpr std::chrono::hours timeout_max{24};
/// From SIGTERM to closing what is still open.
inline constexpr std::chrono::seconds drain_timeout{10};

// --- Actors ------------------------------------------------------------------------------------

/// User actors at a time, about 0.4 GB of them; near it idle ones make room for who comes, and
/// beyond it a new user's command is `overloaded`. An option (`--max-live-users`).
inline constexpr std::size_t live_users = 262'144;

/// A user actor without work for this long goes away (passivation).
inline constexpr std::chrono::seconds passivate_after{60};

// --- LMDB --------------------------------------------------------------------------------------

/// The first size of the memory map, and the step it grows by once it is that large. Address space
/// only: the file grows with what is stored.
inline constexpr std::uint64_t map_bytes_initial = 1 * GiB;
inline constexpr std::uint64_t map_bytes_step_max = 64 * GiB;
/// Beyond the size a store may have (`--max-store-bytes`) its map has an eighth more, within these
/// bounds: deletions, and the pages that any commit copies, need room when there is none for more
/// data.
inline constexpr std::uint64_t map_reserve_bytes_min = 1 * MiB;
inline constexpr std::uint64_t map_reserve_bytes_max = 64 * MiB;
/// The least that `--max-store-bytes` may be: an empty store's tables and some room.
inline constexpr std::uint64_t store_bytes_min = 1 * MiB;
/// How often the log says, at the most, that the store has become full or has room again.
inline constexpr std::chrono::seconds full_log_interval{10};
/// After so many commits the slots of processes that died while they read are freed.
inline constexpr std::uint64_t commits_between_reader_checks = 1'024;
/// Concurrent read transactions (threads that read, and other processes that look on).
inline constexpr unsigned reader_slots = 1'024;

// --- The program's options ---------------------------------------------------------------------

/// `--threads`: more I/O loops than any machine's cores gain nothing.
inline constexpr unsigned threads_max = 256;
/// `--passivate-after`: actors that go and come between two requests only cost.
inline constexpr std::chrono::milliseconds passivate_after_min{100};
/// `--max-connections`: what Linux gives one process at the most by default (fs.nr_open).
inline constexpr std::size_t connections_max = 1'048'576;
/// `--max-store-bytes`: the address space of a process is 128 TiB; half of it is left to the rest.
inline constexpr std::uint64_t store_bytes_max = std::uint64_t{64} * 1024 * GiB;
/// Files that the process has open besides its connections: the store, each loop's own, the log.
inline constexpr std::size_t descriptors_besides_connections = 64;

// --- Clients -----------------------------------------------------------------------------------

/// The client library's patience (see ClientOptions): to connect, without any bytes getting
/// through, and for an answer to begin, which is longer than the server may take for it.
inline constexpr std::chrono::seconds client_connect_timeout{10};
inline constexpr std::chrono::seconds client_idle_timeout{60};
inline constexpr std::chrono::seconds client_answer_timeout{75};
/// Repeats of a request that an overloaded server put off, and the longest rest before one.
inline constexpr unsigned client_overload_retries = 5;
inline constexpr std::chrono::seconds client_overload_rest_max{10};
/// An answer that is held whole (JSON, a problem); the largest names `push_items` missing chunks.
inline constexpr std::uint64_t client_answer_bytes = 16 * MiB;
/// An item of a log as a client takes it: the largest chunk there can be, and its id.
inline constexpr std::uint64_t log_item_bytes_max = chunk_bytes_max + 64 * KiB;
/// Read at a time, and given to the decompressor at a time: a byte of gzip may stand for 1 KiB, and
/// a few of zstd for 128 KiB.
inline constexpr std::size_t client_read_bytes = 64 * KiB;
inline constexpr std::size_t client_decompress_bytes = 1 * KiB;
/// A field of an event stream; ours are under 100 bytes.
inline constexpr std::size_t event_line_bytes = 64 * KiB;
/// The longest that a watching client waits before it connects again; it begins with what the
/// server says (event_retry), and doubles.
inline constexpr std::chrono::seconds client_reconnect_max{60};
/// An event stream that says nothing for so long is dead: two heartbeats and some seconds.
inline constexpr std::chrono::seconds client_event_silence{60};
/// The body of one push of the command line's `import`: far below what a server takes, and large
/// enough that a commit is worth it. An option (`--push-bytes`).
inline constexpr std::uint64_t client_push_bytes = 16 * MiB;
/// Items of one such push.
inline constexpr std::size_t client_push_items = push_items / 2;

}  // namespace mentat_sync::bounds
