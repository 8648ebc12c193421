// The options of `serve`, by group, as CLI11 takes them.
#include "cli/serve_options.hpp"

#include "cli/option_kinds.hpp"
#include "cli/units.hpp"

#include <utility>

namespace mentat_sync {
namespace {

/// About 7 GB of actors.
constexpr std::size_t live_users_max = 16 * bounds::live_users;

constexpr auto help_footer = R"(
Every option can also be set by its environment variable, or by its name in the table [serve]
of the configuration file; a flag wins over the environment, and that over the file.)";

void add_listen(CLI::App& command, ListenAddress& target) {
  const auto set = [&target](const CLI::results_t& results) {
    target = ListenAddress::parse(results.front()).value();
    return true;
  };
  const auto check = [](const std::string& text) -> std::string {
    if (ListenAddress::parse(text)) return {};
    return "'" + text +
           "' is no numeric address and port such as 127.0.0.1:5013, 0.0.0.0:5013 or [::1]:5013";
  };
  add_option(command, "--listen", set, "Where to listen; port 0 lets the system choose")
      ->check(CLI::Validator(check, ""))
      ->type_name("ADDR:PORT")
      ->default_str(target.to_string());
}

void add_store_options(CLI::App& command, ServeOptions& options) {
  add_size_option(command, "--max-chunk-bytes", options.max_chunk_bytes,
                  to_bytes(1, bounds::chunk_bytes_max), "The largest chunk that is taken")
      ->default_str(to_human_size(options.max_chunk_bytes));
  add_size_option(command, "--max-store-bytes", options.max_store_bytes,
                  zero_or_to_bytes(bounds::store_bytes_min, bounds::store_bytes_max),
                  "How large the store may become; 0: as the disk allows")
      ->default_str("0");
  add_choice_option<ChunkIds>(
      command, "--chunk-ids", options.chunk_ids,
      {{"any", ChunkIds::any}, {"sha256", ChunkIds::sha256}},
      "Which chunk ids are taken. An id of 64 hexadecimal digits must be the\n"
      "SHA-256 of the chunk either way; sha256 refuses all others");
}

void add_garbage_options(CLI::App& command, ServeOptions& options) {
  add_duration_option(command, "--gc-interval", options.gc_interval, std::chrono::milliseconds{0},
                      "How often garbage is collected; 0s: only when told to by SIGUSR1");
  add_collection_rules(command, options.collection);
}

void add_running(CLI::App& command, ServeOptions& options) {
  add_count_option(command, "--threads", set_number(options.threads),
                   in_range(0, bounds::threads_max),
                   "Threads for connections; 0: one for each core")
      ->default_str("0");
  add_duration_option(command, "--passivate-after", options.passivate_after,
                      bounds::passivate_after_min,
                      "A user's actor without work for this long leaves the memory");
  add_count_option(command, "--max-live-users", set_number(options.max_live_users),
                   in_range(1, live_users_max),
                   "Users with an actor in memory, about 1.6 KB each; 503 beyond it")
      ->default_str(std::to_string(options.max_live_users));
  add_duration_option(command, "--drain-timeout", options.drain_timeout,
                      std::chrono::milliseconds{0},
                      "After SIGTERM, how long requests that have begun may take to end");
}

void add_log_options(CLI::App& command, ServeOptions& options) {
  add_choice_option<LogLevel>(command, "--log-level", options.log_level,
                              {{"debug", LogLevel::debug},
                               {"info", LogLevel::info},
                               {"warning", LogLevel::warning},
                               {"error", LogLevel::error}},
                              "The least that is logged, to standard error");
  add_choice_option<LogFormat>(
      command, "--log-format", options.log_format,
      {{"auto", LogFormat::automatic}, {"text", LogFormat::text}, {"json", LogFormat::json}},
      "auto: text on a terminal, else JSON lines");
}

}  // namespace

CLI::App* add_serve(CLI::App& app, ServeOptions& options) {
  CLI::App* serve = app.add_subcommand("serve", "Serve the sync protocol over HTTP");
  serve->footer(help_footer);
  serve->option_defaults()->group("Where");
  add_listen(*serve, options.listen);
  add_data_option(*serve, options.data,
                  "The directory that holds the store; made when it is not there");
  add_config_option(*serve, options.config, "A TOML file with options in its table [serve]");
  serve->option_defaults()->group("TLS");
  add_tls_options(*serve, options.tls);
  serve->option_defaults()->group("Who may ask");
  add_auth_options(*serve, options.auth);
  serve->option_defaults()->group("What is stored");
  add_store_options(*serve, options);
  serve->option_defaults()->group("Garbage");
  add_garbage_options(*serve, options);
  serve->option_defaults()->group("Limits");
  add_storage_limit_options(*serve, options.storage_limits);
  add_request_limits(*serve, options.limits);
  serve->option_defaults()->group("Running");
  add_running(*serve, options);
  serve->option_defaults()->group("Log");
  add_log_options(*serve, options);
  add_access_log_options(*serve, options.access_log);
  return serve;
}

std::string contradiction_in(const ServeOptions& options) {
  for (const auto& wrong : {contradiction_in(options.limits), contradiction_in(options.tls)}) {
    if (!wrong.empty()) return wrong;
  }
  if (options.max_chunk_bytes > options.limits.answers_bytes) {
    return "--max-answers-bytes must be at least --max-chunk-bytes, or no such chunk can be had";
  }
  return contradiction_in(options.auth);
}

}  // namespace mentat_sync
