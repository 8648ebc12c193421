// Names, and adding up what the shards have found.
#include "cli/load/load_result.hpp"

#include <algorithm>

namespace mentat_sync {
namespace {

struct Names {
  std::string_view name;
  std::string_view key;
};

constexpr std::array<Names, load_operation_count> names{{{"GET head", "get_head"},
                                                         {"PUT head", "put_head"},
                                                         {"GET transactions", "list_transactions"},
                                                         {"GET transaction", "get_transaction"},
                                                         {"PUT transaction", "put_transaction"},
                                                         {"GET chunk", "get_chunk"},
                                                         {"PUT chunk", "put_chunk"},
                                                         {"GET log", "pull_log"},
                                                         {"POST log", "push_log"},
                                                         {"GET user", "get_user"},
                                                         {"DELETE user", "delete_user"},
                                                         {"hear of a change", "hear_of_change"},
                                                         {"iteration", "iteration"}}};

}  // namespace

std::string_view name_of(LoadOperation operation) {
  return names[static_cast<std::size_t>(operation)].name;
}

std::string_view key_of(LoadOperation operation) {
  return names[static_cast<std::size_t>(operation)].key;
}

void LoadResult::merge(const LoadResult& other) {
  elapsed = std::max(elapsed, other.elapsed);
  for (std::size_t i = 0; i < operations.size(); ++i) {
    operations[i].latencies.merge(other.operations[i].latencies);
    operations[i].bytes_sent += other.operations[i].bytes_sent;
    operations[i].bytes_received += other.operations[i].bytes_received;
  }
  if (seconds.size() < other.seconds.size()) seconds.resize(other.seconds.size());
  for (std::size_t i = 0; i < other.seconds.size(); ++i) {
    seconds[i].requests += other.seconds[i].requests;
    seconds[i].errors += other.seconds[i].errors;
    seconds[i].latencies.merge(other.seconds[i].latencies);
  }
  for (const auto& [kind, count] : other.errors) errors[kind] += count;
  conflicts += other.conflicts;
  connections_opened += other.connections_opened;
  iterations_due += other.iterations_due;
  iterations_not_begun += other.iterations_not_begun;
  own_cpu += other.own_cpu;
  users_verified += other.users_verified;
  users_not_verified += other.users_not_verified;
  transactions_verified += other.transactions_verified;
  chunks_verified += other.chunks_verified;
  violations_count += other.violations_count;
  for (const auto& violation : other.violations) {
    if (violations.size() < violations_listed) violations.push_back(violation);
  }
}

std::uint64_t LoadResult::requests() const {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const auto operation = static_cast<LoadOperation>(i);
    const bool is_request =
        operation != LoadOperation::hear_of_change && operation != LoadOperation::iteration;
    if (is_request) sum += operations[i].latencies.count();
  }
  return sum;
}

}  // namespace mentat_sync
