// Files that are read again: on being told to, on their own, and when they are broken.
#include "cli/watched_file.hpp"

#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <fstream>
#include <mutex>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace mentat_sync {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class WatchedFileTest : public testing::Test {
 protected:
  void write(const std::string& text) {
    const auto other = path.string() + ".new";
    std::ofstream(other) << text;
    std::filesystem::permissions(
        other, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    std::filesystem::rename(other, path);
  }

  Result<std::unique_ptr<WatchedFile>> start() {
    return WatchedFile::start({.path = path,
                               .max_bytes = 100,
                               .take = [this](const GuardedFile& file) { return take(file.text); },
                               .log = [this](LogLevel level, std::string_view event,
                                             const auto& fields) { note(level, event, fields); }});
  }

  Status take(const std::string& text) {
    if (text == "bad") return {ErrorCode::invalid, "it is bad"};
    const std::lock_guard lock{mutex};
    taken.push_back(text);
    changed.notify_all();
    return {};
  }

  void note(LogLevel level, std::string_view event, const std::vector<LogField>& fields) {
    const std::lock_guard lock{mutex};
    events.emplace_back(event);
    if (level == LogLevel::error) errors.push_back(fields.back().value);
    changed.notify_all();
  }

  template <class Condition>
  bool await(Condition condition) {
    std::unique_lock lock{mutex};
    return changed.wait_for(lock, 30s, condition);
  }

  TemporaryDirectory directory;
  const std::filesystem::path path = directory.path() / "file";
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> taken;
  std::vector<std::string> errors;
  std::vector<std::string> events;
};

TEST_F(WatchedFileTest, IsReadBeforeItStarts) {
  write("one");
  const auto file = start();
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(taken, std::vector<std::string>{"one"});
}

TEST_F(WatchedFileTest, DoesNotStartWithoutAFileThatCanBeUsed) {
  EXPECT_THAT(start().status().message(), HasSubstr("cannot read"));
  write("bad");
  EXPECT_EQ(start().status().message(), "it is bad");
  write(std::string(101, 'x'));
  EXPECT_THAT(start().status().message(), HasSubstr("more than 100 bytes"));
}

TEST_F(WatchedFileTest, NoticesByItselfThatItChanged) {
  write("one");
  const auto file = start();
  write("two");
  EXPECT_TRUE(await([&] { return taken.back() == "two"; }));
  write("three");
  EXPECT_TRUE(await([&] { return taken.back() == "three"; }));
  EXPECT_EQ(taken.size(), 3u);
}

TEST_F(WatchedFileTest, IsReadAgainWhenToldTo) {
  write("one");
  const auto file = start();
  (*file)->reload();
  EXPECT_TRUE(await([&] { return taken.size() == 2; }));
}

TEST_F(WatchedFileTest, SaysWhetherItHadChanged) {
  write("one");
  const auto file = start();
  (*file)->reload();
  EXPECT_TRUE(await([&] { return events == std::vector<std::string>{"file unchanged"}; }));
  write("two");
  EXPECT_TRUE(await([&] { return events.size() == 2; }));
  EXPECT_EQ(events.back(), "file read again");
}

TEST_F(WatchedFileTest, KeepsWhatItHadWhenTheNewOneIsBroken) {
  write("one");
  const auto file = start();
  write("bad");
  EXPECT_TRUE(await([&] { return errors.size() == 1 && errors[0] == "it is bad"; }));
  write("two");
  EXPECT_TRUE(await([&] { return taken.back() == "two"; }));
  EXPECT_EQ(taken, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(errors.size(), 1u) << "told once";
}

TEST_F(WatchedFileTest, KeepsWhatItHadWhenTheFileIsGone) {
  write("one");
  const auto file = start();
  std::filesystem::remove(path);
  EXPECT_TRUE(await([&] { return errors.size() == 1; }));
  write("one");
  EXPECT_TRUE(await([&] { return taken.size() == 2; }));
}

TEST_F(WatchedFileTest, DoesNotWaitForAFifoInItsPlace) {
  write("one");
  const auto file = start();
  std::filesystem::remove(path);
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_TRUE(await([&] { return errors.size() == 1; }));
  EXPECT_THAT(errors[0], HasSubstr("no regular file"));
  (*file)->reload();
  EXPECT_TRUE(await([&] { return errors.size() == 2; }));
  write("two");
  EXPECT_TRUE(await([&] { return taken.back() == "two"; }));
}

TEST_F(WatchedFileTest, NoticesThatItsPermissionsArePutRight) {
  write("one");
  const auto file = start();
  std::filesystem::permissions(path, std::filesystem::perms::all);
  EXPECT_TRUE(await([&] { return errors.size() == 1; }));
  EXPECT_THAT(errors[0], HasSubstr("chmod"));
  std::filesystem::permissions(path, std::filesystem::perms::owner_read);
  EXPECT_TRUE(await([&] { return taken.size() == 2; }));
}

}  // namespace
}  // namespace mentat_sync
