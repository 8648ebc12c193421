// What somebody may have meant who mistyped a word.
//
// Thread-safety: a pure function.
#pragma once

#include <string>
#include <vector>

namespace mentat_sync {

/// The word of `words` that takes the fewest changes to become `typed` (a letter more, less,
/// another, or two exchanged); empty when each takes more than a third of its letters, or more than
/// two.
std::string most_similar(const std::string& typed, const std::vector<std::string>& words);

}  // namespace mentat_sync
