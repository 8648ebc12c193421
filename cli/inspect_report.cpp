// The numbers of an inspected log.
#include "cli/inspect_report.hpp"

#include "cli/units.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>
#include <vector>

namespace mentat_sync {
namespace {

using Json = nlohmann::ordered_json;
using Standing = InspectedTransaction::Standing;

void print_leases(std::ostream& out, const Inspection& inspection) {
  const auto& chunks = inspection.unreferenced;
  if (chunks.count == 0) return;
  out << "leases      " << chunks.collectable << " of these have run out ("
      << to_human_size(chunks.collectable_bytes) << ')';
  if (chunks.count > chunks.collectable) {
    out << ", the next does in " << to_human_duration(chunks.next_ms - inspection.now_ms)
        << ", the last in " << to_human_duration(chunks.last_ms - inspection.now_ms);
  }
  out << '\n';
}

void print_log(std::ostream& out, const Inspection& inspection) {
  const auto& summary = inspection.summary;
  out << "generation  " << inspection.generation << '\n'
      << "HEAD        " << summary.head.to_string() << ", seq " << summary.seq << '\n'
      << "committed   " << count_of(summary.transaction_count, "transaction") << ", "
      << to_human_size(summary.transaction_bytes) << " of records\n"
      << "pending     " << inspection.pending << '\n'
      << "dead        " << inspection.dead << '\n'
      << "chunks      " << summary.chunk_count << ", " << to_human_size(summary.chunk_bytes)
      << "; no transaction names " << inspection.unreferenced.count << " of them, "
      << to_human_size(inspection.unreferenced.bytes) << '\n';
  print_leases(out, inspection);
}

Json json_of(const InspectedTransaction& transaction) {
  Json json{{"id", transaction.id.to_string()},         {"seq", transaction.seq},
            {"parent", transaction.parent.to_string()}, {"chunks", transaction.chunks},
            {"chunk_bytes", transaction.chunk_bytes},   {"stored_ms", transaction.stored_ms}};
  if (transaction.standing == Standing::committed) {
    json["committed_ms"] = transaction.since_ms;
    return json;
  }
  if (transaction.standing == Standing::dead) json["dead_since_ms"] = transaction.since_ms;
  json["collectable_ms"] = transaction.collectable_ms;
  return json;
}

Json json_of(const std::vector<InspectedTransaction>& transactions, Standing standing) {
  Json list = Json::array();
  for (const auto& transaction : transactions) {
    if (transaction.standing == standing) list.push_back(json_of(transaction));
  }
  return list;
}

Json json_of(const InspectedChunks& chunks) {
  Json json{{"count", chunks.count},
            {"bytes", chunks.bytes},
            {"collectable", chunks.collectable},
            {"collectable_bytes", chunks.collectable_bytes}};
  if (chunks.count > chunks.collectable) {
    json["next_lease_ends_ms"] = chunks.next_ms;
    json["last_lease_ends_ms"] = chunks.last_ms;
  }
  return json;
}

void add_log(Json& json, const Inspection& inspection) {
  const auto& summary = inspection.summary;
  json["generation"] = inspection.generation;
  json["head"] = summary.head.to_string();
  json["seq"] = summary.seq;
  json["transactions"] = {{"committed", summary.transaction_count},
                          {"committed_bytes", summary.transaction_bytes},
                          {"pending", inspection.pending},
                          {"dead", inspection.dead}};
  json["chunks"] = {{"count", summary.chunk_count},
                    {"bytes", summary.chunk_bytes},
                    {"unreferenced", json_of(inspection.unreferenced)}};
  json["committed"] = json_of(inspection.committed, Standing::committed);
  json["pending"] = json_of(inspection.uncommitted, Standing::pending);
  json["dead"] = json_of(inspection.uncommitted, Standing::dead);
}

}  // namespace

void print_report(std::ostream& out, UserId user, const Inspection& inspection) {
  out << "user        " << user.to_string() << '\n';
  if (inspection.begun) {
    print_log(out, inspection);
  } else {
    out << "log         empty: nothing was ever written to it, or not since it was deleted\n";
  }
  if (inspection.purges > 0) {
    out << "purges      " << count_of(inspection.purges, "deleted log")
        << " of this user, whose space has not come back yet\n";
  }
}

std::string report_json(UserId user, const Inspection& inspection) {
  Json json{{"user", user.to_string()},
            {"now_ms", inspection.now_ms},
            {"begun", inspection.begun},
            {"purges", inspection.purges}};
  if (inspection.begun) add_log(json, inspection);
  return json.dump();
}

}  // namespace mentat_sync
