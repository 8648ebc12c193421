// The dashboard, the alert rules and the document speak of metrics that there are: a renamed family
// would leave an alert silent for ever.
#include "http/problem_names.hpp"
#include "tests/http/metrics/populated_metrics.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>

namespace mentat_sync {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using Names = std::set<std::string>;

const std::string directory = MENTAT_SYNC_OPERATIONS_DIR "/";

std::string content(const std::string& name) {
  std::ifstream file(directory + name);
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// With something in every family.
std::string full_text() {
  Metrics metrics;
  metrics.on_request(observed(Action::get_head, 200, 3ms));
  metrics.commit_observer()(commit_of(1));
  metrics.read_from(full_sources());
  return metrics.text();
}

/// The names of samples: those of a histogram have _bucket, _sum and _count.
Names sample_names(const std::string& text) {
  Names names;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('#')) names.insert(line.substr(0, line.find_first_of("{ ")));
  }
  return names;
}

Names family_names(const std::string& text) {
  Names names;
  std::istringstream lines(text);
  const std::string type = "# TYPE ";
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(type)) {
      names.insert(line.substr(type.size(), line.find(' ', type.size()) - type.size()));
    }
  }
  return names;
}

Names named_in(const std::string& text) {
  const std::regex name("(mentat_sync|process)_[a-z0-9_]+");
  Names names;
  for (std::sregex_iterator match(text.begin(), text.end(), name), end; match != end; ++match) {
    names.insert(match->str());
  }
  return names;
}

Names unknown_in(const std::string& text) {
  const Names known = sample_names(full_text());
  Names unknown;
  for (const auto& name : named_in(text)) {
    if (!known.contains(name)) unknown.insert(name);
  }
  return unknown;
}

TEST(OperationsFiles, AnUnknownNameIsNoticed) {
  EXPECT_EQ(unknown_in("rate(mentat_sync_store_usres[5m]) + mentat_sync_store_users"),
            Names{"mentat_sync_store_usres"});
}

TEST(OperationsFiles, TheAlertsAskForMetricsThatThereAre) {
  const std::string alerts = content("alerts.yml");
  ASSERT_GT(named_in(alerts).size(), 5U);
  EXPECT_THAT(unknown_in(alerts), IsEmpty());
}

/// Of the table of docs/protocol.md: "| `a`, `b` | 409 | …".
Names types_in_the_protocol() {
  std::istringstream lines(content("../protocol.md"));
  Names types;
  bool in_table = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("| type | status |")) in_table = true;
    if (line.empty()) in_table = false;
    if (!in_table) continue;
    const std::string cell = line.substr(0, line.find(" |", 1));
    const std::regex type("`([a-z0-9-]+)`");
    for (std::sregex_iterator match(cell.begin(), cell.end(), type), end; match != end; ++match) {
      types.insert(match->str(1));
    }
  }
  return types;
}

TEST(OperationsFiles, EachTypeOfProblemIsCounted) {
  EXPECT_EQ(Names(problem_names.begin(), problem_names.end()), types_in_the_protocol());
  EXPECT_TRUE(std::ranges::is_sorted(problem_names));
}

TEST(OperationsFiles, TheAlertsNameTypesOfProblemsThatThereAre) {
  const std::regex selector("type=~?\"([^\"]+)\"");
  const std::string alerts = content("alerts.yml");
  Names named;
  for (std::sregex_iterator match(alerts.begin(), alerts.end(), selector), end; match != end;
       ++match) {
    std::istringstream alternatives(match->str(1));
    for (std::string type; std::getline(alternatives, type, '|');) named.insert(type);
  }
  EXPECT_TRUE(named.contains("storage-full"));
  const Names known = types_in_the_protocol();
  EXPECT_TRUE(std::ranges::includes(known, named));
}

TEST(OperationsFiles, TheDashboardIsJsonAndAsksForMetricsThatThereAre) {
  const std::string dashboard = content("grafana-dashboard.json");
  const auto json = nlohmann::json::parse(dashboard, nullptr, false);
  ASSERT_FALSE(json.is_discarded());
  EXPECT_GT(json.at("panels").size(), 10U);
  ASSERT_GT(named_in(dashboard).size(), 20U);
  EXPECT_THAT(unknown_in(dashboard), IsEmpty());
}

TEST(OperationsFiles, TheDocumentExplainsEachFamily) {
  const std::string document = content("monitoring.md");
  const std::string prefix = "mentat_sync_";
  Names unexplained;
  for (const auto& family : family_names(full_text())) {
    const bool ours = family.starts_with(prefix);
    const std::string name = ours ? family.substr(prefix.size()) : family;
    if (ours && document.find(name) == document.npos) unexplained.insert(name);
  }
  EXPECT_THAT(unexplained, IsEmpty());
}

}  // namespace
}  // namespace mentat_sync
