// The configuration file, through the command line that names it.
#include "cli/config_file.hpp"

#include "cli/command_line.hpp"
#include "cli/environment_variable.hpp"
#include "cli/exit_codes.hpp"
#include "support/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/stat.h>

namespace mentat_sync {
namespace {

using ::testing::HasSubstr;

/// What the first example of a configuration on a page says.
std::string first_toml_of(const std::string& page) {
  std::ifstream file{std::filesystem::path{MENTAT_SYNC_SOURCE_DIR} / page};
  std::stringstream text;
  text << file.rdbuf();
  const std::string fence = "\n```toml\n";
  const auto start = text.str().find(fence);
  if (start == std::string::npos) return {};
  const auto rest = text.str().substr(start + fence.size());
  return rest.substr(0, rest.find("```"));
}

class ConfigFileTest : public ::testing::Test {
 protected:
  CommandLine parse(const std::string& text, const std::vector<std::string>& flags = {}) {
    std::ofstream(path()) << text;
    std::vector<std::string> arguments{"serve", "--config", path()};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return parse_command_line(arguments);
  }

  ServeOptions options(const std::string& text, const std::vector<std::string>& flags = {}) {
    const CommandLine command = parse(text, flags);
    const auto* farewell = std::get_if<Farewell>(&command);
    EXPECT_EQ(farewell, nullptr) << farewell->err;
    return farewell == nullptr ? std::get<ServeOptions>(command) : ServeOptions{};
  }

  void expect_refused(const std::string& text, const std::string& named) {
    const CommandLine command = parse(text);
    const auto* farewell = std::get_if<Farewell>(&command);
    ASSERT_NE(farewell, nullptr) << "was accepted: " << text;
    EXPECT_EQ(farewell->exit_code, exit_codes::usage);
    EXPECT_THAT(farewell->err, HasSubstr(named));
  }

  std::string path() const { return (directory_.path() / "config.toml").string(); }

 private:
  TemporaryDirectory directory_;
};

TEST_F(ConfigFileTest, SetsEveryOption) {
  const auto all = options(R"(# a comment
[serve]
listen = "[::1]:7"  # another
data = "/srv/with space, and comma"
max-chunk-bytes = "1MiB"
max-store-bytes = 1073741824
chunk-ids = "sha256"
threads = 3
max-connections = 100
passivate-after = "5m"
drain-timeout = 2
log-level = "error"
log-format = 'text'
)");
  EXPECT_EQ(all.listen, (ListenAddress{"::1", 7}));
  EXPECT_EQ(all.data, "/srv/with space, and comma");
  EXPECT_EQ(all.max_chunk_bytes, bounds::MiB);
  EXPECT_EQ(all.max_store_bytes, bounds::GiB);
  EXPECT_EQ(all.chunk_ids, ChunkIds::sha256);
  EXPECT_EQ(all.threads, 3);
  EXPECT_EQ(all.limits.max_connections, 100);
  EXPECT_EQ(all.passivate_after, std::chrono::minutes{5});
  EXPECT_EQ(all.drain_timeout, std::chrono::seconds{2});
  EXPECT_EQ(all.log_level, LogLevel::error);
  EXPECT_EQ(all.log_format, LogFormat::text);
}

TEST_F(ConfigFileTest, GivesWayToFlagsAndEnvironment) {
  const EnvironmentVariable connections{"MENTAT_SYNC_MAX_CONNECTIONS", "2"};
  const auto mixed = options("[serve]\nthreads = 1\nmax-connections = 1\nlog-level = \"error\"\n",
                             {"--threads", "3"});
  EXPECT_EQ(mixed.threads, 3);
  EXPECT_EQ(mixed.limits.max_connections, 2);
  EXPECT_EQ(mixed.log_level, LogLevel::error);
}

TEST_F(ConfigFileTest, MayBeNamedByTheEnvironment) {
  std::ofstream(path()) << "[serve]\nthreads = 9\n";
  const EnvironmentVariable config{"MENTAT_SYNC_CONFIG", path()};
  EXPECT_EQ(std::get<ServeOptions>(parse_command_line({"serve"})).threads, 9);
}

TEST_F(ConfigFileTest, MayBeEmpty) {
  EXPECT_EQ(options("").threads, 0);
}

/// docs/security.md's own rule: what one address may have on its way leaves room for others.
TEST_F(ConfigFileTest, OfTheSecurityPageKeepsThatPagesRule) {
  const auto limits = options(first_toml_of("docs/security.md")).limits;
  ASSERT_GT(limits.connections_per_address, 0U);
  // What the items of a push may take beside its bytes: 256 for each.
  constexpr std::uint64_t items_bytes = 256 * bounds::push_items;
  EXPECT_LT(limits.connections_per_address * (limits.push_bytes + items_bytes),
            limits.bodies_bytes);
  // 4.5 MiB: more than any pull counts with, and more than a chunk of the default size.
  EXPECT_LT(limits.connections_per_address * (9 * bounds::MiB / 2), limits.answers_bytes);
}

TEST_F(ConfigFileTest, RefusesUnknownKeys) {
  expect_refused("[serve]\nmax-chunk-byte = 1\n", "max-chunk-byte");
  expect_refused("[serve]\nconfig = \"x\"\n", "config");
  expect_refused("[serve]\nhelp = true\n", "help");
  expect_refused("[server]\nthreads = 1\n", "server.threads");
  expect_refused("[serve.more]\nthreads = 1\n", "serve.more.threads");
  expect_refused("threads = 1\n", "threads");
  expect_refused("not toml at all\n", "not toml");
}

TEST_F(ConfigFileTest, RefusesAKeyGivenTwice) {
  expect_refused("[serve]\nthreads = 1\nthreads = 2\n", "threads");
  expect_refused("[serve]\nthreads = 1\nlog-level = \"info\"\nthreads = 2\n", "threads");
}

TEST_F(ConfigFileTest, RefusesBadValues) {
  expect_refused("[serve]\nthreads = many\n", "--threads");
  expect_refused("[serve]\nthreads = [1, 2]\n", "threads");
  expect_refused("[serve]\nthreads\n", "threads");
  expect_refused("[serve]\ndata = \"\"\n", "--data");
  expect_refused("[serve]\nlisten = \"nowhere\"\n", "--listen");
}

TEST_F(ConfigFileTest, SaysInWhichFileABadValueStands) {
  expect_refused("[serve]\nlisten = \"a\"\n", path() + ": --listen: 'a' is ");
}

TEST_F(ConfigFileTest, RefusesWhatItWouldMisread) {
  expect_refused("[serve]\ndata = \"/srv/a#b\"\n", "serve.data");
  expect_refused("[serve]\ndata = \"/srv/\\u00e9\"\n", "serve.data");
}

TEST_F(ConfigFileTest, IsNotWaitedForWhenItIsAFifo) {
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  const auto command = parse_command_line({"serve", "--config", path()});
  const auto* farewell = std::get_if<Farewell>(&command);
  ASSERT_NE(farewell, nullptr);
  EXPECT_EQ(farewell->exit_code, exit_codes::usage);
  EXPECT_THAT(farewell->err, HasSubstr("no regular file"));
}

}  // namespace
}  // namespace mentat_sync
