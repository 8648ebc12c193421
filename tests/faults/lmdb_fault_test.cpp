// Faults: each call that the store makes to LMDB, and that LMDB makes to the system to write, fails
// once on each way that leads to it. Nothing crashes, nothing acknowledged is missing, nothing
// refused is there, and the store works on or says that it does not.
#include "fault_runs.hpp"
#include "store_scenario.hpp"

#include <gmock/gmock.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>
#include <string>

namespace mentat_sync {
namespace {

std::unique_ptr<Scenario> of_the_store(const std::filesystem::path& directory) {
  return std::make_unique<StoreScenario>(directory);
}

using EachCall = testing::TestWithParam<faults::Function>;

TEST_P(EachCall, MayFailOnEachWayThatLeadsToIt) {
  expect_survival(GetParam(), of_the_store, Codes::all, 100);
}

std::string name_of(const testing::TestParamInfo<faults::Function>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(LmdbFaults, EachCall, testing::ValuesIn(faults::functions()), name_of);

TEST(LmdbFaults, AreNoneInAScenarioWithout) {
  StoreScenario* scenario = nullptr;
  std::size_t applied = 0;
  const auto make = [&](const std::filesystem::path& directory) {
    auto made = std::make_unique<StoreScenario>(directory);
    scenario = made.get();
    return made;
  };
  run_apart(
      make, [] {}, [&] { applied = scenario->applied(); });
  EXPECT_GT(applied, 45U);
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
