// The body of a push: the command that it stands for, and what is none.
#include "http/push_body.hpp"

#include "storage/bounds.hpp"
#include "storage/cbor_log.hpp"
#include "tests/http/fakes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace mentat_sync {
namespace {

using testing::HasSubstr;

const TransactionId root = TransactionId::root();
const TransactionId one = transaction_id(first);
const TransactionId two = transaction_id(second);

LogChunk chunk(std::string_view id, std::string bytes) {
  return {chunk_id(id), std::move(bytes)};
}

/// Counts for itself what a trailer must say.
class LogText {
 public:
  explicit LogText(TransactionId from, TransactionId head) {
    trailer_.next = from;
    append_cbor(bytes_, LogHeader{from, head});
  }

  LogText& with(LogChunk item) {
    ++trailer_.chunks;
    trailer_.chunk_bytes += item.bytes.size();
    append_cbor(bytes_, std::move(item));
    return *this;
  }
  LogText& with(TransactionId id, std::vector<ChunkId> chunks) {
    const TransactionId parent = std::exchange(trailer_.next, id);
    append_cbor(bytes_, LogTransaction{id, ++trailer_.transactions, parent, std::move(chunks)});
    return *this;
  }
  const std::string& so_far() const { return bytes_; }
  std::string end(bool more = false) {
    trailer_.more = more;
    append_cbor(bytes_, trailer_);
    return bytes_;
  }

 private:
  std::string bytes_;
  LogTrailer trailer_;
};

Parsed<Push> parse(std::string_view body) {
  PushSink whole{user_id(alice)};
  whole.take(body);
  return whole.finish();
}

/// Of a body that must be one.
Push push_of(std::string_view body) {
  auto parsed = parse(body);
  const auto* problem = std::get_if<Problem>(&parsed);
  EXPECT_EQ(problem, nullptr) << problem->detail;
  return problem == nullptr ? std::get<Push>(std::move(parsed)) : Push{};
}

/// Of a body that must not.
Problem problem_of(std::string_view body) {
  auto parsed = parse(body);
  auto* problem = std::get_if<Problem>(&parsed);
  EXPECT_NE(problem, nullptr);
  return problem == nullptr ? Problem{} : std::move(*problem);
}

TEST(PushBody, IsOneCommand) {
  const Push push = push_of(LogText{root, two}
                                .with(chunk("a", "alpha"))
                                .with(one, {chunk_id("a"), chunk_id("a")})
                                .with(chunk("b", ""))
                                .with(two, {chunk_id("b"), chunk_id("stored")})
                                .end());
  EXPECT_EQ(push.user, user_id(alice));
  EXPECT_TRUE(push.base.is_root());
  ASSERT_EQ(push.chunks.size(), 2u);
  EXPECT_EQ(push.chunks[0].id, chunk_id("a"));
  EXPECT_EQ(push.chunks[0].bytes, "alpha");
  EXPECT_EQ(push.chunks[1].bytes, "");
  ASSERT_EQ(push.transactions.size(), 2u);
  EXPECT_EQ(push.transactions[0].id, one);
  EXPECT_EQ(push.transactions[0].chunks, (std::vector{chunk_id("a"), chunk_id("a")}));
  EXPECT_EQ(push.transactions[1].id, two);
  EXPECT_EQ(push.transactions[1].chunks, (std::vector{chunk_id("b"), chunk_id("stored")}));
}

TEST(PushBody, MayHaveNothingInIt) {
  const Push push = push_of(LogText{one, one}.end());
  EXPECT_EQ(push.base, one);
  EXPECT_TRUE(push.chunks.empty() && push.transactions.empty());
}

TEST(PushBody, MayHaveChunksAlone) {
  const Push push = push_of(LogText{one, one}.with(chunk("a", "alpha")).end());
  EXPECT_EQ(push.chunks.size(), 1u);
  EXPECT_TRUE(push.transactions.empty());
}

TEST(PushBody, TakesAChunkThatComesAgainOnce) {
  const Push push = push_of(LogText{root, one}
                                .with(chunk("a", "alpha"))
                                .with(chunk("b", "beta"))
                                .with(chunk("a", "alpha"))
                                .with(one, {chunk_id("a")})
                                .with(chunk("b", "beta"))
                                .end());
  ASSERT_EQ(push.chunks.size(), 2u);
  EXPECT_EQ(push.chunks[0].bytes, "alpha");
  EXPECT_EQ(push.chunks[1].bytes, "beta");
}

TEST(PushBody, IsNoneWhenAChunkComesAgainWithOtherBytes) {
  const Problem problem =
      problem_of(LogText{root, root}.with(chunk("a", "alpha")).with(chunk("a", "other")).end());
  EXPECT_EQ(problem.kind.slug, "malformed-log");
  EXPECT_EQ(problem.kind.status, 400u);
  EXPECT_THAT(problem.detail, HasSubstr("The chunk a "));
}

TEST(PushBody, NamesTheHeadThatItEndsAt) {
  for (const std::string& body :
       {LogText{root, two}.with(one, {}).end(), LogText{root, root}.with(one, {}).end(),
        LogText{root, one}.end()}) {
    const Problem problem = problem_of(body);
    EXPECT_EQ(problem.kind.slug, "malformed-log");
    EXPECT_THAT(problem.detail, HasSubstr("\"head\""));
  }
}

TEST(PushBody, MayBeAPartOfALongerLog) {
  const Push push = push_of(LogText{root, two}.with(one, {}).end(true));
  ASSERT_EQ(push.transactions.size(), 1u);
  EXPECT_EQ(push.transactions[0].id, one);
}

TEST(PushBody, IsNoneWhenItWasCutOff) {
  const std::string whole =
      LogText{root, one}.with(chunk("a", "alpha")).with(one, {chunk_id("a")}).end();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    ASSERT_EQ(problem_of(std::string_view{whole}.substr(0, size)).kind.slug, "malformed-log")
        << size;
  }
  EXPECT_THAT(problem_of(LogText{root, one}.with(one, {}).so_far()).detail, HasSubstr("cut off"));
}

