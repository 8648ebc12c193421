// Which coding is chosen for what an Accept-Encoding field says.
#include "http/wire/content_coding.hpp"

#include <gtest/gtest.h>

#include <array>
#include <utility>

namespace mentat_sync {
namespace {

constexpr auto identity = ContentCoding::identity;
constexpr auto gzip = ContentCoding::gzip;
constexpr auto zstd = ContentCoding::zstd;
constexpr std::optional<ContentCoding> none;

using Row = std::pair<const char*, std::optional<ContentCoding>>;

template <std::size_t size>
void expect_chosen(const std::array<Row, size>& rows) {
  for (const auto& [field, coding] : rows) EXPECT_EQ(choose_coding(field), coding) << field;
}

TEST(ContentCoding, HasTheNamesOfHttp) {
  EXPECT_EQ(name_of(identity), "identity");
  EXPECT_EQ(name_of(gzip), "gzip");
  EXPECT_EQ(name_of(zstd), "zstd");
}

TEST(ContentCoding, IsKnownByItsName) {
  EXPECT_EQ(coding_named("gzip"), gzip);
  EXPECT_EQ(coding_named(" X-GZip "), gzip);
  EXPECT_EQ(coding_named("zstd"), zstd);
  EXPECT_EQ(coding_named(""), identity);
  EXPECT_EQ(coding_named("identity"), identity);
  EXPECT_EQ(coding_named("br"), std::nullopt);
  EXPECT_EQ(coding_named("gzip, zstd"), std::nullopt);
  EXPECT_EQ(coding_named("gzipped"), std::nullopt);
}

TEST(ContentCoding, OfTheAcceptableTheBestIsChosen) {
  expect_chosen(std::array<Row, 12>{{
      {"", identity},
      {"gzip", gzip},
      {"zstd", zstd},
      {"x-gzip", gzip},
      {"gzip, deflate, br, zstd", zstd},
      {"gzip, deflate, br", gzip},
      {"deflate, br", identity},
      {"*", zstd},
      {"identity", identity},
      {"identity, gzip", gzip},
      {"GZIP", gzip},
      {",, gzip ,", gzip},
  }});
}

TEST(ContentCoding, QualitiesDecide) {
  expect_chosen(std::array<Row, 13>{{
      {"gzip;q=1.0, zstd;q=0.5", gzip},
      {"zstd;q=0.001, gzip;q=0", zstd},
      {"identity;q=1, gzip;q=0.5", identity},
      {"identity;q=0.5, *;q=0", identity},
      {"gzip;q=0", identity},
      {"gzip;q=0.5, *;q=1", zstd},
      {"gzip ; Q=0.8 , zstd;q=0.7", gzip},
      {"zstd;q=0.999,gzip;q=1.000", gzip},
      {"*;q=0.5, identity;q=0.2", zstd},
      {"*;q=0, gzip", gzip},
      {"zstd;q=0, *", gzip},
      {"zstd;q=0, gzip;q=0, *;q=1", identity},
      {"gzip;q=0.0", identity},
  }});
}

TEST(ContentCoding, WhatIsForbiddenIsNotChosen) {
  expect_chosen(std::array<Row, 5>{{
      {"identity;q=0", none},
      {"*;q=0", none},
      {"br, *;q=0", none},
      {"identity;q=0, br", none},
      {"identity;q=0, gzip;q=0.1", gzip},
  }});
}

TEST(ContentCoding, MalformedMembersArePassedOver) {
  expect_chosen(std::array<Row, 8>{{
      {"gzip;q=2", identity},
      {"gzip;q=1.001", identity},
      {"gzip;q=0.1234", identity},
      {"gzip;q=", identity},
      {"gzip;q=-1", identity},
      {"gzip;level=9", identity},
      {";q=1, gzip", gzip},
      {"gzip;q=x, zstd;q=0.1", zstd},
  }});
}

TEST(ContentCoding, TheFirstOfTwoQualitiesHolds) {
  EXPECT_EQ(choose_coding("gzip;q=0, gzip;q=1"), identity);
}

}  // namespace
}  // namespace mentat_sync
