// SHA-256 against the examples of FIPS 180-4.
#include "storage/sha256.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace mentat_sync {
namespace {

constexpr auto of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr auto of_nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(to_hex(sha256("abc")), of_abc);
  EXPECT_EQ(to_hex(sha256("")), of_nothing);
}

TEST(Sha256, TellsWhetherAnIdIsTheDigest) {
  EXPECT_TRUE(is_sha256_of(*ChunkId::parse(of_abc), "abc"));
  EXPECT_FALSE(is_sha256_of(*ChunkId::parse(of_abc), "abd"));
}

TEST(Sha256, WorksOnEveryThread) {
  std::string digest;
  std::thread{[&] { digest = to_hex(sha256("abc")); }}.join();
  EXPECT_EQ(digest, of_abc);
}

}  // namespace
}  // namespace mentat_sync
