// One try after the other, each knowing more of what the server has and takes.
#include "cli/file_pusher.hpp"

#include "cli/exit_codes.hpp"
#include "cli/server_limits.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <random>
#include <utility>
#include <vector>

namespace mentat_sync {
namespace {

using Outcome = PushResult::Outcome;

/// Below it a question costs more than the chunks.
constexpr std::uint64_t question_worth_bytes = 64 * bounds::KiB;

/// The longest rest after the first HEAD that moved, about what a commit takes; it doubles with
/// each further one.
constexpr std::chrono::milliseconds first_rest{20};
constexpr unsigned doublings_max = 7;  // 2.56 s

bool is_success(const Reply<PushResult>& result) {
  return result &&
         (result->outcome == Outcome::pushed || result->outcome == Outcome::already_there);
}

}  // namespace

FilePusher::FilePusher(const PushOptions& options, FileChunks content,
                       const Interruption& interruption)
    : options_(options),
      interruption_(interruption),
      content_(std::move(content)),
      id_(random_transaction_id()),
      client_(make_client(options.remote, interruption)),
      push_bytes_(options.push_bytes) {
  for (const auto& chunk : content_.chunks) to_send_.insert(chunk.id);
}

int FilePusher::run() {
  if (content_.bytes > question_worth_bytes) {
    if (const auto error = drop_known()) return fail(*error);
  }
  for (;;) {
    const auto base = find_base();
    if (!base) return fail(base.error());
    if (options_.base && base->head != *options_.base) return conflict(base->head);
    const auto result = push(*base);
    if (!result) return fail(result.error());
    if (const auto exit_code = conclude(*result)) return *exit_code;
  }
}

// --- Sending -----------------------------------------------------------------------------------

std::optional<ClientError> FilePusher::drop_known() {
  const auto missing = client_.missing(content_.ids_once());
  if (!missing) return missing.error();
  to_send_ = {missing->begin(), missing->end()};
  return std::nullopt;
}

Reply<Head> FilePusher::find_base() {
  const auto summary = client_.summary();
  if (!summary) return summary.error();
  return Head{summary->head, summary->seq};
}

Reply<PushResult> FilePusher::push(const Head& base) {
  while (!to_send_.empty() && !is_one_push()) {
    auto result = send_some(base);
    if (!is_success(result)) return result;
    retries_ = 0;  // it came further than the try before
  }
  PushBody body{base};
  for (const auto& chunk : content_.chunks) {
    if (to_send_.contains(chunk.id)) body.add_chunk(chunk);
  }
  body.add_transaction(id_, content_.ids);
  return client_.push(body);
}

bool FilePusher::is_one_push() const {
  std::uint64_t bytes = push_frame_bytes + bytes_in_push(content_.ids);
  for (const auto& chunk : content_.chunks) {
    if (to_send_.contains(chunk.id)) bytes += bytes_in_push(chunk);
  }
  return bytes <= push_bytes_ && to_send_.size() <= bounds::client_push_items / 2;
}

/// Chunks as many as fit, in a push of their own.
Reply<PushResult> FilePusher::send_some(const Head& base) {
  if (!progress_) {
    progress_.emplace(std::cerr, "push", content_.bytes, progress_wanted() && !options_.json);
  }
  PushBody body{base};
  std::vector<const LogChunk*> sent;
  for (std::size_t i = 0; i < content_.chunks.size(); ++i) {
    const auto& chunk = content_.chunks[i];
    if (!to_send_.contains(chunk.id)) continue;
    const auto bytes = push_frame_bytes + bytes_in_push(chunk);
    if (bytes > push_bytes_) return upload(base, i);
    if (body.bytes() + bytes > push_bytes_ || body.items() == bounds::client_push_items) break;
    body.add_chunk(chunk);
    sent.push_back(&chunk);
  }
  auto result = client_.push(body);
  if (is_success(result)) {
    for (const auto* chunk : sent) mark_sent(*chunk);
  }
  return result;
}

Reply<PushResult> FilePusher::upload(const Head& base, std::size_t chunk) {
  const auto& [id, bytes] = content_.chunks[chunk];
  const auto done = client_.put_chunk(id, bytes);
  if (!done) return explained(done.error(), content_.names[chunk], bytes.size());
  mark_sent(content_.chunks[chunk]);
  PushResult result;
  result.outcome = Outcome::pushed;
  result.head = base.head;
  result.seq = base.seq;
  return result;
}

void FilePusher::mark_sent(const LogChunk& chunk) {
  to_send_.erase(chunk.id);
  progress_->advance(chunk.bytes.size());
}

// --- What came of it ---------------------------------------------------------------------------

std::optional<int> FilePusher::conclude(const PushResult& result) {
  const bool last = retries_ >= options_.retries;
  switch (result.outcome) {
    case Outcome::pushed:
    case Outcome::already_there:
      progress_.reset();
      return print(result);
    case Outcome::conflict:
      if (last || options_.base) return conflict(result.head);
      ++retries_;
      return rest();
    case Outcome::missing:
      if (last) return fail(result.refusal);
      ++retries_;
      to_send_.insert(result.missing.begin(), result.missing.end());
      return std::nullopt;
    case Outcome::refused:
      break;
  }
  if (lower_push_bytes(result.refusal)) return std::nullopt;
  return refused(result.refusal);
}

bool FilePusher::lower_push_bytes(const ClientError& refusal) {
  const auto limit = push_limit(refusal);
  if (!limit || *limit >= push_bytes_) return false;
  push_bytes_ = *limit;
  return true;
}

std::optional<int> FilePusher::rest() const {
  const auto doublings = std::min<std::uint64_t>(retries_ - 1, doublings_max);
  std::random_device device;
  std::uniform_int_distribution<std::int64_t> up_to{0, first_rest.count() << doublings};
  if (!interruption_.interrupter().wait_for(std::chrono::milliseconds{up_to(device)})) return {};
  return fail("interrupted");
}

int FilePusher::refused(const ClientError& refusal) const {
  const auto limit = chunk_limit(refusal);
  for (std::size_t i = 0; limit && i < content_.chunks.size(); ++i) {
    const auto bytes = content_.chunks[i].bytes.size();
    if (bytes > *limit) return fail(too_large_chunk(content_.names[i], bytes, *limit));
  }
  return fail(refusal);
}

int FilePusher::conflict(const TransactionId& head) const {
  const auto where = "HEAD is at " + head.to_string();
  if (options_.base || retries_ == 0) {
    fail(where + ": another client moved it; nothing was pushed");
  } else {
    fail(where + ", and has moved before each of " + std::to_string(retries_ + 1) +
         " tries; nothing was pushed: try again, or allow more --retries");
  }
  return exit_codes::conflict;
}

int FilePusher::print(const PushResult& result) const {
  if (options_.json) {
    std::cout
        << nlohmann::ordered_json{{"head", result.head.to_string()}, {"seq", result.seq}}.dump()
        << '\n';
  } else {
    std::cout << result.head.to_string() << ' ' << result.seq << '\n';
  }
  return finish_output();
}

}  // namespace mentat_sync
