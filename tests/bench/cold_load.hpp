// The load of bench_cold: clients who ask for little at a steady pace, and one that reads chunks
// in random order as fast as they come.
//
// Thread-safety: each object belongs to one thread, and uses others of its own.
// Failures: throws std::runtime_error on any answer but the one expected, and on a lost connection.
#pragma once

#include "bench/latencies.hpp"
#include "bench/store_filling.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <future>

namespace mentat_sync {

/// Who asks: as many that read and as many others that write, each on a connection of its own, for
/// the server's threads share connections out.
inline constexpr std::size_t hot_readers = 8;
inline constexpr std::size_t hot_writers = 8;
inline constexpr std::size_t hot_chunk_bytes = 100;

struct HotLatencies {
  Latencies head;
  Latencies chunk;
  Latencies put;

  void end_round();
};

/// For `time`: a read every millisecond and a PUT every ten, of users from `first_user` on, who
/// have small logs.
void ask_hot(std::uint16_t port, std::size_t first_user, std::chrono::duration<double> time,
             HotLatencies& latencies);

/// Reads chunks of a filled store from its construction until stop().
class ColdReader {
 public:
  ColdReader(std::uint16_t port, const StoreFilling& filling, unsigned seed);
  ~ColdReader();
  ColdReader(const ColdReader&) = delete;
  ColdReader& operator=(const ColdReader&) = delete;

  /// Chunks read.
  std::uint64_t stop();

 private:
  std::uint64_t read(std::uint16_t port, const StoreFilling& filling, unsigned seed) const;

  std::atomic<bool> stopped_ = false;
  std::future<std::uint64_t> chunks_;
};

}  // namespace mentat_sync
