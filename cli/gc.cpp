// Three ways: by itself when no server runs, by the server that does, and only looking.
#include "cli/gc.hpp"

#include "cli/exit_codes.hpp"
#include "cli/gc_report.hpp"
#include "cli/held_signals.hpp"
#include "cli/local_options.hpp"
#include "cli/option_kinds.hpp"
#include "cli/progress.hpp"
#include "cli/store_holder.hpp"
#include "storage/inspection.hpp"

#include <nlohmann/json.hpp>

#include <csignal>
#include <functional>
#include <future>
#include <iostream>
#include <string>
#include <system_error>
#include <utility>

namespace mentat_sync {
namespace {

int finish() {
  return std::cout.flush() ? exit_codes::success : exit_codes::failure;
}

Outcome submit(Store& store, Command command) {
  std::promise<Outcome> promise;
  store.submit(std::move(command), [&](Outcome outcome) { promise.set_value(std::move(outcome)); });
  return promise.get_future().get();
}

Result<UserPage> read(Store& store, const ListUsers& query) {
  std::promise<Result<UserPage>> promise;
  store.read(query, [&](Result<UserPage> page) { promise.set_value(std::move(page)); });
  return promise.get_future().get();
}

using List = std::function<Result<UserPage>(const ListUsers&)>;
using Visit = std::function<Status(UserId)>;

/// Visits the user that is asked for, or all that have garbage.
Status visit_users(const std::optional<UserId>& only, const List& list, const Visit& visit) {
  if (only) return visit(*only);
  ListUsers query{.after = {}, .limit = bounds::collect_users_page, .with_garbage = true};
  do {
    const auto page = list(query);
    if (!page) return page.status();
    for (const UserId user : page->users) {
      if (Status status = visit(user); !status.ok()) return status;
    }
    query.after = page->next;
  } while (query.after);
  return {};
}

/// All steps of one user's collection.
Status collect(Store& store, UserId user, GarbageEstimate& taken, Progress& progress) {
  std::string resume_at;
  do {
    Outcome outcome = submit(store, Collect{user, std::move(resume_at)});
    if (!succeeded(outcome.verdict)) {
      return {ErrorCode::unavailable, "cannot collect the garbage of " + user.to_string() + ": " +
                                          std::string(to_string(outcome.verdict))};
    }
    taken.transactions += outcome.collected.transactions;
    taken.chunks += outcome.collected.chunks;
    taken.chunk_bytes += outcome.collected.chunk_bytes;
    progress.advance(outcome.collected.transactions + outcome.collected.chunks);
    resume_at = std::move(outcome.collected.resume_at);
  } while (!resume_at.empty());
  return {};
}

int collect_all(Store& store, const GcOptions& options) {
  GcReport report(std::cout, options.user, options.dry_run, options.json);
  Status status;
  {
    constexpr std::uint64_t total_is_not_known = 0;
    Progress progress(std::cerr, "collected", total_is_not_known,
                      progress_wanted() && !options.json);
    status = visit_users(
        options.user, [&](const ListUsers& query) { return read(store, query); },
        [&](UserId user) {
          GarbageEstimate taken;
          Status done = collect(store, user, taken, progress);
          report.add(user, taken);
          return done;
        });
  }
  report.end();
  return status.ok() ? finish() : tell_failure(status);
}

/// A user whose uuid was mistyped looks as one without garbage does.
Status expect_user(StoreInspector& inspector, const GcOptions& options) {
  if (!options.user) return {};
  const HeldSignals held;
  const auto known = inspector.knows(*options.user);
  if (!known) return known.status();
  if (*known) return {};
  return {ErrorCode::invalid, "the store has no log of user " + options.user->to_string()};
}

/// By a look of its own, which ends before the store is opened: LMDB's rule.
Status expect_user(const GcOptions& options) {
  if (!options.user) return {};
  const auto inspector = StoreInspector::open(options.data, options.rules);
  return inspector ? expect_user(**inspector, options) : inspector.status();
}

int estimate_all(const GcOptions& options) {
  const auto inspector = StoreInspector::open(options.data, options.rules);
  if (!inspector) return tell_failure(inspector.status());
  const Status known = expect_user(**inspector, options);
  if (!known.ok()) return tell_failure(known);
  GcReport report(std::cout, options.user, options.dry_run, options.json);
  const Status status = visit_users(
      options.user,
      [&](const ListUsers& query) {
        const HeldSignals held;
        return (*inspector)->list(query);
      },
      [&](UserId user) {
        const HeldSignals held;
        const auto estimate = (*inspector)->estimate(user);
        if (!estimate) return estimate.status();
        report.add(user, *estimate);
        return Status();
      });
  report.end();
  return status.ok() ? finish() : tell_failure(status);
}

constexpr auto by_its_own_rules =
    "it collects the garbage of all users now, by its own rules; its log says what it did";

int ask_the_server(const GcOptions& options) {
  const auto asked = ask_holder_to_collect(options.data);
  if (!asked) return tell_failure(asked.status());
  if (options.json) {
    std::cout
        << nlohmann::ordered_json{{"asked_process", *asked}, {"note", by_its_own_rules}}.dump()
        << '\n';
  } else {
    std::cout << "a server has the store open: asked it (process " << *asked
              << "): " << by_its_own_rules << '\n';
  }
  return finish();
}

}  // namespace

CLI::App* add_gc(CLI::App& app, GcOptions& options) {
  auto* command = app.add_subcommand("gc", "Collect garbage now, or say how much there is");
  command->footer(
      "\nCollects by itself when no server runs, otherwise asks the one that does (SIGUSR1). A\n"
      "dry run only looks, whether a server runs or not.");
  command->option_defaults()->group("Where");
  add_data_option(*command, options.data, "The directory that holds the store");
  add_config_option(*command, options.config,
                    "The server's TOML file: what it says of the directory and of garbage counts "
                    "here too, unless an option or a variable says otherwise");
  add_user_option(*command, options.user, "Only this user's (a server that runs collects all)");
  command->option_defaults()->group("Options");
  command->add_flag("--dry-run", options.dry_run, "Say what would be collected; change nothing")
      ->configurable(false);
  command->add_flag("--json", options.json, "As one JSON object")->configurable(false);
  command->option_defaults()->group("What counts as garbage");
  add_collection_rules(*command, options.rules);
  return command;
}

int gc(const GcOptions& options) {
  if (options.dry_run) return estimate_all(options);
  // Opening would make a store where there is none.
  std::error_code error;
  if (!std::filesystem::exists(options.data / "data.mdb", error)) {
    return tell_failure("there is no store in " + options.data.string());
  }
  if (Status status = expect_user(options); !status.ok()) return tell_failure(status);
  // Another of these may take this one for a server, while it has the lock.
  std::signal(SIGUSR1, SIG_IGN);
  LmdbStoreOptions store_options;
  store_options.directory = options.data;
  store_options.collection = options.rules;
  const auto store = LmdbStore::open(std::move(store_options));
  if (store) return collect_all(**store, options);
  if (store.status().code() == ErrorCode::busy) return ask_the_server(options);
  return tell_failure(store.status());
}

}  // namespace mentat_sync
