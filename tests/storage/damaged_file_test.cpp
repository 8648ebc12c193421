// Files that are damaged at random, cut off, or not stores at all: whatever their bytes are, the
// check ends by itself, with a report or a reason.
#include "check_fixture.hpp"
#include "storage/backup.hpp"
#include "storage/census.hpp"
#include "storage/inspection.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <random>

namespace mentat_sync {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t page_bytes = 4'096;

class DamagedFileTest : public CheckTest {
 protected:
  /// Some more of everything, so that tables have branches, and free pages.
  DamagedFileTest() {
    open();
    for (unsigned i = 0; i < 300; ++i) {
      put_chunk("c" + std::to_string(i), std::string(i * 7 % 3'000, 'y'));
      submit(PutChunk{other_user, chunk_id("c" + std::to_string(i)), "z"});
    }
    put_chunk("huge", std::string(50'000, 'h'));
    submit(DeleteUser{other_user});
    close();
    std::ifstream in{data(), std::ios::binary};
    sound_.assign(std::istreambuf_iterator<char>{in}, {});
  }

  std::filesystem::path data() const { return directory() / "data.mdb"; }

  void write(const std::string& bytes) const {
    std::ofstream{data(), std::ios::binary | std::ios::trunc} << bytes;
  }

  /// Whether the check, by both ways to open a file, the census and the look at free pages came to
  /// an end; and what the check said.
  CheckReport look(const std::string& bytes) const {
    write(bytes);
    static_cast<void>(take_census(directory(), 3));
    const auto alone = check_file(data());
    const auto beside = check_store(directory());
    if (alone.ok() && beside.ok()) {
      EXPECT_EQ(alone->sound(), beside->sound());
    }
    if (alone.ok()) return *alone;
    return beside.ok() ? *beside : CheckReport{};
  }

  std::string sound_;
};

TEST_F(DamagedFileTest, TheFileIsSoundBefore) {
  EXPECT_TRUE(report().sound());
  ASSERT_GT(sound_.size(), 30 * page_bytes);
}

TEST_F(DamagedFileTest, FlippedBitsAreSurvived) {
  std::mt19937 random{1};
  unsigned noticed = 0;
  for (int round = 0; round < 300; ++round) {
    std::string bytes = sound_;
    for (unsigned flips = 1 + random() % 3; flips > 0; --flips) {
      bytes[random() % bytes.size()] ^= static_cast<char>(1 << random() % 8);
    }
    noticed += look(bytes).sound() ? 0 : 1;
  }
  EXPECT_GT(noticed, 0U);
}

// Where every bit counts: the meta pages, and the headers of all others.
TEST_F(DamagedFileTest, FlippedBitsOfHeadersAreSurvived) {
  std::mt19937 random{2};
  unsigned noticed = 0;
  for (int round = 0; round < 300; ++round) {
    std::string bytes = sound_;
    const std::size_t page = round % 3 == 0 ? random() % 2 : random() % (bytes.size() / page_bytes);
    const std::size_t at = page * page_bytes + random() % (page < 2 ? 160 : 32);
    bytes[at] ^= static_cast<char>(1 << random() % 8);
    noticed += look(bytes).sound() ? 0 : 1;
  }
  EXPECT_GT(noticed, 100U);
}

TEST_F(DamagedFileTest, OverwrittenPagesAreSurvived) {
  std::mt19937 random{3};
  for (int round = 0; round < 100; ++round) {
    std::string bytes = sound_;
    const std::size_t page = random() % (bytes.size() / page_bytes);
    const std::size_t other = random() % (bytes.size() / page_bytes);
    const auto kind = round % 3;
    const std::string with = kind == 0   ? std::string(page_bytes, '\0')
                             : kind == 1 ? std::string(page_bytes, '\xff')
                                         : sound_.substr(other * page_bytes, page_bytes);
    bytes.replace(page * page_bytes, page_bytes, with);
    look(bytes);
  }
}

TEST_F(DamagedFileTest, CutOffFilesAreSurvived) {
  std::mt19937 random{4};
  for (int round = 0; round < 60; ++round) look(sound_.substr(0, random() % sound_.size()));
  look("");
  look("x");
}

TEST_F(DamagedFileTest, AnyPageThatIsInUseIsMissedWhenItIsGone) {
  // From the front, so that always some page in use is lost.
  for (std::size_t pages = 2; pages < 10; ++pages) {
    const auto seen = look(sound_.substr(0, pages * page_bytes));
    EXPECT_FALSE(seen.sound()) << pages;
  }
}

TEST_F(DamagedFileTest, WhatIsNoStoreIsSaidToBeSo) {
  for (const std::string& bytes :
       {std::string(10 * page_bytes, 'x'), std::string{"hello\n"}, std::string{}}) {
    write(bytes);
    for (const auto& status :
         {check_file(data()).status(), check_store(directory()).status(),
          take_census(directory(), 0).status(), StoreInspector::open(directory(), {}).status()}) {
      EXPECT_EQ(status.code(), ErrorCode::invalid);
      EXPECT_EQ(status.message(), data().string() + " is no mentat-sync store");
    }
  }
}

TEST_F(DamagedFileTest, AStoreThatLostItsFirstPageIsADamagedOne) {
  std::string bytes = sound_;
  bytes.replace(0, page_bytes, std::string(page_bytes, 'x'));
  const auto seen = look(bytes);
  ASSERT_EQ(seen.findings_in_all, 1U);
  EXPECT_EQ(seen.findings[0].where, "data.mdb");
  EXPECT_THAT(seen.findings[0].what, HasSubstr("page 0"));
}

TEST_F(DamagedFileTest, ChangedBytesOfAHashedChunkAreNoticed) {
  const auto at = sound_.find("hashed");
  ASSERT_NE(at, sound_.npos);
  std::string bytes = sound_;
  for (auto found = at; found != bytes.npos; found = bytes.find("hashed", found)) {
    bytes[found] = 'H';  // of older states too
  }
  EXPECT_FALSE(look(bytes).sound());
}

// Copying trusts the file as LMDB does, but in a child.
TEST_F(DamagedFileTest, CopyingIsSurvived) {
  std::mt19937 random{5};
  const auto target = directory() / "copy.mdb";
  for (int round = 0; round < 60; ++round) {
    std::string bytes = sound_;
    const std::size_t page = 2 + random() % (bytes.size() / page_bytes - 2);
    bytes.replace(page * page_bytes, 64, std::string(64, static_cast<char>(random())));
    if (round % 4 == 0) bytes.resize(bytes.size() - random() % (bytes.size() / 2));
    write(bytes);
    const auto copied = back_up(directory(), target, {});
    EXPECT_EQ(std::filesystem::exists(target), copied.ok());
    std::filesystem::remove(target);
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator{directory()}, {}), 3)
      << "data.mdb, lock.mdb and mentat-sync.lock, but no rest of a copy";
}

// A commit that takes pages and gives them back never writes them.
TEST_F(DamagedFileTest, AFileWithoutItsLastFreePagesIsWhole) {
  open();
  put_chunk("last", std::string(200'000, 'l'));
  submit(Collect{user, {}});
  close();
  {
    RawStore raw{directory()};
    raw.put(raw.tables().payloads, integer_key(std::uint64_t{99'999}), std::string(99'999, 'x'));
  }
  {
    RawStore raw{directory()};
    raw.erase(raw.tables().payloads, integer_key(std::uint64_t{99'999}));
  }
  ASSERT_TRUE(report().sound());
  const auto census = take_census(directory(), 0);
  ASSERT_TRUE(census.ok());
  std::filesystem::resize_file(data(), census->pages * page_bytes - 10 * page_bytes);
  EXPECT_TRUE(report().sound());
  EXPECT_TRUE(StoreInspector::open(directory(), {}).ok());
  std::filesystem::resize_file(data(), 20 * page_bytes);
  EXPECT_FALSE(report().sound());
  EXPECT_FALSE(StoreInspector::open(directory(), {}).ok());
}

}  // namespace
}  // namespace mentat_sync
