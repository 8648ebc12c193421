// Which faults are tried, and trying them.
#include "fault_runs.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace mentat_sync {
namespace {

using Faults = std::vector<faults::Fault>;
using Sites = std::vector<faults::Site>;

/// In memory where that is possible: what a disk does is not the question.
std::filesystem::path new_directory() {
  const std::filesystem::path memory = "/dev/shm";
  std::error_code error;
  const bool there = std::filesystem::is_directory(memory, error);
  std::string pattern = (there ? memory : std::filesystem::temp_directory_path()) / "faults-XXXXXX";
  if (!mkdtemp(pattern.data())) throw std::runtime_error{"mkdtemp failed"};
  return pattern;
}

void add_by_way(const faults::Function& function, const Sites& sites, Codes codes, Faults& faults) {
  for (std::size_t i = 0; i < sites.size(); ++i) {
    const int one = function.codes[i % function.codes.size()];
    faults.push_back({function.name, sites[i].stack, 1, one, codes == Codes::all});
    for (const int code : function.codes) {
      if (codes == Codes::all) faults.push_back({function.name, sites[i].stack, 1, code, false});
    }
  }
}

/// Each call, or every so manieth of many, with the codes by turns.
void add_by_moment(const faults::Function& function, const Sites& sites, std::uint64_t moments,
                   Faults& faults) {
  std::uint64_t calls = 0;
  for (const faults::Site& site : sites) calls += site.calls;
  const std::uint64_t step = 1 + calls / moments;
  for (std::uint64_t nth = 1; nth <= calls; nth += step) {
    const int code = function.codes[nth / step % function.codes.size()];
    faults.push_back({function.name, std::nullopt, nth, code, false});
  }
}

std::string to_string(const faults::Fault& fault) {
  return fault.function + " failed with " + std::to_string(fault.code) + ", call " +
         std::to_string(fault.nth) + (fault.stack ? " on one way" : " of all") +
         (fault.lasting ? " and further ones" : "");
}

}  // namespace

void faults::PrintTo(const Function& function, std::ostream* out) {
  *out << function.name;
}

void run_apart(const MakeScenario& make, const std::function<void()>& prepare,
               const std::function<void()>& finish) {
  const auto directory = new_directory();
  std::thread{[&] {
    const auto scenario = make(directory);
    prepare();
    scenario->run();
    finish();
    scenario->expect_sound();
  }}.join();
  std::filesystem::remove_all(directory);
}

void expect_survival(const faults::Function& function, const MakeScenario& make, Codes codes,
                     std::uint64_t moments) {
  Sites sites;
  run_apart(
      make, [&] { faults::record(function.name); }, [&] { sites = faults::recorded(); });
  ASSERT_FALSE(sites.empty()) << "the scenario does not call it";
  Faults faults;
  add_by_way(function, sites, codes, faults);
  add_by_moment(function, sites, moments, faults);
  std::size_t came = 0;
  for (const faults::Fault& fault : faults) {
    run_apart(
        make, [&] { faults::arm(fault); }, [&] { came += faults::disarm() > 0 ? 1 : 0; });
    ASSERT_FALSE(testing::Test::HasFailure()) << to_string(fault);
  }
  std::printf("%s: %zu ways, %zu faults, %zu came\n", function.name.c_str(), sites.size(),
              faults.size(), came);
  // Nearly all, where runs are alike; how commands gather in batches is a matter of chance.
  EXPECT_GT(came * 4, faults.size()) << "no two runs are alike";
}

}  // namespace mentat_sync
