// The page: well-formed as XML is, whatever is in it, and complete without anything else.
#include "cli/load/load_report.hpp"
#include "load/sample_result.hpp"
#include "load/well_formed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

namespace mentat_sync {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(WellFormed, FindsWhatIsNot) {
  EXPECT_EQ(fault_of_xml("<a b=\"c\"><d/>&amp;&#39;</a>"), "");
  EXPECT_NE(fault_of_xml("<a><b></a></b>"), "");
  EXPECT_NE(fault_of_xml("<a>"), "");
  EXPECT_NE(fault_of_xml("<a>&nbsp;</a>"), "");
  EXPECT_NE(fault_of_xml("<a b=c/>"), "");
  EXPECT_NE(fault_of_xml("<a b=\"<\"/>"), "");
  EXPECT_NE(fault_of_xml("<a/><a/>"), "");
}

TEST(LoadHtml, IsWellFormed) {
  EXPECT_EQ(fault_of_xml(load_html(sample_options(), sample_result())), "");
  EXPECT_EQ(fault_of_xml(load_html(sample_options(), {})), "") << "of nothing";
}

TEST(LoadHtml, EscapesWhatAServerHasSent) {
  auto result = sample_result();
  result.errors["<script>alert(1)</script>"] = 1;
  result.violations = {Violation{"user \"x\" & 'y' \xff\x02<b>"}};
  result.violations_count = 101;
  const auto html = load_html(sample_options(), result);
  EXPECT_EQ(fault_of_xml(html), "");
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)"));
  EXPECT_THAT(html, HasSubstr("user &quot;x&quot; &amp; &#39;y&#39; \uFFFD\uFFFD&lt;b&gt;"));
  EXPECT_THAT(html, HasSubstr("and 100 more."));
}

TEST(LoadHtml, NeedsNothingElse) {
  const auto html = load_html(sample_options(), sample_result());
  for (const char* link : {"src=", "href=", "url(", "@import", "<link", "<script"}) {
    EXPECT_THAT(html, Not(HasSubstr(link)));
  }
  EXPECT_THAT(html, HasSubstr("prefers-color-scheme: dark"));
}

TEST(LoadHtml, HasAPlotOfEachKindAndErrorsOnlyWhenThereWereSome) {
  auto result = sample_result();
  const auto count = [](const std::string& html) {
    const std::regex svg{"<svg "};
    return std::distance(std::sregex_iterator{html.begin(), html.end(), svg}, {});
  };
  EXPECT_EQ(count(load_html(sample_options(), result)), 4);
  result.errors.clear();
  for (auto& second : result.seconds) second.errors = 0;
  EXPECT_EQ(count(load_html(sample_options(), result)), 3);
}

TEST(LoadHtml, SaysWhenTheToolWasTheLimit) {
  auto result = sample_result();
  EXPECT_THAT(load_html(sample_options(), result), Not(HasSubstr("figures are its own")));
  result.own_cpu = std::chrono::milliseconds{2'900};
  EXPECT_THAT(load_html(sample_options(), result), HasSubstr("figures are its own"));
}

TEST(LoadHtml, SaysWhatTheLedgerSays) {
  auto result = sample_result();
  EXPECT_THAT(load_html(sample_options(), result), HasSubstr("<b>kept</b>"));
  result.violations = {Violation{"user 1: step 3 is lost", 3}};
  result.violations_count = 1;
  const auto broken = load_html(sample_options(), result);
  EXPECT_THAT(broken, HasSubstr("<b>BROKEN</b>"));
  EXPECT_THAT(broken, HasSubstr("user 1: step 3 is lost (seen 3 times)"));
  auto options = sample_options();
  options.verify = false;
  EXPECT_THAT(load_html(options, sample_result()), HasSubstr("<b>not read</b>"));
}

}  // namespace
}  // namespace mentat_sync
