// The names of the verdicts, and making an outcome of one.
#include "storage/outcome.hpp"

namespace mentat_sync {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::applied:
      return "applied";
    case Verdict::already_there:
      return "already_there";
    case Verdict::chunk_differs:
      return "chunk_differs";
    case Verdict::transaction_differs:
      return "transaction_differs";
    case Verdict::transaction_is_root:
      return "transaction_is_root";
    case Verdict::unknown_parent:
      return "unknown_parent";
    case Verdict::missing_chunks:
      return "missing_chunks";
    case Verdict::head_is_root:
      return "head_is_root";
    case Verdict::head_is_current:
      return "head_is_current";
    case Verdict::head_unknown:
      return "head_unknown";
    case Verdict::head_not_descendant:
      return "head_not_descendant";
    case Verdict::head_has_children:
      return "head_has_children";
    case Verdict::precondition_failed:
      return "precondition_failed";
    case Verdict::base_not_head:
      return "base_not_head";
    case Verdict::hash_mismatch:
      return "hash_mismatch";
    case Verdict::chunk_id_not_sha256:
      return "chunk_id_not_sha256";
    case Verdict::chunk_too_large:
      return "chunk_too_large";
    case Verdict::too_many_chunks:
      return "too_many_chunks";
    case Verdict::too_many_items:
      return "too_many_items";
    case Verdict::too_many_pending:
      return "too_many_pending";
    case Verdict::storage_full:
      return "storage_full";
    case Verdict::overloaded:
      return "overloaded";
    case Verdict::quota_exceeded:
      return "quota_exceeded";
    case Verdict::unavailable:
      return "unavailable";
  }
  return "unknown";
}

Outcome outcome_of(Verdict verdict, std::uint64_t limit) {
  Outcome outcome;
  outcome.verdict = verdict;
  outcome.limit = limit;
  return outcome;
}

}  // namespace mentat_sync
