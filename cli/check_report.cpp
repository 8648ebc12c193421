// Findings as lines and as JSON.
#include "cli/check_report.hpp"

#include "cli/exit_codes.hpp"
#include "cli/held_signals.hpp"
#include "cli/units.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>

namespace mentat_sync {
namespace {

using Json = nlohmann::ordered_json;

const char* label_of(CheckStage stage) {
  switch (stage) {
    case CheckStage::pages:
      return "checking pages";
    case CheckStage::payloads:
      return "checking payloads";
    case CheckStage::logs:
      return "checking records";
    case CheckStage::hashes:
      return "hashing";
  }
  return "checking";
}

std::string looked_at(const CheckReport& report) {
  const std::string whose = report.user ? "only user " + report.user->to_string() + ": " : "";
  std::string text = whose + count_of(report.logs, "log") + ", " +
                     count_of(report.transactions, "transaction") + ", " +
                     count_of(report.chunks, "chunk") + " (" + to_human_size(report.chunk_bytes) +
                     "), " + std::to_string(report.hashed_chunks) + " of them hashed";
  if (report.pages > 0) return text + ", " + count_of(report.pages, "page");
  return text;
}

}  // namespace

void print_check(std::ostream& out, const CheckReport& report) {
  for (const Finding& finding : report.findings) {
    out << finding.where << ": " << finding.what << '\n';
  }
  if (report.findings_in_all > report.findings.size()) {
    out << "and " << report.findings_in_all - report.findings.size() << " more\n";
  }
  if (report.sound()) {
    out << "sound: " << looked_at(report) << '\n';
  } else {
    out << "damaged: " << count_of(report.findings_in_all, "finding") << " in " << looked_at(report)
        << '\n';
  }
}

std::string check_json(const CheckReport& report) {
  Json findings = Json::array();
  for (const Finding& finding : report.findings) {
    findings.push_back({{"where", finding.where}, {"what", finding.what}});
  }
  return Json{{"sound", report.sound()},
              {"user", report.user ? Json(report.user->to_string()) : Json()},
              {"findings_in_all", report.findings_in_all},
              {"findings", std::move(findings)},
              {"pages", report.pages},
              {"logs", report.logs},
              {"transactions", report.transactions},
              {"chunks", report.chunks},
              {"chunk_bytes", report.chunk_bytes},
              {"hashed_chunks", report.hashed_chunks},
              {"hashed_bytes", report.hashed_bytes},
              {"purges", report.purges}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

int exit_code_of(const CheckReport& report) {
  return report.sound() ? exit_codes::success : exit_codes::damaged;
}

void CheckBar::operator()(CheckStage stage, std::uint64_t done, std::uint64_t total) {
  HeldSignals::let_through();
  if (stage_ != stage) {
    stage_ = stage;
    done_ = 0;
    bar_.emplace(std::cerr, label_of(stage), total, enabled_);
  }
  bar_->advance(done - std::min(done, done_));
  done_ = std::max(done, done_);
}

}  // namespace mentat_sync
