// What bench_scale is told, and the sizes that follow from it.
//
// Thread-safety: value types and pure functions. Units: in the names.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace mentat_sync {

struct ScaleOptions {
  /// The longest log of one user.
  std::size_t transactions = 100'000;
  /// The most users of a store.
  std::size_t users = 10'000;
  /// Of chunks, in the store that a server is started with; 10 GB fit a disk, but no ordinary run.
  std::uint64_t store_bytes = std::uint64_t{64} * 1024 * 1024;
  /// Connections, and then user actors, that do nothing.
  std::size_t idle = 5'000;
  /// User actors that live at once, in a server of their own; 0: passed over.
  std::size_t actors = 0;
  double idle_seconds = 10;
  /// Of each load.
  double seconds = 2;
  /// Operations of a kind in a round.
  std::size_t samples = 200;
  unsigned rounds = 3;
  std::filesystem::path directory = std::filesystem::current_path();

  /// Where everything is kept, until the end.
  std::filesystem::path stores() const { return directory / "bench-scale"; }
};

/// Those of `steps` below `largest`, and that.
inline std::vector<std::size_t> steps_to(std::size_t largest, std::vector<std::size_t> steps) {
  std::erase_if(steps, [&](std::size_t step) { return step >= largest; });
  steps.push_back(largest);
  return steps;
}

}  // namespace mentat_sync
