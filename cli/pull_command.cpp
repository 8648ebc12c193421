// Prints and keeps items as they come; HEAD is kept last, so that an interrupted pull goes on.
#include "cli/pull_command.hpp"

#include "cli/chunk_directory.hpp"
#include "cli/exit_codes.hpp"
#include "cli/progress.hpp"
#include "cli/pull_pages.hpp"
#include "cli/remote.hpp"
#include "http/wire/ndjson_writer.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <unistd.h>
#include <unordered_map>
#include <utility>
#include <variant>

namespace mentat_sync {
namespace {

namespace fs = std::filesystem;

class Puller {
 public:
  Puller(const PullOptions& options, std::optional<ChunkDirectory> directory)
      : options_(options),
        directory_(std::move(directory)),
        progress_(std::cerr, "pulled", 0, progress_wanted() && ::isatty(STDOUT_FILENO) == 0) {}

  /// False when a file or the output cannot be written.
  bool take(const LogItem& item) {
    if (const auto* chunk = std::get_if<LogChunk>(&item)) keep(*chunk);
    if (const auto* transaction = std::get_if<LogTransaction>(&item)) {
      last_ = transaction->id;
      if (!options_.ndjson) list(*transaction);
    }
    if (options_.ndjson) print_ndjson(item);
    return status_.ok() && std::cout.good();
  }

  /// How far it came goes to the directory, however the pull ended.
  const Status& finish() {
    if (status_.ok() && directory_ && last_) status_ = directory_->set_head(*last_);
    return status_;
  }

 private:
  void keep(const LogChunk& chunk) {
    if (directory_) status_ = directory_->put(chunk);
    if (sizes_.size() == bounds::log_remembered_chunks) sizes_.clear();
    sizes_[chunk.id] = chunk.bytes.size();
    progress_.advance(chunk.bytes.size());
  }

  /// A line for each chunk, or one with "-" for a transaction without any.
  void list(const LogTransaction& transaction) const {
    const auto start = std::to_string(transaction.seq) + ' ' + transaction.id.to_string() + ' ';
    if (transaction.chunks.empty()) std::cout << start << "- 0\n";
    for (const ChunkId& id : transaction.chunks) {
      const auto size = sizes_.find(id);
      std::cout << start << id.text() << ' '
                << (size == sizes_.end() ? "-" : std::to_string(size->second)) << '\n';
    }
  }

  static void print_ndjson(const LogItem& item) {
    std::string line;
    append_ndjson(line, item);
    std::cout << line;
  }

  const PullOptions& options_;
  const std::optional<ChunkDirectory> directory_;
  Progress progress_;
  // Of the latest chunks: one that was named long ago is listed without its size.
  std::unordered_map<ChunkId, std::uint64_t> sizes_;
  std::optional<TransactionId> last_;
  Status status_;
};

/// Where to begin, and which file says so.
struct Start {
  TransactionId from = TransactionId::root();
  fs::path file = {};
};

int fail_at(const Start& start, const ClientError& error) {
  if (start.file.empty() || error.type != "from-not-found") return fail(error);
  fail(start.file.string() + " says that " + start.from.to_string() +
       " was pulled last, which is not in this log: it was deleted since, or the directory is "
       "another user's. Pull into another directory; or remove that file, and all of this log is "
       "pulled into this one");
  return exit_codes::conflict;
}

int pull(const PullOptions& options, const Start& start, std::optional<ChunkDirectory> directory) {
  const Interruption interruption;
  auto client = make_client(options.remote, interruption);
  Puller puller{options, std::move(directory)};
  const auto done =
      pull_pages(client, {.from = start.from}, [&](LogItem&& item) { return puller.take(item); });
  const auto& kept = puller.finish();
  if (!kept.ok()) return fail(kept.message());
  if (!done && done.error().kind != ClientError::Kind::stopped) {
    std::cout.flush();
    return fail_at(start, done.error());
  }
  return finish_output();
}

}  // namespace

CLI::App* add_pull(CLI::App& app, PullOptions& options) {
  auto* command = app.add_subcommand(
      "pull", "List what is new: sequence number, transaction, chunk and its bytes");
  add_remote_options(*command, options.remote);
  add_transaction_option(*command, "--from", options.from,
                         "Only what comes after this transaction");
  command
      ->add_option("--into", options.into,
                   "Keep each chunk as a file of its id in this directory, and go on from "
                   "where the pull before ended (its file HEAD)")
      ->type_name("DIR");
  command->add_flag("--ndjson", options.ndjson, "Print the log with its chunks as lines of JSON");
  return command;
}

int run_pull(const PullOptions& options) {
  if (options.into.empty()) {
    return pull(options, {.from = options.from.value_or(TransactionId::root())}, std::nullopt);
  }
  auto directory = ChunkDirectory::open(options.into);
  if (!directory.ok()) return fail(directory.status().message());
  Start start{.from = options.from.value_or(TransactionId::root())};
  if (!options.from) {
    const auto head = directory->head();
    if (!head.ok()) return fail(head.status().message());
    if (*head) start = {.from = **head, .file = directory->head_file()};
  }
  return pull(options, start, *std::move(directory));
}

}  // namespace mentat_sync
