// free_port: a port of the loopback interface that nobody listens on, for peers that cannot be
// asked which one they have got.
//
// Thread-safety: any. Failures: throws std::runtime_error.
#pragma once

#include <cstdint>

namespace mentat_sync {

std::uint16_t free_port();
/// Whether somebody listens on it.
bool listens(std::uint16_t port);

}  // namespace mentat_sync
