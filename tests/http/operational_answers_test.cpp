// What the server says of itself, to the letter.
#include "http/operational_answers.hpp"

#include "tests/http/fakes.hpp"

#include <gtest/gtest.h>

namespace mentat_sync {
namespace {

TEST(OperationalAnswers, GiveASignOfLife) {
  EXPECT_EQ(sign_of_life().body.substr(0, 12), "mentat-sync ");
  EXPECT_EQ(sign_of_life().content_type, "text/plain; charset=utf-8");
  EXPECT_EQ(lb_heartbeat_answer().body, "{}");
}

TEST(OperationalAnswers, AHeartbeatIsOkWhenAllChecksAre) {
  const Response answer = heartbeat_answer({}, {});
  EXPECT_EQ(answer.status, 200u);
  EXPECT_EQ(answer.body, R"({"status":"ok","checks":{"store_reads":"ok","store_writes":"ok"}})");
  EXPECT_EQ(header_of(answer, "Cache-Control"), "no-store");
}

TEST(OperationalAnswers, AHeartbeatNamesWhatFailedButNotWhy) {
  const Status broken{ErrorCode::unavailable, "a commit failed in /srv/data"};
  const Response answer = heartbeat_answer({}, broken);
  EXPECT_EQ(answer.status, 503u);
  EXPECT_EQ(answer.body,
            R"({"status":"error","checks":{"store_reads":"ok","store_writes":"error"}})");
}

TEST(OperationalAnswers, TheVersionHasWhatDockerflowAsksFor) {
  const auto body = json_of(version_answer());
  for (const char* key : {"source", "version", "commit", "build"}) {
    EXPECT_TRUE(body.at(key).is_string()) << key;
  }
}

TEST(OperationalAnswers, LimitsAreNumbersAndNullWhereThereIsNone) {
  PublishedLimits limits;
  limits.chunk_bytes = 1234;
  limits.user_bytes = 0;
  limits.address_connections = 7;
  limits.idle_timeout = std::chrono::milliseconds{1500};
  const auto body = json_of(limits_answer(limits));
  EXPECT_EQ(body.at("request").at("chunk_bytes"), 1234);
  EXPECT_TRUE(body.at("user").at("bytes").is_null());
  EXPECT_EQ(body.at("address").at("connections"), 7);
  EXPECT_EQ(body.at("timeouts").at("idle_seconds"), 1.5);
  EXPECT_EQ(body.at("timeouts").at("handshake_seconds"), 10.0);
  EXPECT_TRUE(body.at("server").at("store_bytes").is_null());
  limits.store_bytes = 4096;
  EXPECT_EQ(json_of(limits_answer(limits)).at("server").at("store_bytes"), 4096);
  for (const char* taken : {"head", "transactions", "chunks"}) EXPECT_FALSE(body.contains(taken));
}

}  // namespace
}  // namespace mentat_sync
