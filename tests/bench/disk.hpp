// What the disk can do: the yardstick for durable writes.
//
// Failures: throws std::system_error.
#pragma once

#include <chrono>
#include <filesystem>

namespace mentat_sync {

/// fdatasync calls a second, each after 4 KiB appended to a file in `directory`.
double fdatasyncs_a_second(const std::filesystem::path& directory,
                           std::chrono::duration<double> time);

}  // namespace mentat_sync
