// The logs in vectors/, made by other means than this code: read and written, byte for byte. One of
// them is the worked example of docs/protocol.md.
#include "log_samples.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace mentat_sync {
namespace {

std::string read_file(const std::string& name) {
  std::ifstream file(std::string(MENTAT_SYNC_VECTORS_DIR) + '/' + name, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

class LogVectors : public ::testing::TestWithParam<const char*> {
 protected:
  std::string file(const std::string& extension) const { return read_file(GetParam() + extension); }
};

TEST_P(LogVectors, AreReadAndWrittenByteForByte) {
  const auto bytes = file(".cbor");
  ASSERT_FALSE(bytes.empty());
  const auto log = decode(bytes);
  EXPECT_TRUE(log.status.ok()) << log.status.message();
  EXPECT_EQ(cbor_of(log.items), bytes);
  EXPECT_EQ(ndjson_of(log.items), file(".ndjson"));
}

TEST_P(LogVectors, AreAnnotatedAsTheyAre) {
  EXPECT_EQ(bytes_of_hex(file(".txt")), file(".cbor"));
}

INSTANTIATE_TEST_SUITE_P(All, LogVectors, ::testing::Values("empty", "small", "page"),
                         [](const auto& vector) { return std::string(vector.param); });

TEST(LogVector, TheProtocolsWorkedExampleIsTheSmallLog) {
  std::ifstream file(std::string(MENTAT_SYNC_VECTORS_DIR) + "/../../../docs/protocol.md");
  std::ostringstream text;
  text << file.rdbuf();
  const auto begin = text.str().find("```cbor-hex\n");
  ASSERT_NE(begin, std::string::npos);
  const auto example =
      text.str().substr(begin + 12, text.str().find("```", begin + 12) - begin - 12);
  EXPECT_EQ(bytes_of_hex(example), read_file("small.cbor"));
  EXPECT_NE(text.str().find(read_file("small.ndjson")), std::string::npos);
}

}  // namespace
}  // namespace mentat_sync
