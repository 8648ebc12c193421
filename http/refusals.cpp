// Verdict by verdict, what a client is told, and what it can do about it.
#include "http/refusals.hpp"

#include "storage/bounds.hpp"

#include <cassert>

namespace mentat_sync {
namespace {

Problem about_head(const ProblemKind& kind, const Outcome& outcome, std::string detail) {
  return Problem{.kind = kind, .detail = std::move(detail), .current_head = outcome.current_head};
}

Problem beyond(const ProblemKind& kind, std::string_view limit, const Outcome& outcome,
               std::string detail) {
  return Problem{
      .kind = kind, .detail = std::move(detail), .limit = ProblemLimit{limit, outcome.limit}};
}

Problem problem_with_chunk(const Outcome& outcome) {
  switch (outcome.verdict) {
    case Verdict::hash_mismatch:
      return {problems::hash_mismatch,
              "An id of 64 hexadecimal digits must be the SHA-256 of the chunk's bytes. Nothing is "
              "stored; compute the id anew, or see what changed the bytes on their way."};
    case Verdict::chunk_id_not_sha256:
      return {problems::chunk_id_not_sha256,
              "This server takes only chunks whose id is the SHA-256 of their bytes, as 64 "
              "hexadecimal digits in lower case."};
    case Verdict::chunk_too_large:
      return beyond(problems::chunk_too_large, "limit_bytes", outcome,
                    "Split the chunk: none may have more than limit_bytes bytes.");
    default:
      return {problems::chunk_differs,
              "Other bytes are stored under this id, and stay. Upload these under another id."};
  }
}

Problem problem_with_transaction(const Outcome& outcome) {
  switch (outcome.verdict) {
    case Verdict::transaction_is_root:
      return {problems::transaction_is_root,
              "The nil uuid is the root, which every log begins after. Take another id."};
    case Verdict::unknown_parent:
      return {problems::unknown_parent,
              "Upload the parent first, or take a transaction that is known, or the nil uuid, the "
              "root."};
    case Verdict::missing_chunks:
      return {.kind = problems::missing_chunks,
              .detail = "Upload the chunks listed under missing, then repeat this request.",
              .missing = outcome.missing};
    case Verdict::too_many_chunks:
      return beyond(problems::too_many_chunks, "limit_chunks", outcome,
                    "Split the transaction: none may have more than limit_chunks chunks.");
    case Verdict::too_many_pending:
      return beyond(problems::too_many_pending, "limit_transactions", outcome,
                    "Too many transactions wait to be reached by HEAD. Advance HEAD to the end of "
                    "those uploaded, then go on.");
    case Verdict::too_many_items:
      return beyond(problems::too_many_items, "limit_items", outcome,
                    "Push the log in several parts, each after the one before: chunks, "
                    "transactions and the chunk ids in these may be limit_items together.");
    default:
      return {
          problems::transaction_differs,
          "A transaction with this id is stored with another parent or other chunks, and stays. "
          "Upload this one under another id."};
  }
}

Problem problem_with_head(const Outcome& outcome) {
  switch (outcome.verdict) {
    case Verdict::head_is_root:
      return about_head(problems::head_is_root, outcome,
                        "The nil uuid is the root. To empty a log, delete its user.");
    case Verdict::head_is_current:
      return about_head(problems::head_is_current, outcome,
                        "There is nothing to do: perhaps this request has been sent before.");
    case Verdict::head_unknown:
      return about_head(problems::head_unknown, outcome,
                        "Upload the transaction, and those between HEAD and it, first.");
    case Verdict::head_has_children:
      return about_head(problems::head_has_children, outcome,
                        "HEAD moves to the end of a chain only. Move it to the last descendant, or "
                        "upload these transactions anew, under other ids.");
    case Verdict::base_not_head:
      return about_head(problems::base_not_head, outcome,
                        "HEAD is at current_head, perhaps moved by another client. Pull what comes "
                        "after the log's \"from\", put your own transactions after that, under new "
                        "ids, and push again.");
    case Verdict::precondition_failed:
      return about_head(problems::precondition_failed, outcome,
                        "HEAD is at current_head, which If-Match does not name. Fetch the "
                        "transactions up to it, put your own after them, and try again.");
    default:
      return about_head(problems::head_not_descendant, outcome,
                        "HEAD is at current_head, perhaps moved by another client. Fetch the "
                        "transactions up to it, put your own after them, under new ids, and try "
                        "again.");
  }
}

Problem problem_with_server(const Outcome& outcome) {
  switch (outcome.verdict) {
    case Verdict::storage_full:
      return {problems::storage_full,
              "Nothing is lost and reading goes on. Tell the server's operator, and try again "
              "later."};
    case Verdict::quota_exceeded:
      return {
          .kind = problems::quota_exceeded,
          .detail =
              "Nothing was stored. This user may store limit_bytes bytes and stores used_bytes. "
              "What no transaction names is collected in time; a log that is deleted frees all.",
          .limit = ProblemLimit{"limit_bytes", outcome.limit},
          .used = ProblemLimit{"used_bytes", outcome.used}};
    case Verdict::overloaded:
      return {.kind = problems::overloaded,
              .detail = "Nothing was changed. Repeat this request after Retry-After seconds.",
              .headers = retry_after(bounds::overloaded_retry)};
    default:
      return {problems::unavailable,
              "Whether this request was applied is not known. Repeating it later is safe."};
  }
}

}  // namespace

std::string retry_after(std::chrono::seconds wait) {
  return "Retry-After: " + std::to_string(wait.count()) + "\r\n";
}

Problem problem_of(const Outcome& outcome) {
  assert(!succeeded(outcome.verdict));
  switch (outcome.verdict) {
    case Verdict::chunk_differs:
    case Verdict::hash_mismatch:
    case Verdict::chunk_id_not_sha256:
    case Verdict::chunk_too_large:
      return problem_with_chunk(outcome);
    case Verdict::transaction_differs:
    case Verdict::transaction_is_root:
    case Verdict::unknown_parent:
    case Verdict::missing_chunks:
    case Verdict::too_many_chunks:
    case Verdict::too_many_pending:
    case Verdict::too_many_items:
      return problem_with_transaction(outcome);
    case Verdict::head_is_root:
    case Verdict::head_is_current:
    case Verdict::head_unknown:
    case Verdict::head_not_descendant:
    case Verdict::head_has_children:
    case Verdict::precondition_failed:
    case Verdict::base_not_head:
      return problem_with_head(outcome);
    case Verdict::applied:
    case Verdict::already_there:
    case Verdict::storage_full:
    case Verdict::overloaded:
    case Verdict::quota_exceeded:
    case Verdict::unavailable:
      return problem_with_server(outcome);
  }
  return problem_with_server(outcome);
}

Problem from_not_found() {
  return {problems::from_not_found,
          "\"from\" is no transaction that HEAD has reached. Begin with the nil uuid, the root, or "
          "without \"from\"."};
}

Problem problem_of(const Status& status) {
  assert(!status.ok());
  if (status.code() == ErrorCode::corrupt) {
    return {problems::corrupt,
            "Repeating the request will not help. Tell the server's operator, who finds what is "
            "damaged in the log."};
  }
  return {problems::unavailable, "Nothing could be read at the moment. Try again later."};
}

}  // namespace mentat_sync
