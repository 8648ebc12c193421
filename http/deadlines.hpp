// Deadlines: how long each thing that a connection waits for may take.
//
// Thread-safety: a value type.
// Units: in the types; see bounds.hpp for what each covers and why it is that long.
#pragma once

#include "storage/bounds.hpp"

#include <chrono>

namespace mentat_sync {

struct Deadlines {
  std::chrono::milliseconds handshake = bounds::handshake_timeout;
  std::chrono::milliseconds idle = bounds::idle_timeout;
  std::chrono::milliseconds header = bounds::header_timeout;
  std::chrono::milliseconds body = bounds::body_timeout;
  std::chrono::milliseconds body_total = bounds::body_total_timeout;
  std::chrono::milliseconds write = bounds::write_timeout;
  std::chrono::milliseconds answer = bounds::answer_timeout;
  std::chrono::milliseconds linger = bounds::linger_timeout;
  std::chrono::milliseconds sweep = bounds::sweep_interval;
};

}  // namespace mentat_sync
