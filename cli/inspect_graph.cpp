// One row after another, each lane waiting for the transaction that it leads down to.
#include "cli/inspect_graph.hpp"

#include "cli/units.hpp"

#include <algorithm>
#include <ostream>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mentat_sync {
namespace {

using Standing = InspectedTransaction::Standing;
using Row = const InspectedTransaction*;

/// The uncommitted transactions by what they come after, the one stored last first.
using Children = std::unordered_map<TransactionId, std::vector<Row>>;

Children children_of(const std::vector<InspectedTransaction>& transactions) {
  Children children;
  for (const auto& transaction : transactions) {
    children[transaction.parent].push_back(&transaction);
  }
  for (auto& [parent, rows] : children) {
    std::sort(rows.begin(), rows.end(), [](Row a, Row b) {
      return std::pair(a->stored_ms, a->id) > std::pair(b->stored_ms, b->id);
    });
  }
  return children;
}

/// What descends from `from`: each branch in one piece and before what it branches off from, the
/// one stored last at the top.
std::vector<Row> descendants(TransactionId from, const Children& children) {
  std::vector<Row> rows;
  std::vector<Row> open;
  const auto add_children = [&](TransactionId parent) {
    const auto found = children.find(parent);
    if (found != children.end()) {
      open.insert(open.end(), found->second.begin(), found->second.end());
    }
  };
  for (add_children(from); !open.empty();) {
    rows.push_back(open.back());
    open.pop_back();
    add_children(rows.back()->id);
  }
  std::reverse(rows.begin(), rows.end());
  return rows;
}

/// "in 5 min", or "now".
std::string when(std::uint64_t time_ms, std::uint64_t now_ms) {
  return time_ms <= now_ms ? "now" : "in " + to_human_duration(time_ms - now_ms);
}

std::string for_how_long(std::uint64_t since_ms, std::uint64_t now_ms) {
  // Clocks are set back now and then.
  return to_human_duration(now_ms - std::min(since_ms, now_ms));
}

std::string standing_of(const InspectedTransaction& transaction, std::uint64_t now_ms) {
  const auto time = for_how_long(transaction.since_ms, now_ms);
  const auto collectable = "collectable " + when(transaction.collectable_ms, now_ms);
  switch (transaction.standing) {
    case Standing::committed:
      return "committed " + time + " ago";
    case Standing::pending:
      return "pending for " + time + ", " + collectable;
    case Standing::dead:
      return "dead for " + time + ", " + collectable;
  }
  return {};
}

char symbol_of(Standing standing) {
  if (standing == Standing::committed) return '*';
  return standing == Standing::pending ? 'o' : 'x';
}

class Graph {
 public:
  Graph(std::ostream& out, const Inspection& inspection) : out_(out), inspection_(inspection) {}

  /// A transaction after all that descend from it. Its lane is the last one: those of branches end
  /// before what they branch off from.
  void draw(const InspectedTransaction& transaction) {
    if (lanes_.empty() || lanes_.back() != transaction.id) lanes_.push_back(transaction.id);
    draw_lanes(lanes_.size() - 1);
    out_ << symbol_of(transaction.standing) << ' ' << text_of(transaction) << '\n';
    lanes_.back() = transaction.parent;
    if (lanes_.size() < 2 || lanes_[lanes_.size() - 2] != transaction.parent) return;
    lanes_.pop_back();
    draw_lanes(lanes_.size() - 1);
    out_ << "|/\n";
  }

 private:
  void draw_lanes(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) out_ << "| ";
  }

  std::string text_of(const InspectedTransaction& transaction) const {
    std::string text = std::to_string(transaction.seq) + ' ' + transaction.id.to_string() + "  " +
                       count_of(transaction.chunks, "chunk") + ", " +
                       to_human_size(transaction.chunk_bytes) + ", " +
                       standing_of(transaction, inspection_.now_ms);
    if (transaction.id == inspection_.summary.head) text += "  <- HEAD";
    return text;
  }

  std::ostream& out_;
  const Inspection& inspection_;
  /// The transaction that each waits for.
  std::vector<TransactionId> lanes_;
};

}  // namespace

void draw_graph(std::ostream& out, const Inspection& inspection) {
  const Children children = children_of(inspection.uncommitted);
  Graph graph(out, inspection);
  std::uint64_t drawn = 0;
  const auto draw_branches = [&](TransactionId from) {
    for (const Row row : descendants(from, children)) {
      graph.draw(*row);
      ++drawn;
    }
  };
  for (const auto& transaction : inspection.committed) {
    draw_branches(transaction.id);
    graph.draw(transaction);
  }
  const std::uint64_t older = inspection.summary.seq - inspection.committed.size();
  if (older == 0) {
    draw_branches(TransactionId::root());
    out << "~ root" << (inspection.summary.head.is_root() ? "  <- HEAD" : "") << '\n';
  } else {
    out << ": " << older << " older\n";
  }
  const std::uint64_t not_drawn = inspection.pending + inspection.dead - drawn;
  if (not_drawn == 0) return;
  out << "not shown: " << count_of(not_drawn, "pending or dead transaction");
  if (older > 0) out << " (--limit 0 shows those that branch off further back)";
  out << '\n';
}

void explain_marks(std::ostream& out) {
  out << "\n* committed   o pending: HEAD may yet reach it   x dead: HEAD has gone another way\n";
}

}  // namespace mentat_sync
