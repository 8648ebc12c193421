// Draws an inspected log: the chain that HEAD has reached, what hangs on HEAD, and dead forks where
// they branch off; newest first, as `git log --graph` does.
//
// Thread-safety: pure functions but for the stream.
#pragma once

#include "storage/inspection.hpp"

#include <iosfwd>

namespace mentat_sync {

/// A row for each transaction: `*` committed, `o` pending, `x` dead. Those that branch off further
/// back than the committed ones that are shown are only counted.
void draw_graph(std::ostream& out, const Inspection& inspection);

/// The legend, after an empty line.
void explain_marks(std::ostream& out);

}  // namespace mentat_sync
