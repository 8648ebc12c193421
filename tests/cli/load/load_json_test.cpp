// The JSON has what docs/load.md says it has.
#include "cli/load/load_report.hpp"
#include "load/sample_result.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace mentat_sync {
namespace {

using nlohmann::json;

json told(const LoadResult& result) {
  return json::parse(load_json(sample_options(), result));
}

/// "a", "a.b": of each object and of the first entry of each array of objects.
void collect_fields(const json& object, const std::string& prefix, std::set<std::string>& fields) {
  for (const auto& [name, value] : object.items()) {
    const std::string field = prefix + name;
    fields.insert(field);
    if (value.is_object() && field != "errors") collect_fields(value, field + ".", fields);
    if (value.is_array() && !value.empty() && value.front().is_object()) {
      collect_fields(value.front(), field + ".", fields);
    }
  }
}

/// Those in the first column of the document's table of fields.
std::set<std::string> documented_fields() {
  std::ifstream file{MENTAT_SYNC_SOURCE_DIR "/docs/load.md"};
  std::ostringstream text;
  text << file.rdbuf();
  const auto whole = text.str();
  const auto begin = whole.find("## The JSON");
  const auto section = whole.substr(begin, whole.find("\n## ", begin + 1) - begin);
  const std::regex cell{"\n\\| `([^|]*)` \\|"};
  const std::regex name{"[a-z][a-z0-9_.]*"};
  std::set<std::string> fields;
  for (std::sregex_iterator row{section.begin(), section.end(), cell}, end; row != end; ++row) {
    const std::string names = (*row)[1];
    for (std::sregex_iterator each{names.begin(), names.end(), name}, last; each != last; ++each) {
      fields.insert(each->str());
    }
  }
  return fields;
}

TEST(LoadJson, HasTheDocumentedFieldsAndNoOthers) {
  auto result = sample_result();
  result.violations = {Violation{"a step is lost"}};
  auto object = told(result);
  // One operation stands for all, and its latencies for those of all requests.
  object["operations"] = {{"put_head", object["operations"]["put_head"]}};
  std::set<std::string> fields;
  collect_fields(object, "", fields);
  std::set<std::string> named;
  for (const auto& field : fields) {
    named.insert(std::regex_replace(field, std::regex{"operations\\.put_head"}, "operations.key"));
  }
  named.erase("operations");
  named.erase("options");
  named.erase("ledger");
  named.erase("seconds");
  named.erase("latency_ns");
  named.erase("operations.key");
  named.erase("operations.key.latency_ns");
  EXPECT_EQ(named, documented_fields());
}

TEST(LoadJson, TellsWhatWasMeasured) {
  const auto object = told(sample_result());
  EXPECT_EQ(object["requests"], 110);
  EXPECT_NEAR(object["requests_per_second"].get<double>(), 110 / 3.0, 1e-9);
  EXPECT_EQ(object["errors_count"], 5);
  EXPECT_EQ(object["errors"], (json{{"503", 2}, {"timeout", 3}}));
  EXPECT_EQ(object["conflicts"], 7);
  EXPECT_NEAR(object["own_cpu_share"].get<double>(), 0.2, 1e-9);
  EXPECT_EQ(object["tool_was_limit"], false);
  EXPECT_EQ(object["operations"]["put_head"]["count"], 10);
  EXPECT_EQ(object["operations"]["put_head"]["latency_ns"]["max"], 20'000'000);
  EXPECT_EQ(object["operations"]["put_head"]["bytes_sent"], 1'000);
  EXPECT_FALSE(object["operations"].contains("get_chunk")) << "there were none";
  EXPECT_EQ(object["seconds"].size(), 3U);
  EXPECT_EQ(object["seconds"][1]["errors"], 5);
  EXPECT_EQ(object["ledger"]["users"], 100);
}

TEST(LoadJson, HasHistogramsThatCanBePutTogether) {
  const auto object = told(sample_result());
  std::uint64_t count = 0;
  for (const auto& bucket : object["operations"]["get_head"]["histogram_ns"]) {
    EXPECT_GE(bucket[0].get<std::int64_t>(), 1'000'000);
    count += bucket[1].get<std::uint64_t>();
  }
  EXPECT_EQ(count, 100U);
}

TEST(LoadJson, IsJsonWhateverAServerHasSent) {
  auto result = sample_result();
  result.errors["\xff\x01\""] = 1;
  result.violations = {Violation{"bad \xc3", 2}};
  result.violations_count = 1;
  const auto object = told(result);
  EXPECT_EQ(object["ledger"]["violations"][0]["sentence"], "bad \xEF\xBF\xBD");
  EXPECT_EQ(object["ledger"]["violations"][0]["times"], 2);
  EXPECT_EQ(object["errors_count"], 6);
}

TEST(LoadJson, OfNothingIsJsonToo) {
  const auto object = told({});
  EXPECT_EQ(object["requests_per_second"], 0);
  EXPECT_EQ(object["operations"], json::object());
}

}  // namespace
}  // namespace mentat_sync
