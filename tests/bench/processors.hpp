// Which processor runs what: a server and the load on it must not share one.
//
// Thread-safety: pin_to() is about the calling thread, and what it starts later.
#pragma once

namespace mentat_sync {

/// Processors this process may use.
unsigned processor_count();

/// Pins the calling thread, and threads and processes it starts from now on, to one processor; does
/// nothing on a machine of one.
void pin_to(unsigned processor);

}  // namespace mentat_sync
