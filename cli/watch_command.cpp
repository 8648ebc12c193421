// The watch has a connection of its own; what is new is pulled over another one.
#include "cli/watch_command.hpp"

#include "cli/exit_codes.hpp"
#include "cli/pull_pages.hpp"
#include "cli/remote.hpp"
#include "cli/units.hpp"
#include "http/client/watch.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace mentat_sync {
namespace {

using Kind = ClientError::Kind;
using Json = nlohmann::ordered_json;

class Watch {
 public:
  Watch(const WatchOptions& options, const Interruption& interruption)
      : options_(options), client_(make_client(options.remote, interruption)) {}

  /// Nothing when the server can be watched: later it is waited for, but now a mistake is likelier.
  std::optional<ClientError> try_server() {
    const auto head = client_.head();
    if (head) return std::nullopt;
    return head.error();
  }

  /// False when standard output is gone.
  bool on_head(const Head& head) {
    // What was there before the watch is no news; at the root, the log was deleted.
    if (!pulled_to_ || head.head.is_root()) pulled_to_ = head.head;
    if (options_.pull && head.head != *pulled_to_) pull(head);
    print_head(head);
    return static_cast<bool>(std::cout.flush());
  }

 private:
  void print_head(const Head& head) const {
    if (options_.json) {
      std::cout << Json{{"head", head.head.to_string()}, {"seq", head.seq}}.dump() << '\n';
    } else {
      std::cout << head.seq << ' ' << head.head.to_string() << '\n';
    }
  }

  /// A failure is said, and the watch goes on: the next HEAD brings what is lacking.
  void pull(const Head& head) {
    std::uint64_t bytes = 0;
    const auto done = pull_pages(client_, {.from = *pulled_to_}, [&](LogItem&& item) {
      if (const auto* chunk = std::get_if<LogChunk>(&item)) bytes += chunk->bytes.size();
      if (const auto* transaction = std::get_if<LogTransaction>(&item)) {
        print_transaction(*transaction, std::exchange(bytes, 0));
      }
      return std::cout.good();
    });
    if (done) pulled_to_ = done->next;
    if (done || done.error().kind == Kind::interrupted) return;
    fail(done.error());
    // Refused: the log was deleted meanwhile, and is another one now.
    if (done.error().kind == Kind::refused) pulled_to_ = head.head;
  }

  /// `bytes`: of the chunks that came with it.
  void print_transaction(const LogTransaction& transaction, std::uint64_t bytes) const {
    if (options_.json) {
      std::cout << Json{{"transaction", transaction.id.to_string()},
                        {"seq", transaction.seq},
                        {"chunks", transaction.chunks.size()},
                        {"bytes", bytes}}
                       .dump()
                << '\n';
    } else {
      std::cout << "  " << transaction.seq << ' ' << transaction.id.to_string() << ' '
                << transaction.chunks.size() << ' ' << bytes << '\n';
    }
  }

  const WatchOptions& options_;
  Client client_;
  std::optional<TransactionId> pulled_to_;
};

/// Whoever interrupts a watch has got what it is for.
int end_with(const ClientError& error) {
  return error.kind == Kind::interrupted ? exit_codes::success : fail(error);
}

std::string when(std::chrono::milliseconds rest) {
  if (rest < std::chrono::seconds{1}) return "at once";
  return "in " + to_human_duration(static_cast<std::uint64_t>(rest.count()));
}

}  // namespace

CLI::App* add_watch(CLI::App& app, WatchOptions& options) {
  auto* command =
      app.add_subcommand("watch", "Print HEAD whenever it moves, until interrupted (Ctrl-C)");
  add_remote_options(*command, options.remote);
  command->add_flag("--pull", options.pull,
                    "Print each new transaction too: its chunks, and their bytes");
  command->add_flag("--json", options.json, "As lines of JSON");
  return command;
}

int run_watch(const WatchOptions& options) {
  const Interruption interruption;
  Watch watch{options, interruption};
  if (const auto error = watch.try_server()) return end_with(*error);
  const WatchHandlers handlers{.on_head = [&](const Head& head) { return watch.on_head(head); },
                               .on_lost =
                                   [](const ClientError& why, std::chrono::milliseconds rest) {
                                     fail(why.message + "; trying again " + when(rest));
                                   }};
  const auto end = watch_head(
      options.remote.server, options.remote.user,
      client_options(options.remote.server, options.remote.access, interruption), handlers);
  if (end) return finish_output();
  return end_with(end.error());
}

}  // namespace mentat_sync
