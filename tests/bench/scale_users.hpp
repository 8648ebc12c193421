// How throughput changes with the number of users in the store.
//
// Thread-safety: blocks; what it starts has ended when it returns.
// Failures: throws std::runtime_error, also when the server refuses anything.
#pragma once

#include "bench/scale_options.hpp"

#include <cstddef>
#include <filesystem>
#include <vector>

namespace mentat_sync {

/// Prints its tables; the stores stay, in users_store().
void measure_users(const ScaleOptions& options);

/// How many users each store has.
inline std::vector<std::size_t> user_steps(const ScaleOptions& options) {
  return steps_to(options.users, {100, 10'000, 1'000'000});
}

inline std::filesystem::path users_store(const ScaleOptions& options, std::size_t users) {
  return options.stores() / ("users-" + std::to_string(users));
}

}  // namespace mentat_sync
