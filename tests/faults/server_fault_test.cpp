// Faults: as lmdb_fault_test, through a whole server: no answer of 2xx without the write on disk,
// and no write behind a refusal.
#include "fault_runs.hpp"
#include "server_scenario.hpp"

#include <gmock/gmock.h>

#include <memory>

namespace mentat_sync {
namespace {

using EachCall = testing::TestWithParam<faults::Function>;

TEST_P(EachCall, MayFailUnderAServer) {
  const auto make = [](const std::filesystem::path& directory) {
    return std::make_unique<ServerScenario>(directory);
  };
  expect_survival(GetParam(), make, Codes::by_turns, 20);
}

std::string name_of(const testing::TestParamInfo<faults::Function>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(ServerFaults, EachCall, testing::ValuesIn(faults::functions()), name_of);

TEST(ServerFaults, AreNoneInAScenarioWithout) {
  std::size_t succeeded = 0;
  ServerScenario* scenario = nullptr;
  const auto make = [&](const std::filesystem::path& directory) {
    auto made = std::make_unique<ServerScenario>(directory);
    scenario = made.get();
    return made;
  };
  run_apart(
      make, [] {}, [&] { succeeded = scenario->succeeded(); });
  // Twice the same, but for HEAD, which cannot move to where it is.
  EXPECT_EQ(succeeded, 23U + 22U);
}

}  // namespace
}  // namespace mentat_sync
