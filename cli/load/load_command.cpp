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

#include <chrono>
#include <exception>
#include <iostream>
#include <memory>
#include <string>

namespace mentat_sync {
namespace {

/// Of the tool itself: its store, pipes, standard streams.
constexpr std::size_t further_files = 64;

/// A failure says what the server of our own has to say about it.
int fail_with(const std::string& message, const SpawnedServer* server) {
  const bool ended = server != nullptr && !server->running();
  return fail(ended ? message + "\nThe server that was started has ended:\n" + server->log_end()
                    : message);
}

Result<LoadResult> measure(const LoadOptions& options, const ServerUrl& url,
                           const Interrupter& interrupter) {
  LoadProgress progress;
  LoadRun run{options, url, progress};
  const LiveLine line{options,   progress,         interrupter, [&run] { run.stop(); },
                      std::cerr, progress_wanted()};
  const auto began_at = std::chrono::system_clock::now();
  try {
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

/// All of it is told, whatever fails first; a broken promise is the worst of it.
int tell(const LoadOptions& options, const LoadResult& result, const SpawnedServer* server) {
  auto written = write_output(load_table(options, result));
  int code = written.ok() ? finish_output() : fail(written.message());
  if (const auto files = write_files(options, result); !files.ok()) code = fail(files.message());
  if (server != nullptr && !server->running()) {
    code = fail("the server that was started has ended:\n" + server->log_end());
  }
  switch (exit_code_of(result)) {
    case exit_codes::damaged:
      return exit_codes::damaged;
    case exit_codes::failure:
      return fail(result.requests() == 0
                      ? "not one request succeeded"
                      : "logs could not be read again, so a loss is not ruled out");
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
  const auto files = raise_open_files_limit();
  if (files < options.connections + further_files) {
    return fail("--connections " + std::to_string(options.connections) +
                " are more than this system lets a process open (" + std::to_string(files) +
                " files; see ulimit -n)");
  }
  const Interruption interruption;
  std::unique_ptr<SpawnedServer> server;
  if (options.spawn) {
    auto started = SpawnedServer::start(options, interruption.interrupter());
    if (!started) return fail(started.status().message());
    server = std::move(started).value();
  }
  const auto result =
      measure(options, server ? server->url() : *options.against, interruption.interrupter());
  if (!result) return fail_with(result.status().message(), server.get());
  return tell(options, *result, server.get());
}

}  // namespace mentat_sync
