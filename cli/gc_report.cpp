// Lines and JSON of a collection.
#include "cli/gc_report.hpp"

#include "cli/units.hpp"

#include <nlohmann/json.hpp>

#include <ostream>
#include <string>

namespace mentat_sync {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const GarbageEstimate& taken) {
  std::string text = count_of(taken.transactions, "transaction") + ", " +
                     count_of(taken.chunks, "chunk") + ", " + to_human_size(taken.chunk_bytes);
  if (taken.released_chunks > 0) {
    text += "; " + count_of(taken.released_chunks, "more chunk") + ", " +
            to_human_size(taken.released_bytes) + ", once their leases have run out";
  }
  return text;
}

Json json_of(const GarbageEstimate& taken, bool dry_run) {
  Json json{{"transactions", taken.transactions},
            {"chunks", taken.chunks},
            {"chunk_bytes", taken.chunk_bytes}};
  if (dry_run) {
    json["released_chunks"] = taken.released_chunks;
    json["released_bytes"] = taken.released_bytes;
  }
  return json;
}

}  // namespace

void GcReport::add(UserId user, const GarbageEstimate& taken) {
  if (taken.transactions + taken.chunks == 0) return;
  users_.emplace_back(user, taken);
  total_.transactions += taken.transactions;
  total_.chunks += taken.chunks;
  total_.chunk_bytes += taken.chunk_bytes;
  total_.released_chunks += taken.released_chunks;
  total_.released_bytes += taken.released_bytes;
}

void GcReport::end() {
  if (json_) {
    print_json();
  } else {
    print_lines();
  }
}

void GcReport::print_lines() const {
  for (const auto& [user, taken] : users_) {
    out_ << user.to_string() << "  " << text_of(taken) << '\n';
  }
  out_ << (dry_run_ ? "would collect from " : "collected from ") << whose() << ": "
       << text_of(total_) << '\n';
}

std::string GcReport::whose() const {
  return only_ ? "user " + only_->to_string() + " only" : count_of(users_.size(), "user");
}

void GcReport::print_json() const {
  Json users = Json::array();
  for (const auto& [user, taken] : users_) {
    Json json{{"user", user.to_string()}};
    json.update(json_of(taken, dry_run_));
    users.push_back(std::move(json));
  }
  const Json report{
      {"dry_run", dry_run_}, {"users", std::move(users)}, {"total", json_of(total_, dry_run_)}};
  out_ << report.dump() << '\n';
}

}  // namespace mentat_sync
