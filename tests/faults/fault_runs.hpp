// Fault runs: a scenario, repeated with one fault after another.
//
// Thread-safety: one thread; each run has a thread of its own, so that their stacks are alike.
// Failures: reported through GoogleTest.
#pragma once

#include "lmdb_faults.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>

namespace mentat_sync {
namespace faults {

/// How a failed test names its parameter.
void PrintTo(const Function& function, std::ostream* out);

}  // namespace faults

class Scenario {
 public:
  virtual ~Scenario() = default;
  /// With whatever fails meanwhile.
  virtual void run() = 0;
  /// After the last fault: what must hold.
  virtual void expect_sound() = 0;
};
using MakeScenario = std::function<std::unique_ptr<Scenario>(const std::filesystem::path&)>;

/// One run, in a new directory. `prepare` is called before run(), `finish` after it.
void run_apart(const MakeScenario& make, const std::function<void()>& prepare,
               const std::function<void()>& finish);

enum class Codes {
  /// Each way fails with each code, and with one of them from then on.
  all,
  /// With one of them, by turns.
  by_turns,
};

/// As many runs as there are ways to the function, times its codes, and one for each of at most
/// `moments` of all its calls.
void expect_survival(const faults::Function& function, const MakeScenario& make, Codes codes,
                     std::uint64_t moments);

}  // namespace mentat_sync
