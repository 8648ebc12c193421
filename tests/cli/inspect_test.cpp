// How an inspected log is drawn and told, and the command as a whole.
#include "cli/inspect.hpp"

#include "cli/exit_codes.hpp"
#include "cli/inspect_graph.hpp"
#include "cli/inspect_report.hpp"
#include "local_store.hpp"

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace mentat_sync {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Standing = InspectedTransaction::Standing;

constexpr std::uint64_t minute_ms = 60'000;
constexpr std::uint64_t now_ms = 1'000'000 * minute_ms;

InspectedTransaction row(Standing standing, std::uint8_t id, std::uint8_t parent,
                         std::uint64_t seq) {
  InspectedTransaction transaction;
  transaction.standing = standing;
  transaction.id = local_transaction(id);
  transaction.parent = local_transaction(parent);
  transaction.seq = seq;
  transaction.stored_ms = now_ms - 10 * minute_ms + id;
  transaction.since_ms = now_ms - 5 * minute_ms;
  transaction.collectable_ms = now_ms + 55 * minute_ms;
  return transaction;
}

InspectedTransaction committed(std::uint8_t id, std::uint8_t parent, std::uint64_t seq) {
  return row(Standing::committed, id, parent, seq);
}
InspectedTransaction pending(std::uint8_t id, std::uint8_t parent, std::uint64_t seq) {
  return row(Standing::pending, id, parent, seq);
}
InspectedTransaction dead(std::uint8_t id, std::uint8_t parent, std::uint64_t seq) {
  return row(Standing::dead, id, parent, seq);
}

Inspection inspection(std::vector<InspectedTransaction> committed_ones,
                      std::vector<InspectedTransaction> uncommitted) {
  Inspection result;
  result.now_ms = now_ms;
  result.begun = true;
  if (!committed_ones.empty()) {
    result.summary.head = committed_ones.front().id;
    result.summary.seq = committed_ones.front().seq;
  }
  for (const auto& transaction : uncommitted) {
    ++(transaction.standing == Standing::pending ? result.pending : result.dead);
  }
  result.committed = std::move(committed_ones);
  result.uncommitted = std::move(uncommitted);
  return result;
}

/// The drawing with each transaction's row cut off behind the last two digits of its id.
std::string shape(const Inspection& inspected) {
  std::ostringstream drawing;
  draw_graph(drawing, inspected);
  std::istringstream lines(drawing.str());
  std::string result;
  for (std::string line; std::getline(lines, line); result += '\n') {
    const auto id = line.find("00000000-");
    result += id == line.npos ? line : line.substr(0, id) + line.substr(id + 34, 2);
  }
  return result;
}

TEST(InspectGraph, AChainIsAColumn) {
  EXPECT_EQ(shape(inspection({committed(2, 1, 2), committed(1, 0, 1)}, {})),
            "* 2 02\n"
            "* 1 01\n"
            "~ root\n");
}

TEST(InspectGraph, AnEmptyLogIsItsRoot) {
  EXPECT_EQ(shape(inspection({}, {})), "~ root  <- HEAD\n");
}

TEST(InspectGraph, PendingOnesStandOnHead) {
  EXPECT_EQ(shape(inspection({committed(1, 0, 1)}, {pending(2, 1, 2), pending(3, 2, 3)})),
            "o 3 03\n"
            "o 2 02\n"
            "* 1 01\n"
            "~ root\n");
}

TEST(InspectGraph, AForkBranchesOffWhereItBegan) {
  EXPECT_EQ(shape(inspection({committed(3, 2, 3), committed(2, 1, 2), committed(1, 0, 1)},
                             {dead(4, 1, 2), dead(5, 4, 3)})),
            "* 3 03\n"
            "* 2 02\n"
            "| x 3 05\n"
            "| x 2 04\n"
            "|/\n"
            "* 1 01\n"
            "~ root\n");
}

TEST(InspectGraph, ForksOfForksHaveALaneEach) {
  EXPECT_EQ(shape(inspection({committed(2, 1, 2), committed(1, 0, 1)},
                             {dead(3, 1, 2), dead(4, 3, 3), dead(5, 3, 3), dead(6, 1, 2),
                              pending(7, 2, 3), pending(8, 2, 3)})),
            "o 3 08\n"
            "| o 3 07\n"
            "|/\n"
            "* 2 02\n"
            "| x 2 06\n"
            "|/\n"
            "| x 3 05\n"
            "| | x 3 04\n"
            "| |/\n"
            "| x 2 03\n"
            "|/\n"
            "* 1 01\n"
            "~ root\n");
}

TEST(InspectGraph, ForksFromTheRootAreDrawnThere) {
  EXPECT_EQ(shape(inspection({committed(1, 0, 1)}, {dead(2, 0, 1)})),
            "* 1 01\n"
            "| x 1 02\n"
            "|/\n"
            "~ root\n");
}

TEST(InspectGraph, SaysWhatIsNotShown) {
  auto inspected = inspection({committed(9, 8, 9)}, {dead(2, 1, 2)});
  EXPECT_EQ(shape(inspected),
            "* 9 09\n"
            ": 8 older\n"
            "not shown: 1 pending or dead transaction (--limit 0 shows those that branch off "
            "further back)\n");
}

TEST(InspectGraph, ALongForkIsDrawnWithoutRecursion) {
  std::vector<InspectedTransaction> chain;
  for (unsigned i = 0; i < 60'000; ++i) {
    auto& transaction = chain.emplace_back(pending(1, 0, i + 1));
    transaction.id.uuid.bytes[0] = static_cast<std::uint8_t>(i >> 8);
    transaction.id.uuid.bytes[1] = static_cast<std::uint8_t>(i);
    if (i > 0) transaction.parent = chain[i - 1].id;
  }
  const auto drawing = shape(inspection({}, chain));
  EXPECT_EQ(std::count(drawing.begin(), drawing.end(), '\n'), 60'001);
}

TEST(InspectGraph, TellsOfEachHowOldItIs) {
  std::ostringstream drawing;
  auto over = dead(3, 0, 1);
  over.collectable_ms = now_ms;
  draw_graph(drawing, inspection({committed(1, 0, 1)}, {pending(2, 1, 2), over}));
  EXPECT_THAT(drawing.str(), HasSubstr("0 chunks, 0 B, pending for 5 min, collectable in 55 min"));
  EXPECT_THAT(drawing.str(), HasSubstr("committed 5 min ago  <- HEAD\n"));
  EXPECT_THAT(drawing.str(), HasSubstr("dead for 5 min, collectable now"));
}

TEST(InspectReport, SaysThatALogIsEmpty) {
  std::ostringstream out;
  print_report(out, local_user, {});
  EXPECT_EQ(out.str(),
            "user        " + local_user.to_string() +
                "\n"
                "log         empty: nothing was ever written to it, or not since it was deleted\n");
}

TEST(InspectReport, TellsLeases) {
  auto inspected = inspection({committed(1, 0, 1)}, {});
  inspected.unreferenced = {3, 300, 1, 100, now_ms + minute_ms, now_ms + 90 * minute_ms};
  std::ostringstream out;
  print_report(out, local_user, inspected);
  EXPECT_THAT(out.str(),
              HasSubstr("no transaction names 3 of them, 300 B\n"
                        "leases      1 of these have run out (100 B), the next does in 1 min, "
                        "the last in 1 h 30 min\n"));
}

// --- The command --------------------------------------------------------------------------------

InspectOptions parse(const std::vector<std::string>& arguments) {
  CLI::App app;
  InspectOptions options;
  add_inspect(app, options);
  app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  return options;
}

TEST(InspectOptions, AreThoseOfTheCommandLine) {
  const auto options = parse({"inspect", "--data", "there", "--user", local_user.to_string(),
                              "--limit", "0", "--json", "--gc-grace", "5m"});
  EXPECT_EQ(options.data, "there");
  EXPECT_EQ(options.user, local_user);
  EXPECT_EQ(options.limit, 0U);
  EXPECT_TRUE(options.json);
  EXPECT_EQ(options.rules.dead_grace, std::chrono::minutes(5));
}

TEST(InspectOptions, RefuseWhatCannotBeUsed) {
  EXPECT_THROW(parse({"inspect"}), CLI::RequiredError);
  EXPECT_THROW(parse({"inspect", "--user", "me"}), CLI::ValidationError);
  EXPECT_THROW(parse({"inspect", "--user", local_user.to_string(), "--limit", "-1"}),
               CLI::ParseError);
}

InspectOptions options_for(const std::filesystem::path& directory) {
  InspectOptions options;
  options.data = directory;
  options.user = local_user;
  return options;
}

TEST(InspectCommand, ShowsAStore) {
  const LocalStore store;
  store.put_forks();
  const auto options = options_for(store.directory());
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(inspect(options), exit_codes::success);
  const auto text = ::testing::internal::GetCapturedStdout();
  EXPECT_THAT(text, StartsWith("user        " + local_user.to_string() + "\ngeneration  1\n"));
  EXPECT_THAT(text, HasSubstr("\n* 2 " + local_transaction(2).to_string()));
  EXPECT_THAT(text, HasSubstr("\n| x 2 " + local_transaction(3).to_string()));
  EXPECT_THAT(text, HasSubstr("\no 3 " + local_transaction(4).to_string()));
  EXPECT_THAT(text, HasSubstr("  <- HEAD\n"));
  EXPECT_THAT(text, EndsWith("x dead: HEAD has gone another way\n"));
}

TEST(InspectCommand, ShowsAStoreAsJson) {
  const LocalStore store;
  store.put_forks();
  auto options = options_for(store.directory());
  options.json = true;
  ::testing::internal::CaptureStdout();
  EXPECT_EQ(inspect(options), exit_codes::success);
  const auto json = nlohmann::json::parse(::testing::internal::GetCapturedStdout());
  EXPECT_EQ(json["head"], local_transaction(2).to_string());
  EXPECT_EQ(json["committed"].size(), 2U);
  EXPECT_EQ(json["pending"][0]["id"], local_transaction(4).to_string());
  EXPECT_EQ(json["dead"][0]["parent"], local_transaction(1).to_string());
  EXPECT_EQ(json["chunks"]["unreferenced"]["count"], 1);
}

TEST(InspectCommand, FailsWithoutAStore) {
  const TemporaryDirectory empty;
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(inspect(options_for(empty.path())), exit_codes::failure);
  EXPECT_THAT(::testing::internal::GetCapturedStderr(),
              StartsWith("mentat-sync: there is no store in"));
  EXPECT_TRUE(std::filesystem::is_empty(empty.path()));
}

}  // namespace
}  // namespace mentat_sync
