// Base64url, dates and JSON, as strict as what decides who may do what has to be.
#include "http/auth/base64url.hpp"
#include "http/auth/strict_json.hpp"
#include "http/auth/timestamp.hpp"

#include <gtest/gtest.h>

namespace mentat_sync {
namespace {

using namespace std::chrono_literals;

TEST(Base64url, EncodesAsTheRfcDoes) {
  EXPECT_EQ(base64url::encode(""), "");
  EXPECT_EQ(base64url::encode("f"), "Zg");
  EXPECT_EQ(base64url::encode("fo"), "Zm8");
  EXPECT_EQ(base64url::encode("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64url::encode("\xfb\xff\xfe"), "-__-");
}

TEST(Base64url, DecodesWhatItEncodes) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) {
    EXPECT_EQ(base64url::decode(base64url::encode(all)), all);
    all += static_cast<char>(byte);
  }
}

TEST(Base64url, RefusesWhatItWouldNotHaveWritten) {
  for (const char* text :
       {"Zg==", "Zm8=", "Z", "Zm9vY", "Zm+v", "Zm/v", "Zm 9", "Zm9v\n", "Zh", "Zm9", "\xc3\xa4"}) {
    EXPECT_EQ(base64url::decode(text), std::nullopt) << text;
  }
}

TEST(StrictJson, TakesObjects) {
  const auto json = parse_strict_object(R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})");
  ASSERT_TRUE(json);
  EXPECT_EQ((*json)["b"][1]["a"], 2);
}

TEST(StrictJson, RefusesANameThatOccursTwice) {
  EXPECT_FALSE(parse_strict_object(R"({"a":1,"a":1})"));
  EXPECT_FALSE(parse_strict_object(R"({"sub":"x","\u0073ub":"y"})"));
  EXPECT_FALSE(parse_strict_object(R"({"a":{"b":1,"b":2}})"));
  EXPECT_FALSE(parse_strict_object(R"({"a":[{"b":1,"b":2}]})"));
}

TEST(StrictJson, RefusesAByteOrderMark) {
  EXPECT_TRUE(parse_strict_object(" {}"));
  EXPECT_FALSE(parse_strict_object("\xef\xbb\xbf{}"));
}

TEST(StrictJson, RefusesWhatIsNoObject) {
  for (const std::string text : {"", "1", "[]", "null", "{", "{}x", "{\"a\":\xff}", "{'a':1}",
                                 "{\"a\":1,}", "{\"a\":NaN}"}) {
    EXPECT_FALSE(parse_strict_object(text)) << text;
  }
  EXPECT_FALSE(parse_strict_object("{\"a\":\"\xff\"}"));
  EXPECT_FALSE(
      parse_strict_object("{\"a\":" + std::string(100, '[') + std::string(100, ']') + "}"));
}

TEST(Timestamp, IsReadAsItIsWritten) {
  const auto time = std::chrono::sys_days{std::chrono::year{2024} / 2 / 29} + 23h + 59min + 58s;
  EXPECT_EQ(to_timestamp(time), "2024-02-29T23:59:58Z");
  EXPECT_EQ(parse_timestamp("2024-02-29T23:59:58Z"), time);
}

TEST(Timestamp, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-01-01T24:00:00Z",
        "2024-01-01T00:60:00Z", "2024-01-01 00:00:00Z", "2024-01-01T00:00:00", "2024-01-01",
        "2024-01-01T00:00:00+00:00", "-024-01-01T00:00:00Z"}) {
    EXPECT_FALSE(parse_timestamp(text)) << text;
  }
}

}  // namespace
}  // namespace mentat_sync