TEST(PushBody, IsNoneWithAnythingBehindIt) {
  const std::string whole = LogText{root, one}.with(one, {}).end();
  EXPECT_EQ(problem_of(whole + '\0').kind.slug, "malformed-log");
  EXPECT_EQ(problem_of(whole + whole).kind.slug, "malformed-log");
}

TEST(PushBody, IsNoneOutOfOrder) {
  std::string no_header;
  append_cbor(no_header, LogTransaction{one, 1, root, {}});
  EXPECT_EQ(problem_of(no_header).kind.slug, "malformed-log");
  std::string no_chain = LogText{root, two}.so_far();
  append_cbor(no_chain, LogTransaction{two, 1, one, {}});
  EXPECT_EQ(problem_of(no_chain).kind.slug, "malformed-log");
}

TEST(PushBody, IsNoneOfOtherThings) {
  for (const std::string_view body : {"{}", "{\"log\":1}", "\xff", "\xa0", "hello"}) {
    EXPECT_EQ(problem_of(body).kind.slug, "malformed-log") << body;
  }
}

TEST(PushBody, SaysAtWhichByteItIsMalformed) {
  const std::string start = LogText{root, one}.so_far();
  EXPECT_THAT(problem_of(start + "\xff").detail, HasSubstr(std::to_string(start.size())));
}

TEST(PushBody, IsTheSameHoweverItArrives) {
  const std::string bytes = LogText{root, one}
                                .with(chunk("a", "alpha"))
                                .with(chunk("b", ""))
                                .with(one, {chunk_id("b"), chunk_id("a")})
                                .end();
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    PushSink body{user_id(alice)};
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      body.take(std::string_view{bytes}.substr(at, step));
    }
    const auto parsed = body.finish();
    ASSERT_TRUE(std::holds_alternative<Push>(parsed)) << step;
    const Push& push = std::get<Push>(parsed);
    ASSERT_EQ(push.chunks.size(), 2u);
    EXPECT_EQ(push.chunks[0].bytes, "alpha");
    ASSERT_EQ(push.transactions.size(), 1u);
    EXPECT_EQ(push.transactions[0].chunks, (std::vector{chunk_id("b"), chunk_id("a")}));
  }
}

