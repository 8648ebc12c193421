// A closed loop of GETs over kept connections with as little work as can be, plain or with TLS, so
// that the server is what is measured. It knows no more of HTTP than where an answer ends.
//
// Thread-safety: blocks and uses the calling thread only. Units: in the names.
// Failures: throws std::runtime_error on any answer but 200, and on a lost connection.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mentat_sync {

struct GetLoad {
  std::uint16_t port = 0;
  bool tls = false;
  std::size_t connections = 64;
  /// Asked for one after the other, by each connection from another one on.
  std::vector<std::string> targets;
  std::chrono::duration<double> time{1};
};

struct GetFigures {
  double answers_a_second = 0;
  double bytes_a_second = 0;
  std::chrono::duration<double, std::micro> p50{};
  std::chrono::duration<double, std::micro> p99{};
};

GetFigures get_all(const GetLoad& load);

}  // namespace mentat_sync
