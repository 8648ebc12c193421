// What another process uses, as /proc tells.
//
// Failures: throws std::runtime_error when there is no such process.
// Source: proc(5).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <sys/types.h>

namespace mentat_sync {

/// Memory of its own that is resident: not the store's map, not its code.
std::uint64_t own_memory_bytes(pid_t process);

/// Files and sockets that it has open.
std::size_t open_files(pid_t process);

/// Pages that a thread of it waited for, because they had to be read from the disk, so far.
std::uint64_t major_faults(pid_t process);

/// Bytes read from the disk for it, also what was read ahead, so far.
std::uint64_t disk_bytes_read(pid_t process);

/// Processor time, of all its threads, in the kernel too.
std::chrono::duration<double> processor_time(pid_t process);

}  // namespace mentat_sync
