// Plays a corpus to a fuzz target, each file as it is and then in some hundred mutations, the same
// ones at each run: what runs everywhere that has no libFuzzer.
//
// Usage: fuzz_replay_NAME DIRECTORY...
#include "fuzz/fuzz.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace {

constexpr int mutations_of_each = 300;

void play(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

/// One to four small changes: a byte, a bit, a piece taken out, doubled, or cut off.
std::string mutated(std::string input, std::mt19937& random) {
  for (unsigned changes = 1 + random() % 4; changes > 0 && !input.empty(); --changes) {
    const std::size_t at = random() % input.size();
    const std::size_t count = 1 + random() % std::min<std::size_t>(16, input.size() - at);
    switch (random() % 5) {
      case 0:
        input[at] = static_cast<char>(random());
        break;
      case 1:
        input[at] = static_cast<char>(input[at] ^ (1 << random() % 8));
        break;
      case 2:
        input.erase(at, count);
        break;
      case 3:
        input.insert(at, input.substr(at, count));
        break;
      default:
        input.resize(at);
    }
  }
  return input;
}

std::string read(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::filesystem::path> files;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator{argv[i]}) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  play({});
  for (const auto& file : files) {
    const std::string input = read(file);
    std::mt19937 random{static_cast<std::mt19937::result_type>(input.size())};
    play(input);
    for (int i = 0; i < mutations_of_each; ++i) play(mutated(input, random));
  }
  std::printf("%zu inputs of the corpus, %d mutations of each\n", files.size(), mutations_of_each);
  return files.empty() ? 1 : 0;
}
