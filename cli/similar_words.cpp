// The distance of Damerau and Levenshtein, for words that are short.
#include "cli/similar_words.hpp"

#include <algorithm>
#include <cstddef>

namespace mentat_sync {
namespace {

constexpr std::size_t changes_max = 2;

std::size_t changes_between(const std::string& a, const std::string& b) {
  // Of each beginning of `a` to each beginning of `b`.
  std::vector<std::vector<std::size_t>> changes(a.size() + 1,
                                                std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        changes[i][j] = i + j;
        continue;
      }
      const std::size_t other = a[i - 1] == b[j - 1] ? 0 : 1;
      changes[i][j] =
          std::min({changes[i - 1][j] + 1, changes[i][j - 1] + 1, changes[i - 1][j - 1] + other});
      const bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (exchanged) changes[i][j] = std::min(changes[i][j], changes[i - 2][j - 2] + 1);
    }
  }
  return changes[a.size()][b.size()];
}

}  // namespace

std::string most_similar(const std::string& typed, const std::vector<std::string>& words) {
  std::string best;
  std::size_t fewest = changes_max + 1;
  for (const auto& word : words) {
    // Also keeps what is very long from being compared.
    if (typed.size() > word.size() + changes_max) continue;
    const std::size_t changes = changes_between(typed, word);
    if (changes >= fewest || 3 * changes > word.size()) continue;
    best = word;
    fewest = changes;
  }
  return best;
}

}  // namespace mentat_sync
