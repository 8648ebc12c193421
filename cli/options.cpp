// The options of `serve`, by group, as CLI11 takes them.
#include "cli/options.hpp"

#include "cli/config_file.hpp"
#include "cli/exit_codes.hpp"
#include "cli/help.hpp"
#include "cli/units.hpp"

#include <CLI/CLI.hpp>

#include <locale>
#include <memory>
#include <sstream>
#include <utility>

namespace mentat_sync {
namespace {

constexpr auto help_footer = R"(
Every option can also be set by its environment variable, or by its name in the table [serve]
of the configuration file; a flag wins over the environment, and that over the file.)";

/// "--max-chunk-bytes" is MENTAT_SYNC_MAX_CHUNK_BYTES in the environment.
std::string environment_name(const std::string& flag) {
  std::string name = "MENTAT_SYNC_" + flag.substr(2);
  for (char& c : name) c = c == '-' ? '_' : std::toupper(c, std::locale::classic());
  return name;
}

/// One option. It may be repeated, so that a wrapper script can put defaults before its user's.
CLI::Option* add(CLI::App& command, const std::string& flag, CLI::callback_t set,
                 const std::string& description) {
  return command.add_option(flag, std::move(set), description)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->envname(environment_name(flag));
}

template <class T>
CLI::callback_t number(T& target) {
  return [&target](const CLI::results_t& results) {
    return CLI::detail::lexical_cast(results.front(), target);
  };
}

/// The words that an option takes, and what each means.
template <class T>
using Meanings = std::vector<std::pair<std::string, T>>;

template <class T>
CLI::Option* add_choice(CLI::App& command, const std::string& flag, T& target,
                        const Meanings<T>& meanings, const std::string& description) {
  const auto set = [&target, meanings](const CLI::results_t& results) {
    for (const auto& [word, meaning] : meanings) {
      if (word == results.front()) target = meaning;
    }
    return true;
  };
  std::vector<std::string> words;
  std::string default_word;
  for (const auto& [word, meaning] : meanings) {
    words.push_back(word);
    if (meaning == target) default_word = word;
  }
  const CLI::Validator known = CLI::IsMember(words);
  return add(command, flag, set, description)
      ->check(CLI::Validator(known).description(""))
      ->type_name(CLI::detail::join(words, "|"))
      ->default_str(default_word);
}

CLI::Validator in_range(std::uint64_t min, std::uint64_t max) {
  CLI::Validator validator = CLI::Range(min, max);
  return validator.description("");  // the error names the range; in the help it is in the way
}

CLI::Option* add_size(CLI::App& command, const std::string& flag, std::uint64_t& target,
                      const CLI::Validator& allowed, const std::string& description) {
  constexpr bool kb_is_1000 = false;
  CLI::Validator with_suffix = CLI::AsSizeValue(kb_is_1000);
  return add(command, flag, number(target), description)
      ->transform(with_suffix.description(""))
      ->check(allowed)
      ->type_name("SIZE");
}

CLI::Option* add_count(CLI::App& command, const std::string& flag, CLI::callback_t set,
                       const CLI::Validator& allowed, const std::string& description) {
  return add(command, flag, std::move(set), description)->check(allowed)->type_name("COUNT");
}

CLI::Option* add_duration(CLI::App& command, const std::string& flag,
                          std::chrono::milliseconds& target, std::chrono::milliseconds min,
                          const std::string& description) {
  const auto set = [&target](const CLI::results_t& results) {
    target = parse_duration(results.front()).value();
    return true;
  };
  const auto check = [min](const std::string& text) -> std::string {
    const auto duration = parse_duration(text);
    if (!duration) return "'" + text + "' is no duration such as 500ms, 60s, 5m or 1h";
    return *duration < min ? "must be at least " + std::to_string(min.count()) + "ms" : "";
  };
  return add(command, flag, set, description)
      ->check(CLI::Validator(check, ""))
      ->type_name("DURATION")
      ->default_str(std::to_string(target.count() / 1000) + "s");
}

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
  add(command, "--listen", set, "Where to listen; port 0 lets the system choose")
      ->check(CLI::Validator(check, ""))
      ->type_name("ADDR:PORT")
      ->default_str(target.to_string());
}

void add_data(CLI::App& command, std::filesystem::path& target) {
  const auto set = [&target](const CLI::results_t& results) {
    target = results.front();
    return true;
  };
  const auto check = [](const std::string& text) -> std::string {
    return text.empty() ? "needs the name of a directory" : "";
  };
  add(command, "--data", set, "The directory that holds the store; made when it is not there")
      ->check(CLI::Validator(check, ""))
      ->type_name("DIR")
      ->default_str(target.string());
}

