// What is taken out of a logged line, however it is written, and that nothing else is.
#include "cli/secret_blanking.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mentat_sync {
namespace {

const std::string secret = "OFpzVH-45hjJEDhhbc7tNFbJ7gT9isjXWeSwMfZ-iCE";
const std::string jwt = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";

TEST(SecretBlanking, LeavesOrdinaryTargetsAsTheyAre) {
  for (const std::string& target : std::vector<std::string>{
           "", "/", "/0.1/6f8c1f3e-2a55-4c1b-9d6e-0c9a4b7d2e10/log?from=x&limit=3",
           "/a%2Fb?c=%20&&d", "/0.1/x/chunks/firmst_42", "/0.1/x/chunks/eyJ.", "?token", "/%",
           "/%4", "/%zz?a=%", "/0.1/x/chunks/a.b.c", "/token=1"}) {
    EXPECT_EQ(without_secrets(target), target);
  }
}

TEST(SecretBlanking, TakesTheValuesOfParametersForTokens) {
  EXPECT_EQ(without_secrets("/head?access_token=abc&from=x"), "/head?access_token=***&from=x");
  EXPECT_EQ(without_secrets("/head?from=x&TOKEN=abc"), "/head?from=x&TOKEN=***");
  EXPECT_EQ(without_secrets("/head?access%5Ftok%65n=a=b"), "/head?access%5Ftok%65n=***");
  EXPECT_EQ(without_secrets("/?token=a?token=b"), "/?token=***");
}

TEST(SecretBlanking, TakesTheSecretOfAnOwnTokenAndLeavesItsId) {
  EXPECT_EQ(without_secrets("/head?t=mst_378f3e8f5d36_" + secret + "&a=b"),
            "/head?t=mst_378f3e8f5d36_***&a=b");
  EXPECT_EQ(without_secrets("/mst_378f3e8f5d36_" + secret), "/mst_378f3e8f5d36_***");
  EXPECT_EQ(without_secrets("/%6dst%5F378f3e8f5d36_" + secret), "/%6dst%5F378f3e8f5d36_***");
  EXPECT_EQ(without_secrets("/mst_378f3e8f5d36" + secret + "/x"), "/mst_***/x") << "misspelt";
}

TEST(SecretBlanking, TakesWhatLooksLikeAJwt) {
  EXPECT_EQ(without_secrets("/head?a=" + jwt + "&b=c"), "/head?a=eyJ***&b=c");
  EXPECT_EQ(without_secrets("Bearer " + jwt + " " + jwt), "Bearer eyJ*** eyJ***");
  EXPECT_EQ(without_secrets("/head?a=eyJhbGciOiJFUzI1NiJ9%2EeyJzdWIiOiJ4In0%2E"), "/head?a=eyJ***");
}

}  // namespace
}  // namespace mentat_sync
