// What a client says it would like, in all the ways of saying it.
#include "http/negotiation.hpp"

#include "http/wire/media_types.hpp"
#include "storage/bounds.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

namespace mentat_sync {
namespace {

using std::chrono::seconds;

const std::string cbor{log_media_type};

RequestHeader with(std::string_view name, std::initializer_list<std::string_view> lines) {
  RequestHeader header;
  for (const auto line : lines) header.insert(boost::beast::string_view{name}, line);
  return header;
}

std::optional<LogForm> form(std::initializer_list<std::string_view> accept) {
  return accepted_log_form(with("Accept", accept));
}
std::optional<ContentCoding> coding(std::initializer_list<std::string_view> accept) {
  return accepted_coding(with("Accept-Encoding", accept));
}
std::optional<seconds> wait(std::initializer_list<std::string_view> prefer) {
  return preferred_wait(with("Prefer", prefer));
}

TEST(LogFormOf, IsCborUnlessSomethingElseIsAskedFor) {
  EXPECT_EQ(accepted_log_form({}), LogForm::cbor);
  for (const std::string& accept : std::vector<std::string>{
           cbor, "*/*", "application/*", "application/cbor-seq", "APPLICATION/CBOR-SEQ",
           "text/html, " + cbor, "text/html;q=0.9,*/*;q=0.1", "application/x-ndjson;q=0.5, */*",
           "application/x-ndjson, " + cbor, "application/x-ndjson;q=0, */*;q=0.1"}) {
    EXPECT_EQ(form({accept}), LogForm::cbor) << accept;
  }
}

TEST(LogFormOf, IsNdjsonForWhoPrefersIt) {
  for (const std::string& accept :
       std::vector<std::string>{"application/x-ndjson", "Application/X-NDJSON",
                                "application/x-ndjson, " + cbor + ";q=0.9",
                                "application/x-ndjson;q=0.2," + cbor + ";q=0.1",
                                "application/x-ndjson;charset=utf-8;q=0.3 , " + cbor + ";q=0.2",
                                "application/x-ndjson;q=1.0, */*;q=0.9",
                                "*/*, application/cbor-seq;q=0.1, " + cbor + ";q=0.2"}) {
    EXPECT_EQ(form({accept}), LogForm::ndjson) << accept;
  }
}

TEST(LogFormOf, IsNoneForWhoTakesNeither) {
  for (const std::string& accept : std::vector<std::string>{
           "text/html", "application/json", "", "*/*;q=0", "text/*", "application/x-ndjsonx",
           cbor + ";q=0", "*/*;q=0, text/html", "application/*;q=0, */*"}) {
    EXPECT_EQ(form({accept}), std::nullopt) << accept;
  }
}

TEST(LogFormOf, FollowsTheMostExactRange) {
  EXPECT_EQ(form({cbor + ";q=0, */*"}), LogForm::ndjson);
  EXPECT_EQ(form({cbor + ";q=0.1, application/*;q=0.5, */*;q=0.9"}), LogForm::ndjson);
  EXPECT_EQ(form({"application/cbor-seq;q=0, */*"}), LogForm::ndjson);
  EXPECT_EQ(form({"application/cbor-seq;q=0.1, " + cbor + ";q=0, application/x-ndjson;q=0"}),
            LogForm::cbor)
      << "of its two names the better one counts";
  EXPECT_EQ(form({"*/*;q=0.9, application/x-ndjson;q=0.1"}), LogForm::cbor);
  EXPECT_EQ(form({"application/x-ndjson;q=0.1, application/*;q=0"}), LogForm::ndjson);
}

TEST(LogFormOf, TakesTheFieldFromSeveralLines) {
  EXPECT_EQ(form({"text/html", "application/x-ndjson"}), LogForm::ndjson);
  EXPECT_EQ(form({"application/x-ndjson", cbor}), LogForm::cbor);
}

TEST(LogFormOf, PassesOverWhatIsMalformed) {
  EXPECT_EQ(form({",, ;q=1 , ;, application/x-ndjson,"}), LogForm::ndjson);
  EXPECT_EQ(form({cbor + ";q=x, application/x-ndjson;q=0.1"}), LogForm::ndjson);
  EXPECT_EQ(form({cbor + ";q=2, application/x-ndjson;q=0.1"}), LogForm::ndjson);
  EXPECT_EQ(form({cbor + ";q=-1, application/x-ndjson;q=0.1"}), LogForm::ndjson);
  EXPECT_EQ(form({cbor + ";q=nan, application/x-ndjson;q=0.1"}), LogForm::ndjson);
  EXPECT_EQ(form({cbor + ";q="}), std::nullopt);
  EXPECT_EQ(form({"application/x-ndjson;q=x, */*"}), LogForm::cbor);
}

TEST(LogFormOf, ReadsTheQualityInAnyLettersAndSpacing) {
  EXPECT_EQ(form({cbor + " ; Q=0.1 , application/x-ndjson\t;\tq=0.2"}), LogForm::ndjson);
  EXPECT_EQ(form({cbor + ";q=0.000, application/x-ndjson;q=0.001"}), LogForm::ndjson);
}

TEST(CodingOf, IsTheBestThatIsAccepted) {
  EXPECT_EQ(accepted_coding({}), ContentCoding::identity);
  EXPECT_EQ(coding({"gzip, deflate, br, zstd"}), ContentCoding::zstd);
  EXPECT_EQ(coding({"gzip"}), ContentCoding::gzip);
  EXPECT_EQ(coding({"GZIP;q=0.9, zstd;q=0.1"}), ContentCoding::gzip);
  EXPECT_EQ(coding({"br", "zstd"}), ContentCoding::zstd);
  EXPECT_EQ(coding({"br"}), ContentCoding::identity);
  EXPECT_EQ(coding({""}), ContentCoding::identity);
  EXPECT_EQ(coding({"identity, gzip;q=0.5"}), ContentCoding::identity);
  EXPECT_EQ(coding({"gzip;q=0"}), ContentCoding::identity);
}

TEST(CodingOf, IsNoneForWhoForbidsAll) {
  EXPECT_EQ(coding({"identity;q=0"}), std::nullopt);
  EXPECT_EQ(coding({"*;q=0"}), std::nullopt);
  EXPECT_EQ(coding({"br, identity;q=0"}), std::nullopt);
  EXPECT_EQ(coding({"gzip, identity;q=0"}), ContentCoding::gzip);
}

TEST(IsLog, IsTrueOfBothNamesWhateverTheirLettersAndParameters) {
  for (const std::string& type : std::vector<std::string>{
           cbor, cbor + "; charset=x", cbor + ";", "  " + cbor + " ", "application/cbor-seq",
           "Application/VND.mentat-sync.LOG+cbor-seq"}) {
    EXPECT_TRUE(is_log(with("Content-Type", {type}))) << type;
  }
  for (const std::string& type :
       std::vector<std::string>{"", "application/json", "application/cbor", "application/x-ndjson",
                                "*/*", cbor + "x", "text/plain;" + cbor}) {
    EXPECT_FALSE(is_log(with("Content-Type", {type}))) << type;
  }
  EXPECT_FALSE(is_log({}));
}

TEST(PreferredWait, IsReadInAnyOfItsForms) {
  for (const auto* prefer :
       {"wait=30", "Wait=30", "wait=\"30\"", "wait = 30", "wait=30;x=1", "respond-async, wait=30",
        "wait=30,respond-async", ", wait=30", "respond-async;wait=1, wait=30",
        "return=minimal;x, wait=30 ; y=\"2\"", "wait=030"}) {
    EXPECT_EQ(wait({prefer}), seconds{30}) << prefer;
  }
}

TEST(PreferredWait, IsThatOfTheFirstOfSeveral) {
  EXPECT_EQ(wait({"wait=3, wait=4"}), seconds{3});
  EXPECT_EQ(wait({"wait=3", "wait=4"}), seconds{3});
  EXPECT_EQ(wait({"respond-async", "wait=4"}), seconds{4});
}

TEST(PreferredWait, IsNothingWithoutOneOrWithWhatIsNoNumber) {
  EXPECT_EQ(preferred_wait({}), std::nullopt);
  for (const auto* prefer : {"", "respond-async", "wait", "wait=", "wait=x", "wait=-1", "wait=1.5",
                             "wait=1s", "wait=\"", "wait=\"\"", "waits=5", "x;wait=5", "wait=+5"}) {
    EXPECT_EQ(wait({prefer}), std::nullopt) << prefer;
  }
}

TEST(PreferredWait, MayBeNoWaitAtAll) {
  EXPECT_EQ(wait({"wait=0"}), seconds{0});
}

TEST(PreferredWait, IsAtMostTheBound) {
  EXPECT_EQ(wait({"wait=50"}), bounds::watch_wait_max);
  for (const auto* prefer : {"wait=51", "wait=3600", "wait=4294967295", "wait=4294967296",
                             "wait=\"99999999999999999999999999999\""}) {
    EXPECT_EQ(wait({prefer}), bounds::watch_wait_max) << prefer;
  }
}

}  // namespace
}  // namespace mentat_sync
