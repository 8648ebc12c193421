// Faults: a disk that becomes full in the middle of everything a store does, each time at another
// place. Nothing acknowledged is missing, nothing refused is there, and with room again it goes on.
#include "small_file_system.hpp"
#include "store_scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace mentat_sync {
namespace {

constexpr std::uint64_t KiB = 1024;
constexpr std::uint64_t disk_bytes = 8 * 1024 * KiB;

class SmallDisk : public testing::Test {
 protected:
  void SetUp() override {
    if (!disk.mounted()) GTEST_SKIP() << "cannot mount a tmpfs here: " << disk.why_not();
  }

  /// All but `room_bytes` of the disk is another's.
  void leave(std::uint64_t room_bytes) {
    const auto used = disk_bytes - std::filesystem::space(disk.path()).available;
    std::ofstream{filler} << std::string(disk_bytes - used - room_bytes, 'x');
  }
  void give_room() { std::filesystem::remove(filler); }

  SmallFileSystem disk{disk_bytes};
  const std::filesystem::path filler = disk.path() / "filler";
};

TEST_F(SmallDisk, MayBecomeFullAtAnyMoment) {
  std::size_t least = 1000;
  std::size_t most = 0;
  for (std::uint64_t room = 0; room <= 1600 * KiB; room += 16 * KiB) {
    const auto data = disk.path() / "data";
    StoreScenario scenario{data};
    leave(room);
    scenario.run();
    least = std::min(least, scenario.applied());
    most = std::max(most, scenario.applied());
    give_room();
    scenario.expect_sound();
    ASSERT_FALSE(HasFailure()) << "with room for " << room << " bytes";
    std::filesystem::remove_all(data);
  }
  EXPECT_LT(least, 3U) << "at first there is room for nothing";
  EXPECT_GT(most, 45U) << "at last for all of it";
}

}  // namespace
}  // namespace mentat_sync
