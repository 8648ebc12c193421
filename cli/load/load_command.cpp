// The order of things: server, run, table, files, exit code.
#include "cli/load/load_command.hpp"

#include "cli/atomic_file.hpp"
#include "cli/exit_codes.hpp"
#include "cli/limits.hpp"
#include "cli/load/live_line.hpp"
#include "cli/load/load_report.hpp"
#include "cli/load/load_run.hpp"
#include "cli/load/spawned_server.hpp"
#include "cli/progress.hpp"
#include "cli/remote.hpp"
#include "storage/bounds.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <thread>

namespace mentat_sync {
namespace {

/// Of the tool itself, besides a connection each and a loop for each thread.
constexpr std::size_t further_files = 64;
constexpr std::chrono::milliseconds watch_interval{100};

/// remote.hpp's fail() blames Ctrl-C for whatever fails after it. This command goes on after it.
int failed(const std::string& message, int code = exit_codes::failure) {
  std::cerr << "mentat-sync: " << message << std::endl;
  return code;
}

/// A failure says what the server of our own has to say about it.
int failed_with(const std::string& message, const SpawnedServer* server) {
  const bool ended = server != nullptr && !server->running();
  return failed(ended ? message + "\nThe server that was started has ended:\n" + server->log_end()
                      : message);
}

int failed_to_start(const Status& status) {
  const bool usage = status.code() == ErrorCode::invalid;
  return failed(status.message(), usage ? exit_codes::usage : exit_codes::failure);
}

/// What this process needs, or the server of its own: each has a limit for itself.
std::size_t files_needed(const LoadOptions& options) {
  const std::size_t own = options.connections + options.threads + further_files;
  const std::size_t of_server = options.connections + bounds::descriptors_besides_connections;
  return options.spawn ? std::max(own, of_server) : own;
}

/// Empty: nothing is wrong.
std::string fault_of_open_files(const LoadOptions& options) {
  const auto allowed = raise_open_files_limit();
  const auto needed = files_needed(options);
  if (allowed >= needed) return {};
  return "--connections " + std::to_string(options.connections) + " needs " +
         std::to_string(needed) + " open files, and the hard limit of a process is " +
         std::to_string(allowed) + " here (ulimit -Hn; the soft one is raised to it)";
}

/// Nobody else would end the run when its server has ended.
std::jthread watch_over(const SpawnedServer& server, LoadRun& run) {
  return std::jthread{[&](const std::stop_token& done) {
    while (!done.stop_requested()) {
      if (server.ends_within(watch_interval)) return run.give_up();
    }
  }};
}

/// `server`: null for one that runs elsewhere.
Result<LoadResult> measure(const LoadOptions& options, const SpawnedServer* server,
                           const Interrupter& interrupter) {
  const ServerUrl& url = server != nullptr ? server->url() : *options.against;
  LoadProgress progress;
  LoadRun run{options, url, progress};
  const LiveLine line{options,   progress,         interrupter, [&run] { run.stop(); },
                      std::cerr, progress_wanted()};
  const auto began_at = std::chrono::system_clock::now();
  try {
    std::jthread watch;
    if (server != nullptr) watch = watch_over(*server, run);
    auto result = run.run();
    if (result.ok()) result->began_at = began_at;
    return result;
  } catch (const std::exception& error) {
    // No threads, no memory.
    return Status{ErrorCode::io, error.what()};
  }
}

Status write_files(const LoadOptions& options, const LoadResult& result) {
  const auto write = [](const std::filesystem::path& file, const std::string& text) {
    return file.empty() ? Status{} : write_file(file, text, false);
  };
  auto status = write(options.json, options.json.empty() ? "" : load_json(options, result));
  const auto page = write(options.report, options.report.empty() ? "" : load_html(options, result));
  return status.ok() ? page : status;
}

/// Of a result that lets nothing pass.
std::string why_not_known(const LoadResult& result, bool interrupted) {
  if (result.requests() > 0) return "logs could not be read again, so a loss is not ruled out";
  return interrupted ? "interrupted before anything was measured" : "not one request succeeded";
}

/// All of it is told, whatever fails first; a broken promise is the worst of it.
int tell(const LoadOptions& options, const LoadResult& result, const SpawnedServer* server,
         bool interrupted) {
  auto written = write_output(load_table(options, result));
  int code = written.ok() ? finish_output() : failed(written.message());
  if (const auto files = write_files(options, result); !files.ok()) code = failed(files.message());
  const bool ended = server != nullptr && !server->running();
  if (ended) code = failed("the server that was started has ended:\n" + server->log_end());
  switch (exit_code_of(result)) {
    case exit_codes::damaged:
      return exit_codes::damaged;
    case exit_codes::failure:
      return ended ? code : failed(why_not_known(result, interrupted));
    default:
      return code;
  }
}

}  // namespace

int exit_code_of(const LoadResult& result) {
  if (result.violations_count > 0) return exit_codes::damaged;
  const bool known = result.requests() > 0 && result.users_not_verified == 0;
  return known ? exit_codes::success : exit_codes::failure;
}

int run_load(const LoadOptions& options) {
  if (const auto fault = fault_of_open_files(options); !fault.empty()) return failed(fault);
  const Interruption interruption;
  const auto& interrupter = interruption.interrupter();
  std::unique_ptr<SpawnedServer> server;
  if (options.spawn) {
    auto started = SpawnedServer::start(options, interrupter);
    if (!started) return failed_to_start(started.status());
    server = std::move(started).value();
  }
  const auto result = measure(options, server.get(), interrupter);
  if (!result) return failed_with(result.status().message(), server.get());
  return tell(options, *result, server.get(), interrupter.interrupted());
}

}  // namespace mentat_sync
