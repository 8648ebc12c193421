// Faults: each call that the store makes to LMDB, and that LMDB makes to the system to write, fails
// once on each way that leads to it. Nothing crashes, nothing acknowledged is missing, nothing
// refused is there, and the store works on or says that it does not.
#include "lmdb_faults.hpp"
#include "store_scenario.hpp"

#include <gmock/gmock.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace mentat_sync {
namespace faults {

/// How a failed test names its parameter.
void PrintTo(const Function& function, std::ostream* out) {
  *out << function.name;
}

}  // namespace faults
namespace {

/// In memory where that is possible: what a disk does is not the question.
std::filesystem::path new_directory() {
  const std::filesystem::path memory = "/dev/shm";
  std::error_code error;
  const bool there = std::filesystem::is_directory(memory, error);
  std::string pattern = (there ? memory : std::filesystem::temp_directory_path()) / "faults-XXXXXX";
  if (!mkdtemp(pattern.data())) throw std::runtime_error{"mkdtemp failed"};
  return pattern;
}

/// Once, in a thread of its own, so that each run's stacks are the same. Returns how many commands
/// changed something.
std::size_t run_scenario(const std::function<void()>& prepare,
                         const std::function<void()>& finish) {
  const auto directory = new_directory();
  std::size_t applied = 0;
  std::thread{[&] {
    StoreScenario scenario{directory};
    prepare();
    scenario.run();
    finish();
    scenario.expect_sound();
    applied = scenario.applied();
  }}.join();
  std::filesystem::remove_all(directory);
  return applied;
}

class EachCall : public testing::TestWithParam<faults::Function> {
 protected:
  std::vector<faults::Site> sites() {
    std::vector<faults::Site> sites;
    run_scenario([] { faults::record(GetParam().name); }, [&] { sites = faults::recorded(); });
    return sites;
  }

  /// Whether it came.
  static bool survive(const faults::Fault& fault) {
    std::uint64_t came = 0;
    run_scenario([&] { faults::arm(fault); }, [&] { came = faults::disarm(); });
    return came > 0;
  }
};

constexpr std::uint64_t moments = 100;

/// Each way with each code at its first call, and the codes by turns from that one on.
std::vector<faults::Fault> faults_by_way(const faults::Function& function,
                                         const std::vector<faults::Site>& sites) {
  std::vector<faults::Fault> faults;
  for (std::size_t i = 0; i < sites.size(); ++i) {
    for (const int code : function.codes) {
      faults.push_back({function.name, sites[i].stack, 1, code, false});
    }
    const int code = function.codes[i % function.codes.size()];
    faults.push_back({function.name, sites[i].stack, 1, code, true});
  }
  return faults;
}

/// Each call, or every so manieth of many, with the codes by turns.
std::vector<faults::Fault> faults_by_moment(const faults::Function& function,
                                            const std::vector<faults::Site>& sites) {
  std::uint64_t calls = 0;
  for (const faults::Site& site : sites) calls += site.calls;
  const std::uint64_t step = 1 + calls / moments;
  std::vector<faults::Fault> faults;
  for (std::uint64_t nth = 1; nth <= calls; nth += step) {
    const int code = function.codes[nth / step % function.codes.size()];
    faults.push_back({function.name, std::nullopt, nth, code, false});
  }
  return faults;
}

std::string to_string(const faults::Fault& fault) {
  return fault.function + " failed with " + std::to_string(fault.code) + ", call " +
         std::to_string(fault.nth) + (fault.stack ? " on one way" : " of all") +
         (fault.lasting ? " and further ones" : "");
}

TEST_P(EachCall, MayFailOnEachWayThatLeadsToIt) {
  const auto all = sites();
  ASSERT_FALSE(all.empty()) << "the scenario does not call it";
  std::size_t came = 0;
  auto faults = faults_by_way(GetParam(), all);
  const auto more = faults_by_moment(GetParam(), all);
  faults.insert(faults.end(), more.begin(), more.end());
  for (const faults::Fault& fault : faults) {
    came += survive(fault) ? 1 : 0;
    ASSERT_FALSE(HasFailure()) << to_string(fault);
  }
  std::printf("%s: %zu ways, %zu faults, %zu came\n", GetParam().name.c_str(), all.size(),
              faults.size(), came);
  EXPECT_GT(came * 4, faults.size() * 3) << "no two runs are alike";
}

std::string name_of(const testing::TestParamInfo<faults::Function>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(LmdbFaults, EachCall, testing::ValuesIn(faults::functions()), name_of);

TEST(LmdbFaults, AreNoneInAScenarioWithout) {
  EXPECT_GT(run_scenario([] {}, [] {}), 45U);
}

/// By `nm -u`: LMDB's functions that the library of the store wants.
std::set<std::string> functions_wanted() {
  const std::string command = std::string{NM} + " -u " + STORAGE_LIBRARY;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe{popen(command.c_str(), "r"), &pclose};
  std::set<std::string> names;
  std::array<char, 4096> line{};
  while (pipe && std::fgets(line.data(), line.size(), pipe.get())) {
    const std::string text{line.data()};
    const auto at = text.find(" mdb_");
    if (at == std::string::npos || text.find_last_of(':') != std::string::npos) continue;
    names.insert(text.substr(at + 1, text.find_last_not_of(" \n") - at));
  }
  return names;
}

TEST(LmdbFaults, AreKnownOfEveryFunctionThatTheStoreCalls) {
  std::set<std::string> known;
  for (const auto& function : faults::functions()) {
    if (function.of_lmdb) known.insert(function.name);
  }
  for (const auto& function : faults::harmless_functions()) known.insert(function.name);
  const auto wanted = functions_wanted();
  EXPECT_TRUE(wanted.contains("mdb_put")) << "nm says nothing";
  EXPECT_THAT(known, testing::IsSupersetOf(wanted))
      << "a function that may fail belongs into lmdb_faults.cpp, wrapped_lmdb.cpp and the options "
         "of the linker";
}

}  // namespace
}  // namespace mentat_sync
