// BenchOptions: the options of a benchmark, pairs of a name and a value. Each looks for those that
// it knows and passes over the others, so that all can be given the same.
//
// Thread-safety: a value type. Failures: what is no number is 0.
#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mentat_sync {

class BenchOptions {
 public:
  BenchOptions(int argc, char** argv) {
    for (int i = 1; i + 1 < argc; i += 2) given_.emplace_back(argv[i], argv[i + 1]);
  }

  double number(std::string_view name, double by_default) const {
    const auto* value = find(name);
    return value == nullptr ? by_default : std::atof(value->c_str());
  }
  std::size_t count(std::string_view name, std::size_t by_default) const {
    const auto* value = find(name);
    return value == nullptr ? by_default : std::strtoull(value->c_str(), nullptr, 10);
  }
  unsigned rounds() const { return static_cast<unsigned>(count("--rounds", 5)); }
  /// Where files are made; what is measured by them depends on it.
  std::filesystem::path directory() const {
    const auto* value = find("--directory");
    return value == nullptr ? std::filesystem::current_path() : std::filesystem::path{*value};
  }

 private:
  const std::string* find(std::string_view name) const {
    for (const auto& [known, value] : given_) {
      if (known == name) return &value;
    }
    return nullptr;
  }

  std::vector<std::pair<std::string, std::string>> given_;
};

/// What a benchmark's main() does: run(options), and an exception is said, as `name`'s.
template <class Run>
int run_bench(const char* name, int argc, char** argv, Run run) {
  if (argc == 2 && std::string_view{argv[1]} == "--help") {
    std::puts("options are described in docs/benchmarks.md");
    return EXIT_SUCCESS;
  }
  try {
    return run(BenchOptions{argc, argv});
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s: %s\n", name, failure.what());
    return EXIT_FAILURE;
  }
}

}  // namespace mentat_sync
