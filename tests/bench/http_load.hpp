// A closed loop of PUTs: each connection is one user's device that waits for an answer before it
// sends the next.
//
// Thread-safety: blocks and uses the calling thread only.
// Failures: throws std::runtime_error on any answer but 201, and on a lost connection: a figure for
// a server that refuses would mean nothing.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mentat_sync {

struct PutLoad {
  std::uint16_t port = 0;
  std::size_t connections = 64;
  std::size_t chunk_bytes = 100;
  std::chrono::duration<double> time{1};
  /// Whose chunks: one after the other, each connection from another one on. None: one new user for
  /// each connection.
  std::vector<std::string> users = {};
};

struct PutFigures {
  double acknowledged_a_second = 0;
  std::chrono::duration<double, std::milli> p50{};
  std::chrono::duration<double, std::milli> p99{};
};

/// PUTs chunks of different users under ids that are new.
PutFigures put_chunks(const PutLoad& load);

}  // namespace mentat_sync
