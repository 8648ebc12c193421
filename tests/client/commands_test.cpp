// The commands that talk to a server, run as a person runs them, against a server of this build.
#include "commands_fixture.hpp"
#include "scripted_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

namespace mentat_sync {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::SizeIs;
using ::testing::StartsWith;

TEST_F(Commands, HeadIsTheRootOfAnEmptyLog) {
  const auto head = run({"head"});
  EXPECT_EQ(head.status.code, 0);
  EXPECT_EQ(head.out, std::string{root_id} + " 0\n");
  EXPECT_EQ(head.err, "");
}

TEST_F(Commands, HeadAsJsonHasTheTotals) {
  const auto head = push("buy milk");
  const auto json = nlohmann::json::parse(run({"head", "--json"}).out);
  EXPECT_EQ(json["head"], head);
  EXPECT_EQ(json["chunks"]["bytes"], 8);
}

TEST_F(Commands, PushCommitsFilesAsOneTransactionInTheirOrder) {
  const auto pushed = run({"push", file("a", "buy milk"), file("b", "buy bread"), "a"});
  ASSERT_EQ(pushed.status.code, 0) << pushed.err;
  EXPECT_THAT(pushed.out, MatchesRegex("[0-9a-f-]{36} 1\n"));
  const auto head = client.head();
  const auto transaction = client.get_transaction(head).json();
  const auto milk = sha256_hex("buy milk");
  EXPECT_EQ(transaction["chunks"], nlohmann::json({milk, sha256_hex("buy bread"), milk}));
  EXPECT_EQ(client.get_chunk(milk).body, "buy milk");
}

TEST_F(Commands, PushReadsStandardInput) {
  const auto pushed = run_shell("printf 'from a pipe' | \"$P\" push -");
  ASSERT_EQ(pushed.status.code, 0) << pushed.err;
  EXPECT_EQ(client.get_chunk(sha256_hex("from a pipe")).body, "from a pipe");
}

TEST_F(Commands, PushSendsWhatIsTooMuchForOneRequestAhead) {
  Words arguments{"push"};
  for (char c = 'a'; c < 'g'; ++c) {
    arguments.push_back(file(std::string{c}, std::string(3'000'000, c)));
  }
  const auto first = run(arguments);
  ASSERT_EQ(first.status.code, 0) << first.err;
  EXPECT_EQ(client.summary()["chunks"]["count"], 6);
  const auto again = run(arguments);
  ASSERT_EQ(again.status.code, 0) << again.err;
  EXPECT_THAT(again.out, EndsWith(" 2\n"));
}

TEST_F(Commands, PushesOfManyAtOnceAllGetThrough) {
  file("content", "the same for all");
  std::vector<std::unique_ptr<ChildProcess>> pushes;
  for (int i = 0; i < 30; ++i) {
    pushes.push_back(std::make_unique<ChildProcess>(
        ChildProcess::Options{.command = program_command({"push", "content"}),
                              .environment = environment_of(user),
                              .working_directory = directory.path()}));
  }
  for (auto& child : pushes) {
    const auto status = child->wait();
    ASSERT_TRUE(status);
    EXPECT_EQ(status->code, 0) << child->err();
  }
  EXPECT_EQ(client.summary()["seq"], 30);
}

TEST_F(Commands, PushAfterABaseThatIsNotHeadExitsWith3) {
  const auto head = push("buy milk");
  const auto refused = run({"push", "content", "--base", std::string{root_id}});
  EXPECT_EQ(refused.status.code, 3);
  EXPECT_EQ(refused.out, "");
  EXPECT_THAT(refused.err, HasSubstr(head));
  EXPECT_EQ(client.head(), head);
  EXPECT_EQ(run({"push", "content", "--base", head}).status.code, 0);
}

TEST_F(Commands, PushSaysWhichFileItCannotReadAndPushesNothing) {
  const auto failed = run({"push", file("a", "buy milk"), "nowhere"});
  EXPECT_EQ(failed.status.code, 1);
  EXPECT_THAT(failed.err, HasSubstr("nowhere"));
  EXPECT_EQ(client.head(), root_id);
}

TEST_F(Commands, PushSaysTheServersLimit) {
  const auto refused = run({"push", file("large", std::string(5'000'000, 'x'))});
  EXPECT_EQ(refused.status.code, 1);
  EXPECT_EQ(refused.err,
            "mentat-sync: large: 4.8 MiB, the server takes 4.0 MiB at most for one chunk\n");
}

TEST_F(Commands, LogListsNewestFirst) {
  const auto one = push("one");
  const auto two = push("two");
  EXPECT_EQ(run({"log"}).out, "2 " + two + " 1\n1 " + one + " 1\n");
  EXPECT_EQ(run({"log", "--reverse"}).out, "1 " + one + " 1\n2 " + two + " 1\n");
  EXPECT_EQ(run({"log", "--limit", "1"}).out, "2 " + two + " 1\n");
  EXPECT_EQ(run({"log", "--from", one}).out, "2 " + two + " 1\n");
  const auto json = nlohmann::json::parse(run({"log", "--json"}).out);
  EXPECT_EQ(json["transactions"][0]["id"], two);
}

TEST_F(Commands, LogDrawsTheChain) {
  EXPECT_EQ(run({"log", "--graph"}).out, "~ root  <- HEAD\n");
  const auto one = push("one");
  EXPECT_EQ(run({"log", "--graph"}).out, "* 1 " + one + " 1 chunk  <- HEAD\n~ root\n");
}

TEST_F(Commands, LogDrawsWhatIsOlderWhenNothingIsNew) {
  push("one");
  const auto two = push("two");
  EXPECT_EQ(run({"log", "--graph", "--from", two}).out, ": 2 older  <- HEAD\n");
}

TEST_F(Commands, LogEndsQuietlyWhenItsReaderHasEnough) {
  push("one");
  const auto finished = run_shell("\"$P\" log | true; \"$P\" log | head -n 1");
  EXPECT_EQ(finished.status.code, 0);
  EXPECT_EQ(finished.err, "");
}

TEST_F(Commands, PullListsChunksWithTheirBytes) {
  const auto one = push("buy milk");
  EXPECT_EQ(run({"pull"}).out, "1 " + one + " " + sha256_hex("buy milk") + " 8\n");
  EXPECT_EQ(run({"pull", "--from", one}).out, "");
}

TEST_F(Commands, PullAsNdjsonIsTheLogItemByItem) {
  push("buy milk");
  const auto items = lines(run({"pull", "--ndjson"}).out);
  ASSERT_THAT(items, SizeIs(4));
  EXPECT_EQ(nlohmann::json::parse(items[1])["bytes"], "YnV5IG1pbGs=");
  EXPECT_EQ(nlohmann::json::parse(items[3])["transactions"], 1);
}

TEST_F(Commands, PullIntoADirectoryGoesOnWhereItWas) {
  const auto one = push("buy milk");
  ASSERT_EQ(run({"pull", "--into", "chunks"}).status.code, 0);
  EXPECT_EQ(content("chunks/" + sha256_hex("buy milk")), "buy milk");
  EXPECT_EQ(content("chunks/HEAD"), one + "\n");
  const auto two = push("buy bread");
  const auto second = run({"pull", "--into", "chunks"});
  EXPECT_THAT(lines(second.out), ElementsAre("2 " + two + " " + sha256_hex("buy bread") + " 9"));
  EXPECT_EQ(content("chunks/HEAD"), two + "\n");
  EXPECT_EQ(run({"pull", "--into", "chunks"}).out, "");
}

TEST_F(Commands, PullIntoADirectoryReplacesAFileOfOtherBytes) {
  push("buy milk");
  std::filesystem::create_directory(directory.path() / "chunks");
  file("chunks/" + sha256_hex("buy milk"), "BUY MILK");  // as long, from a log that is no more
  ASSERT_EQ(run({"pull", "--into", "chunks"}).status.code, 0);
  EXPECT_EQ(content("chunks/" + sha256_hex("buy milk")), "buy milk");
}

TEST_F(Commands, PullFromAnUnknownTransactionFails) {
  const auto failed = run({"pull", "--from", new_uuid()});
  EXPECT_EQ(failed.status.code, 1);
  EXPECT_THAT(failed.err, HasSubstr("404"));
  EXPECT_EQ(failed.out, "");
}

TEST_F(Commands, PullIntoSaysWhatIsWrongWithItsHeadFile) {
  std::filesystem::create_directory(directory.path() / "chunks");
  file("chunks/HEAD", "nonsense\n");
  const auto failed = run({"pull", "--into", "chunks"});
  EXPECT_EQ(failed.status.code, 1);
  EXPECT_THAT(failed.err, HasSubstr("HEAD"));
}

TEST_F(Commands, ExportAndImportMoveALog) {
  for (const auto* bytes : {"one", "two", "three", "one"}) push(bytes);
  ASSERT_EQ(run({"export", "log.cbor"}).status.code, 0);
  const auto other = new_uuid();
  const auto imported = run_as(other, {"import", "log.cbor", "--push-bytes", "1KiB"});
  ASSERT_EQ(imported.status.code, 0) << imported.err;
  EXPECT_THAT(imported.err, HasSubstr("imported 4 transactions"));
  ASSERT_EQ(run_as(other, {"export", "copy.cbor"}).status.code, 0);
  EXPECT_EQ(content("copy.cbor"), content("log.cbor"));
  EXPECT_EQ(run({"export"}).out, content("log.cbor")) << "standard output";
}

TEST_F(Commands, ImportTakesChunksLargerThanAPush) {
  const auto pushed = run({"push", file("a", std::string(200'000, 'a')),
                           file("b", std::string(200'000, 'b')), file("c", "small")});
  ASSERT_EQ(pushed.status.code, 0) << pushed.err;
  run({"export", "log.cbor"});
  const auto other = new_uuid();
  const auto imported = run_as(other, {"import", "log.cbor", "--push-bytes", "64KiB"});
  ASSERT_EQ(imported.status.code, 0) << imported.err;
  EXPECT_EQ(run_as(other, {"head"}).out, run({"head"}).out);
}

TEST_F(Commands, ImportGoesOnWhereItWas) {
  push("one");
  push("two");
  run({"export", "first.cbor"});
  push("three");
  run({"export", "all.cbor"});
  const auto other = new_uuid();
  ASSERT_EQ(run_as(other, {"import", "first.cbor"}).status.code, 0);
  const auto rest = run_as(other, {"import", "all.cbor"});
  EXPECT_EQ(rest.status.code, 0) << rest.err;
  EXPECT_THAT(rest.err, HasSubstr("imported 1 transaction;"));
  const auto again = run_as(other, {"import", "all.cbor"});
  EXPECT_EQ(again.status.code, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr("imported 0 transactions"));
}

TEST_F(Commands, ImportTakesWhatComesAfterAnotherExport) {
  const auto one = push("one");
  run({"export", "first.cbor"});
  push("two");
  run({"export", "rest.cbor", "--from", one});
  const auto other = new_uuid();
  const auto early = run_as(other, {"import", "rest.cbor"});
  EXPECT_EQ(early.status.code, 3);
  EXPECT_THAT(early.err, HasSubstr("neither where the file begins"));
  EXPECT_EQ(run_as(other, {"import", "first.cbor"}).status.code, 0);
  EXPECT_EQ(run_as(other, {"import", "rest.cbor"}).status.code, 0);
  EXPECT_EQ(run_as(other, {"head"}).out, run({"head"}).out);
}

TEST_F(Commands, ImportIntoAnotherLogExitsWith3AndChangesNothing) {
  push("one");
  run({"export", "log.cbor"});
  const auto other = new_uuid();
  run_as(other, {"push", file("x", "something else")});
  const auto before = run_as(other, {"head"}).out;
  EXPECT_EQ(run_as(other, {"import", "log.cbor"}).status.code, 3);
  EXPECT_EQ(run_as(other, {"head"}).out, before);
}

TEST_F(Commands, AnEmptyLogIsExportedAndImportedAsNothing) {
  ASSERT_EQ(run({"export", "log.cbor"}).status.code, 0);
  EXPECT_EQ(run({"import", "log.cbor"}).status.code, 0);
  push("one");
  EXPECT_EQ(run({"import", "log.cbor"}).status.code, 3) << "it is another log";
}

TEST_F(Commands, ImportOfNothingNewIsForTheSameLogAlone) {
  const auto one = push("one");
  ASSERT_EQ(run({"export", "log.cbor", "--from", one}).status.code, 0);
  EXPECT_EQ(run({"import", "log.cbor"}).status.code, 0);
  const auto other = run_as(new_uuid(), {"import", "log.cbor"});
  EXPECT_EQ(other.status.code, 3);
  EXPECT_THAT(other.err, HasSubstr("neither where the file begins"));
}

TEST_F(Commands, ImportOfACutOffFileFailsAndCanBeCompleted) {
  for (const auto* bytes : {"one", "two", "three"}) push(bytes);
  run({"export", "log.cbor"});
  const auto bytes = content("log.cbor");
  file("cut.cbor", std::string_view{bytes}.substr(0, bytes.size() - 10));
  const auto other = new_uuid();
  const auto failed = run_as(other, {"import", "cut.cbor", "--push-bytes", "1KiB"});
  EXPECT_EQ(failed.status.code, 1);
  EXPECT_THAT(failed.err, HasSubstr("mentat-sync: cut.cbor is no whole log: "));
  const auto completed = run_as(other, {"import", "log.cbor"});
  EXPECT_EQ(completed.status.code, 0) << completed.err;
  EXPECT_EQ(run_as(other, {"head"}).out, run({"head"}).out);
}

TEST_F(Commands, ExportLeavesNoFileWhenTheStreamIsCutOff) {
  ScriptedServer server{{[](ScriptedConnection& connection) {
    connection.receive();
    connection.send(
        "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.mentat-sync.log+cbor-seq\r\n"
        "Transfer-Encoding: chunked\r\n\r\n3\r\n\xa3\x63\x6c\r\n");
  }}};
  const auto url = "http://127.0.0.1:" + std::to_string(server.port());
  file("log.cbor", "the one before");
  const auto failed = run({"export", "log.cbor", "--server", url});
  EXPECT_EQ(failed.status.code, 1);
  EXPECT_THAT(files(), ElementsAre("log.cbor"));
  EXPECT_EQ(content("log.cbor"), "the one before");
}

TEST_F(Commands, WatchPrintsEachHeadAndEndsWithSuccessWhenInterrupted) {
  const auto one = push("one");
  ChildProcess watch{{.command = program_command({"watch", "--pull"}),
                      .environment = environment_of(user),
                      .working_directory = directory.path()}};
  const auto wait_for_lines = [&](std::size_t count) {
    for (int i = 0; i < 2000 && lines(watch.out()).size() < count && watch.running(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
  };
  wait_for_lines(1);
  const auto two = push("buy bread");
  wait_for_lines(3);
  watch.signal(SIGINT);
  const auto status = watch.wait();
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code, 0) << watch.err();
  EXPECT_THAT(lines(watch.out()), ElementsAre("1 " + one, "  2 " + two + " 1 9", "2 " + two));
  EXPECT_EQ(watch.err(), "");
}

TEST_F(Commands, MistakesOnTheCommandLineExitWith2) {
  for (const Words& arguments :
       {Words{"head", "--user", "nobody"}, Words{"head", "--server", "ftp://example.org"},
        Words{"pull", "--from", "here"}, Words{"log", "--limit", "0"}, Words{"push"},
        Words{"import", "x", "--push-bytes", "1"}, Words{"log", "--graph", "--json"}}) {
    const auto finished = run(arguments);
    EXPECT_EQ(finished.status.code, 2) << arguments.back();
    EXPECT_EQ(finished.out, "");
    EXPECT_THAT(finished.err, StartsWith("mentat-sync: "));
  }
  const auto without_user = run_to_end(
      {.command = program_command({"head"}), .environment = {}, .working_directory = {}});
  EXPECT_EQ(without_user.status.code, 2);
  EXPECT_THAT(without_user.err, HasSubstr("--user"));
}

TEST_F(Commands, AServerThatIsNotThereIsAFailure) {
  const auto failed = run({"head", "--server", "http://127.0.0.1:1"});
  EXPECT_EQ(failed.status.code, 1);
  EXPECT_THAT(failed.err, HasSubstr("cannot connect"));
}

}  // namespace
}  // namespace mentat_sync
