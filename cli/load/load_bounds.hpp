// The bounds of the load generator, each with its reason.
//
// Units: in the names.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace mentat_sync::load_bounds {

using namespace std::chrono_literals;

/// One read takes at most so much: a whole chunk of usual size.
inline constexpr std::size_t read_bytes = std::size_t{256} * 1024;
/// A body up to this is copied behind its head: cheaper than gathering it.
inline constexpr std::size_t copied_body_bytes = 4096;
/// Events that are taken from the kernel at once.
inline constexpr std::size_t events_at_once = 256;

/// How often timeouts are looked for; a shorter --timeout is looked for four times within it.
inline constexpr std::chrono::milliseconds sweep_interval = 50ms;
/// How often the live line's figures are added to.
inline constexpr std::chrono::milliseconds progress_interval = 100ms;
/// To the server, when the run begins.
inline constexpr std::chrono::milliseconds first_connect_timeout = 5s;
/// After Ctrl-C, what was asked has so long to be answered: what is not may have happened, or not.
inline constexpr std::chrono::seconds interrupted_patience = 5s;
/// A device waits so long when nobody listens, or all users are taken.
inline constexpr std::chrono::milliseconds unreachable_pause = 100ms;
inline constexpr std::chrono::milliseconds no_user_pause = 1ms;

/// Users that are given a log for `read`, and what they are given: more would take long and would
/// be read no differently.
inline constexpr std::uint64_t prepared_users_max = 1000;
inline constexpr std::uint64_t prepared_transactions = 10;
/// Of bodies that are on their way at once while these are made: less than what the smallest server
/// has room for in all, and enough to keep its disk busy. A log that is larger is sent in pieces.
inline constexpr std::uint64_t prepared_bytes_max = std::uint64_t{32} * 1024 * 1024;
/// A server that says that it is busy (429, 503) is asked again after its Retry-After, within
/// these, and given up when for so long no log could be made.
inline constexpr std::chrono::milliseconds busy_pause_min = 100ms;
inline constexpr std::chrono::milliseconds busy_pause_max = 10s;
inline constexpr std::chrono::seconds preparation_silence_max = 60s;
/// Of a page that `read` asks for.
inline constexpr std::uint64_t read_page_limit = 100;
/// A device that was away longer than this many transactions gives up what is older.
inline constexpr std::uint64_t pulled_transactions_max = 1000;
/// How often a device follows a HEAD that moved before it lets its change go.
inline constexpr unsigned follow_attempts = 10;
/// After so many steps racers go to another user, so that no log grows without end.
inline constexpr std::uint32_t race_steps = 200;
/// Datoms of Mentat's first transaction, each in a chunk of its own.
inline constexpr std::uint32_t bootstrap_chunks = 95;

/// What a long poll asks for.
inline constexpr std::chrono::seconds poll_wait = 25s;
/// One of so many connections of a shard that watch makes the changes that the others wait for.
inline constexpr std::size_t watchers_of_a_changer = 10;
inline constexpr std::chrono::milliseconds change_interval = 100ms;
/// Of a user that is watched: moves of HEAD that somebody may still hear of.
inline constexpr std::size_t moves_kept = 32;

/// Of a page that verification asks for, and how often it asks again when an answer does not come.
inline constexpr std::uint64_t verified_page_limit = 1000;
inline constexpr unsigned verification_attempts = 20;
inline constexpr std::chrono::milliseconds verification_pause = 250ms;
/// Of each user's log: transactions that are fetched, and chunks of each of these. Its list of
/// transactions is read and compared whole.
inline constexpr std::size_t verified_transactions = 16;
inline constexpr std::uint32_t verified_chunks = 4;
/// Without it a server that has gone would be asked for each user.
inline constexpr std::chrono::seconds verification_silence_max = 30s;

}  // namespace mentat_sync::load_bounds
