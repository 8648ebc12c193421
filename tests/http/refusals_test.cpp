// Each verdict has its status and its type; no two share a type.
#include "http/refusals.hpp"

#include "tests/http/fakes.hpp"

#include <gtest/gtest.h>

#include <set>

namespace mentat_sync {
namespace {

struct Expected {
  Verdict verdict;
  unsigned status;
};

constexpr Expected refusals[] = {
    {Verdict::chunk_differs, 409},       {Verdict::transaction_differs, 409},
    {Verdict::transaction_is_root, 409}, {Verdict::unknown_parent, 409},
    {Verdict::missing_chunks, 404},      {Verdict::head_is_root, 409},
    {Verdict::head_is_current, 409},     {Verdict::head_unknown, 409},
    {Verdict::head_not_descendant, 409}, {Verdict::head_has_children, 409},
    {Verdict::precondition_failed, 412}, {Verdict::hash_mismatch, 400},
    {Verdict::chunk_id_not_sha256, 400}, {Verdict::chunk_too_large, 413},
    {Verdict::too_many_chunks, 413},     {Verdict::too_many_pending, 507},
    {Verdict::storage_full, 507},        {Verdict::overloaded, 503},
    {Verdict::unavailable, 503},         {Verdict::base_not_head, 409},
    {Verdict::too_many_items, 413},
};

nlohmann::json refusal(Verdict verdict) {
  return json_of(to_response(problem_of(Outcome{.verdict = verdict,
                                                .current_head = transaction_id(first),
                                                .missing = {chunk_id("a")},
                                                .limit = 7,
                                                .collected = {}})));
}

TEST(Refusals, GiveEachVerdictItsStatus) {
  for (const auto& [verdict, status] : refusals) {
    EXPECT_EQ(refusal(verdict)["status"], status) << to_string(verdict);
  }
}

TEST(Refusals, GiveEachVerdictATypeOfItsOwn) {
  std::set<std::string> types;
  for (const auto& [verdict, status] : refusals) types.insert(refusal(verdict)["type"]);
  EXPECT_EQ(types.size(), std::size(refusals));
}

TEST(Refusals, NameTheTypeAsTheVerdict) {
  for (const auto& [verdict, status] : refusals) {
    std::string slug{to_string(verdict)};
    for (char& c : slug) c = c == '_' ? '-' : c;
    EXPECT_EQ(refusal(verdict)["type"], urn(slug));
  }
}

TEST(Refusals, SayWhatToDo) {
  for (const auto& [verdict, status] : refusals) {
    EXPECT_GT(refusal(verdict)["detail"].get<std::string>().size(), 40u) << to_string(verdict);
  }
}

TEST(Refusals, OfHeadSayWhereItIs) {
  for (const auto verdict : {Verdict::head_is_root, Verdict::head_is_current, Verdict::head_unknown,
                             Verdict::head_not_descendant, Verdict::head_has_children,
                             Verdict::precondition_failed, Verdict::base_not_head}) {
    EXPECT_EQ(refusal(verdict)["current_head"], first) << to_string(verdict);
  }
  EXPECT_FALSE(refusal(Verdict::unknown_parent).contains("current_head"));
}

TEST(Refusals, SayWhichChunksAreMissing) {
  EXPECT_EQ(refusal(Verdict::missing_chunks)["missing"], nlohmann::json{"a"});
  EXPECT_FALSE(refusal(Verdict::chunk_differs).contains("missing"));
}

// Clients exist that take such a body for an answer, whatever the status.
TEST(Refusals, HaveNoFieldOfAnAnswer) {
  for (const auto& [verdict, status] : refusals) {
    for (const auto* field : {"head", "transactions", "chunks"}) {
      EXPECT_FALSE(refusal(verdict).contains(field)) << to_string(verdict) << " " << field;
    }
  }
}

TEST(Refusals, SayTheBound) {
  EXPECT_EQ(refusal(Verdict::chunk_too_large)["limit_bytes"], 7);
  EXPECT_EQ(refusal(Verdict::too_many_chunks)["limit_chunks"], 7);
  EXPECT_EQ(refusal(Verdict::too_many_pending)["limit_transactions"], 7);
  EXPECT_EQ(refusal(Verdict::too_many_items)["limit_items"], 7);
}

TEST(Refusals, OfAnOverloadedStoreSayWhenToComeBack) {
  Outcome outcome;
  outcome.verdict = Verdict::overloaded;
  EXPECT_EQ(problem_of(outcome).headers, "Retry-After: 1\r\n");
}

TEST(Refusals, OfFailedReadsDoNotRepeatTheStatus) {
  const auto damaged = to_response(problem_of(Status{ErrorCode::corrupt, "/data/x"}));
  EXPECT_EQ(damaged.status, 500u);
  EXPECT_EQ(damaged.body.find("/data"), std::string::npos);
  for (const auto code : {ErrorCode::unavailable, ErrorCode::io, ErrorCode::full}) {
    EXPECT_EQ(to_response(problem_of(Status{code, "x"})).status, 503u);
  }
}

}  // namespace
}  // namespace mentat_sync
