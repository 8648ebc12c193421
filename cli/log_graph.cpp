// One column is enough: what HEAD has reached has no forks.
#include "cli/log_graph.hpp"

#include <algorithm>
#include <ostream>
#include <string>

namespace mentat_sync {
namespace {

void draw_row(std::ostream& out, const LogRow& row, std::size_t seq_columns, bool is_head) {
  const auto seq = std::to_string(row.seq);
  out << "* " << std::string(seq_columns - std::min(seq_columns, seq.size()), ' ') << seq << ' '
      << row.id.to_string() << ' ' << row.chunks << (row.chunks == 1 ? " chunk" : " chunks")
      << (is_head ? "  <- HEAD" : "") << '\n';
}

void draw_rest(std::ostream& out, std::uint64_t older, bool has_head) {
  out << (older == 0 ? "~ root" : ": " + std::to_string(older) + " older")
      << (has_head ? "  <- HEAD" : "") << '\n';
}

}  // namespace

void print_log_row(std::ostream& out, const LogRow& row) {
  out << row.seq << ' ' << row.id.to_string() << ' ' << row.chunks << '\n';
}

void draw_log(std::ostream& out, const std::deque<LogRow>& rows, std::uint64_t older,
              bool newest_first) {
  const auto seq_columns = rows.empty() ? 0 : std::to_string(rows.back().seq).size();
  const auto draw = [&](const LogRow& row) {
    draw_row(out, row, seq_columns, &row == &rows.back());
  };
  if (!newest_first) draw_rest(out, older, rows.empty());
  if (newest_first) {
    std::for_each(rows.rbegin(), rows.rend(), draw);
  } else {
    std::for_each(rows.begin(), rows.end(), draw);
  }
  if (newest_first) draw_rest(out, older, rows.empty());
}

}  // namespace mentat_sync