void add_store_options(CLI::App& command, ServeOptions& options) {
  add_size(command, "--max-chunk-bytes", options.max_chunk_bytes,
           in_range(1, bounds::chunk_bytes_max), "The largest chunk that is taken")
      ->default_str(to_human_size(options.max_chunk_bytes));
  add_size(command, "--max-store-bytes", options.max_store_bytes,
           in_range(0, bounds::store_bytes_max),
           "How large the store may become; 0: as the disk allows")
      ->default_str("0");
  add_choice<ChunkIds>(command, "--chunk-ids", options.chunk_ids,
                       {{"any", ChunkIds::any}, {"sha256", ChunkIds::sha256}},
                       "Which chunk ids are taken. An id of 64 hexadecimal digits must be the\n"
                       "SHA-256 of the chunk either way; sha256 refuses all others");
}

void add_limits(CLI::App& command, ServeOptions& options) {
  add_count(command, "--threads", number(options.threads), in_range(0, bounds::threads_max),
            "Threads for connections; 0: one for each core")
      ->default_str("0");
  add_count(command, "--max-connections", number(options.max_connections),
            in_range(1, bounds::connections_max), "Connections at a time")
      ->default_str(std::to_string(options.max_connections));
  add_duration(command, "--passivate-after", options.passivate_after, bounds::passivate_after_min,
               "A user's actor without work for this long leaves the memory");
  add_duration(command, "--drain-timeout", options.drain_timeout, std::chrono::milliseconds{0},
               "After SIGTERM, how long requests that have begun may take to end");
}

void add_log_options(CLI::App& command, ServeOptions& options) {
  add_choice<LogLevel>(command, "--log-level", options.log_level,
                       {{"debug", LogLevel::debug},
                        {"info", LogLevel::info},
                        {"warning", LogLevel::warning},
                        {"error", LogLevel::error}},
                       "The least that is logged, to standard error");
  add_choice<LogFormat>(
      command, "--log-format", options.log_format,
      {{"auto", LogFormat::automatic}, {"text", LogFormat::text}, {"json", LogFormat::json}},
      "auto: text on a terminal, else JSON lines");
}

CLI::App* add_serve(CLI::App& app, ServeOptions& options, std::string& config_file) {
  CLI::App* serve = app.add_subcommand("serve", "Serve the sync protocol over HTTP");
  serve->footer(help_footer);
  serve->option_defaults()->group("Where");
  add_listen(*serve, options.listen);
  add_data(*serve, options.data);
  serve->add_option("--config", config_file, "A TOML file with options in its table [serve]")
      ->check(CLI::Validator(CLI::ExistingFile).description(""))
      ->type_name("FILE")
      ->configurable(false)
      ->envname("MENTAT_SYNC_CONFIG");
  serve->option_defaults()->group("What is stored");
  add_store_options(*serve, options);
  serve->option_defaults()->group("Limits");
  add_limits(*serve, options);
  serve->option_defaults()->group("Log");
  add_log_options(*serve, options);
  return serve;
}

Farewell farewell_for(const CLI::App& app, const CLI::ParseError& error) {
  std::ostringstream out;
  std::ostringstream err;
  if (app.exit(error, out, err) == 0) return {exit_codes::success, out.str(), {}};
  return {exit_codes::usage,
          {},
          std::string("mentat-sync: ") + error.what() +
              "\nRun 'mentat-sync serve --help' for the options and what they take.\n"};
}

}  // namespace

CommandLine parse_command_line(const std::vector<std::string>& arguments) {
  ServeOptions options;
  std::string config_file;
  CLI::App app{"A sync server for stores that keep a strictly ordered log.", "mentat-sync"};
  app.set_version_flag("--version", "mentat-sync " MENTAT_SYNC_VERSION);
  app.require_subcommand(1);
  app.formatter(std::make_shared<HelpFormatter>());
  CLI::App* serve = add_serve(app, options, config_file);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    if (!config_file.empty()) apply_config_file(config_file, "serve", *serve);
  } catch (const CLI::ParseError& error) {
    return farewell_for(app, error);
  } catch (const CLI::Error& error) {
    return Farewell{exit_codes::usage, {}, std::string("mentat-sync: ") + error.what() + "\n"};
  }
  return options;
}

}  // namespace mentat_sync