TEST(PushBody, RemembersTheFirstThingThatIsWrong) {
  LogText many{root, root};
  for (std::size_t i = 0; i <= bounds::push_items; ++i) many.with(chunk("a", ""));
  LogText twice{root, root};
  twice.with(chunk("a", "alpha")).with(chunk("a", "other"));
  const std::string sound = LogText{root, one}.with(one, {}).end();
  for (const auto& [bytes, slug] :
       {std::pair{many.so_far(), "too-many-items"}, std::pair{twice.so_far(), "malformed-log"},
        std::pair{sound + "x", "malformed-log"}}) {
    PushSink body{user_id(alice)};
    body.take(bytes);
    body.take("no CBOR");
    body.take(sound);
    const auto parsed = body.finish();
    const auto* problem = std::get_if<Problem>(&parsed);
    ASSERT_NE(problem, nullptr);
    EXPECT_EQ(problem->kind.slug, slug);
    EXPECT_EQ(problem->detail, problem_of(bytes).detail);
  }
}

TEST(PushBody, MayHaveLargeChunks) {
  const std::string large(5 * bounds::MiB + 1, 'L');
  const Push push = push_of(
      LogText{root, one}.with(chunk("a", large)).with(chunk("b", large)).with(one, {}).end());
  ASSERT_EQ(push.chunks.size(), 2u);
  EXPECT_TRUE(push.chunks[1].bytes == large);
}

TEST(PushBody, HasAtMostTheBoundOfItems) {
  const auto log_of = [](std::size_t chunks, std::size_t chunks_named) {
    LogText log{root, one};
    for (std::size_t i = 0; i < chunks; ++i) log.with(chunk("c" + std::to_string(i), ""));
    log.with(one, std::vector<ChunkId>(chunks_named, chunk_id("c0")));
    return log.end();
  };
  const std::size_t named = 10'000;
  const std::size_t chunks = bounds::push_items - named - 1;
  EXPECT_EQ(push_of(log_of(chunks, named)).chunks.size(), chunks);
  for (const auto& body : {log_of(chunks + 1, named), log_of(chunks, named + 1)}) {
    const Problem problem = problem_of(body);
    EXPECT_EQ(problem.kind.slug, "too-many-items");
    EXPECT_EQ(problem.kind.status, 413u);
    EXPECT_EQ(problem.limit->value, bounds::push_items);
  }
}

// Each of these takes 18 bytes on the wire.
TEST(PushBody, CountsWhatItsItemsTakeInMemory) {
  constexpr std::size_t chunks = 10'000;
  LogText log{root, root};
  for (std::size_t i = 0; i < chunks; ++i) log.with(chunk("c" + std::to_string(i), ""));
  PushSink sink{user_id(alice)};
  EXPECT_LT(sink.held_bytes(), 1000u);
  sink.take(log.so_far());
  EXPECT_GT(sink.held_bytes(), chunks * (sizeof(Push::Chunk) + sizeof(ChunkId)));
  EXPECT_LT(sink.held_bytes(), chunks * 300);
  sink.take("no log");
  EXPECT_LT(sink.held_bytes(), 1000u) << "nothing is kept of what is refused";
}

TEST(PushBody, CountsTheIdsOfATransactionThatIsStillArriving) {
  const std::vector<ChunkId> ids(bounds::chunks_per_transaction, chunk_id("a"));
  const std::string whole = LogText{root, one}.with(one, ids).so_far();
  PushSink sink{user_id(alice)};
  sink.take(std::string_view{whole}.substr(0, whole.size() - 1));
  EXPECT_GE(sink.held_bytes(), ids.size() * sizeof(ChunkId));
}

TEST(PushBody, CountsAChunkThatComesAgainToo) {
  LogText log{root, root};
  for (std::size_t i = 0; i <= bounds::push_items; ++i) log.with(chunk("a", ""));
  EXPECT_EQ(problem_of(log.end()).kind.slug, "too-many-items");
}

}  // namespace
}  // namespace mentat_sync
