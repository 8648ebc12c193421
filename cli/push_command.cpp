// Chunks that the server has are not sent again, and those too many for one request go ahead of it.
#include "cli/push_command.hpp"

#include "cli/exit_codes.hpp"
#include "cli/file_chunks.hpp"
#include "cli/progress.hpp"
#include "cli/remote.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>
#include <unordered_set>
#include <utility>

namespace mentat_sync {
namespace {

using Outcome = PushResult::Outcome;
using Ids = std::unordered_set<ChunkId>;

/// Below it a question costs more than the chunks.
constexpr std::uint64_t question_worth_bytes = 64 * bounds::KiB;

class Pusher {
 public:
  Pusher(const PushOptions& options, FileChunks content, Client client)
      : options_(options),
        content_(std::move(content)),
        client_(std::move(client)),
        id_(random_transaction_id()) {
    for (const auto& chunk : content_.chunks) to_send_.insert(chunk.id);
  }

  int run() {
    if (content_.bytes > question_worth_bytes) {
      if (auto error = drop_known()) return fail(*error);
    }
    if (auto error = send_ahead()) return fail(*error);
    for (unsigned retries = 0;; ++retries) {
      const auto base = find_base();
      if (!base) return fail(base.error());
      if (options_.base && base->head != *options_.base) return conflict(base->head);
      const auto result = push(*base);
      if (!result) return fail(result.error());
      if (result->outcome == Outcome::refused) return fail(result->refusal);
      if (result->outcome == Outcome::pushed || result->outcome == Outcome::already_there) {
        return print(*result);
      }
      const bool last = retries >= options_.retries;
      if (result->outcome == Outcome::conflict && (last || options_.base)) {
        return conflict(result->head);
      }
      if (last) return fail(result->refusal);
      to_send_.insert(result->missing.begin(), result->missing.end());
    }
  }

 private:
  using Failure = std::optional<ClientError>;

  Failure drop_known() {
    const auto missing = client_.missing(content_.ids_once());
    if (!missing) return missing.error();
    to_send_ = Ids(missing->begin(), missing->end());
    return std::nullopt;
  }

  /// What would make the one request too large.
  Failure send_ahead() {
    std::uint64_t bytes = 0;
    for (const auto& chunk : content_.chunks) {
      if (to_send_.contains(chunk.id)) bytes += chunk.bytes.size();
    }
    if (bytes <= bounds::client_push_bytes && to_send_.size() <= bounds::client_push_items / 2) {
      return std::nullopt;
    }
    Progress progress{std::cerr, "push", bytes, progress_wanted() && !options_.json};
    for (const auto& chunk : content_.chunks) {
      if (!to_send_.contains(chunk.id)) continue;
      const auto done = client_.put_chunk(chunk.id, chunk.bytes);
      if (!done) return done.error();
      to_send_.erase(chunk.id);
      progress.advance(chunk.bytes.size());
    }
    return std::nullopt;
  }

  Reply<Head> find_base() {
    const auto summary = client_.summary();
    if (!summary) return summary.error();
    return Head{summary->head, summary->seq};
  }

  Reply<PushResult> push(const Head& base) {
    PushBody body{base};
    for (const auto& chunk : content_.chunks) {
      if (to_send_.contains(chunk.id)) body.add_chunk(chunk);
    }
    body.add_transaction(id_, content_.ids);
    return client_.push(body);
  }

  int print(const PushResult& result) const {
    if (options_.json) {
      std::cout
          << nlohmann::ordered_json{{"head", result.head.to_string()}, {"seq", result.seq}}.dump()
          << '\n';
    } else {
      std::cout << result.head.to_string() << ' ' << result.seq << '\n';
    }
    return finish_output();
  }

  static int conflict(const TransactionId& head) {
    fail("HEAD is at " + head.to_string() + ": another client moved it; nothing was pushed");
    return exit_codes::conflict;
  }

  const PushOptions& options_;
  const FileChunks content_;
  Client client_;
  const TransactionId id_;
  Ids to_send_;
};

}  // namespace

CLI::App* add_push(CLI::App& app, PushOptions& options) {
  auto* command = app.add_subcommand("push", "Commit files as the chunks of one new transaction");
  add_remote_options(*command, options.remote);
  command->add_option("files", options.files, "Files, in the transaction's order; - is stdin")
      ->type_name("FILE...")
      ->required();
  add_transaction_option(*command, "--base", options.base,
                         "Only if HEAD is there; otherwise exit code 3");
  command->add_option("--retries", options.retries, "How often to follow a HEAD that moved")
      ->type_name("COUNT")
      ->default_str(std::to_string(options.retries));
  command->add_flag("--json", options.json, "Print JSON");
  return command;
}

int run_push(const PushOptions& options) {
  auto content = read_file_chunks(options.files);
  if (!content.ok()) return fail(content.status().message());
  const Interruption interruption;
  return Pusher{options, *std::move(content), make_client(options.remote, interruption)}.run();
}

}  // namespace mentat_sync
