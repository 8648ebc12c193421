// printed_port: what a peer prints once it listens: its port, on a line by itself.
//
// Thread-safety: as ChildProcess. Failures: throws std::runtime_error after some seconds.
#pragma once

#include "support/child_process.hpp"

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>

namespace mentat_sync {

inline std::uint16_t printed_port(const ChildProcess& process) {
  for (int i = 0; i < 200; ++i) {
    const std::string out = process.out();
    if (out.ends_with('\n')) return static_cast<std::uint16_t>(std::stoi(out));
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  throw std::runtime_error{"a peer does not say where it listens: " + process.err()};
}

}  // namespace mentat_sync
