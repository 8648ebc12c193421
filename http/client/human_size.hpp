// Sizes as people read them.
//
// Thread-safety: a pure function.
#pragma once

#include <cstdint>
#include <string>

namespace mentat_sync {

/// "0 B", "512 B", "1.5 KiB", "12.0 GiB".
std::string to_human_size(std::uint64_t bytes);

}  // namespace mentat_sync
