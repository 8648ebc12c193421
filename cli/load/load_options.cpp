// The options, each checked by itself while CLI11 parses; load_contradictions.cpp has what they say
// together. None has a variable of its own: a server's environment must not change what is
// measured.
#include "cli/load/load_options.hpp"

#include "cli/option_kinds.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <charconv>
#include <cstdio>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>

namespace mentat_sync {
namespace {

using std::chrono::milliseconds;

// More than one machine can do; what is beyond it is a slip of the pen.
constexpr std::uint64_t users_max = 1'000'000;
constexpr std::uint64_t devices_max = 1'000;
/// What one address has ports for, towards one server.
constexpr std::uint64_t connections_max = 60'000;
constexpr std::uint64_t threads_max = 256;
constexpr std::uint64_t transactions_max = 10'000;
constexpr std::uint64_t chunks_max = 1'000;
constexpr std::uint64_t processor_max = 1'023;
constexpr double rate_max = 10'000'000;
/// Whole seconds are told.
constexpr milliseconds duration_min{1'000};
constexpr milliseconds duration_max = std::chrono::hours{24 * 7};
constexpr milliseconds ramp_max = std::chrono::hours{1};
constexpr milliseconds timeout_min{1};
constexpr milliseconds timeout_max = std::chrono::hours{1};

/// Digits and a point: no sign, no exponent.
std::optional<double> parse_decimal(std::string_view text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  const bool has_digit = !text.empty() && text.front() >= '0' && text.front() <= '9';
  if (!has_digit || error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

std::string short_number(double number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.15g", number);
  return text.data();
}

/// Above 0 (`zero` allows that too) and up to `max`.
CLI::Validator is_decimal(double max, bool zero) {
  const auto check = [max, zero](const std::string& text) -> std::string {
    const auto number = parse_decimal(text);
    if (number && *number <= max && (*number > 0 || zero)) return {};
    return "'" + text + "' is no number " + (zero ? "from 0 to " : "above 0 and up to ") +
           short_number(max) + ", such as 2.5";
  };
  return {check, ""};
}

CLI::Option* without_variable(CLI::Option* option) {
  return option->envname("");
}

template <class T>
void add_count(CLI::App& command, const std::string& flag, T& target, std::uint64_t min,
               std::uint64_t max, const std::string& description) {
  without_variable(
      add_count_option(command, flag, set_number(target), in_range(min, max), description))
      ->default_str(std::to_string(target));
}

void add_duration(CLI::App& command, const std::string& flag, milliseconds& target,
                  milliseconds min, milliseconds max, const std::string& description) {
  without_variable(add_duration_option(command, flag, target, min, description))
      ->check(at_most(max));
}

/// Something with T::parse() and to_string().
template <class T>
void add_parsed(CLI::App& command, const std::string& flag, T& target, const std::string& type,
                const std::string& description) {
  const auto set = [&target](const CLI::results_t& results) {
    target = T::parse(results.front()).value();
    return true;
  };
  const auto check = [](const std::string& text) {
    const auto parsed = T::parse(text);
    return parsed.ok() ? std::string{} : parsed.status().message();
  };
  without_variable(add_option(command, flag, set, description))
      ->check(CLI::Validator(check, ""))
      ->type_name(type)
      ->default_str(target.to_string());
}

void add_percent(CLI::App& command, const std::string& flag, double& target,
                 const std::string& description) {
  const auto set = [&target](const CLI::results_t& results) {
    target = *parse_decimal(results.front());
    return true;
  };
  without_variable(add_option(command, flag, set, description))
      ->check(is_decimal(100, true))
      ->type_name("PERCENT")
      ->default_str(short_number(target));
}

/// So that an hour's run does not end with a file that cannot be written.
void add_written_file(CLI::App& command, const std::string& flag, std::filesystem::path& target,
                      const std::string& description) {
  const auto check = [](const std::string& file) -> std::string {
    const auto directory = std::filesystem::path{file}.parent_path();
    std::error_code error;
    if (std::filesystem::is_directory(file, error)) return "'" + file + "' is a directory";
    if (directory.empty() || std::filesystem::is_directory(directory, error)) return {};
    return "there is no directory '" + directory.string() + "'";
  };
  without_variable(add_file_option(command, flag, target, description))
      ->check(CLI::Validator(check, ""));
}

void add_against(CLI::App& command, LoadOptions& options) {
  const auto set = [&options](const CLI::results_t& results) {
    options.against = ServerUrl::parse(results.front()).value();
    return true;
  };
  const auto check = [](const std::string& text) {
    const auto url = ServerUrl::parse(text);
    return url.ok() ? std::string{} : url.status().message();
  };
  without_variable(
      add_option(command, "--against", set,
                 "The server; the logs of users, whose uuids follow from --seed, stay there"))
      ->check(CLI::Validator(check, ""))
      ->type_name("URL");
  command.add_flag("--spawn", options.spawn,
                   "Start a server of this program's own, with a temporary store, and end it "
                   "afterwards");
}

void add_serve_options(CLI::App& command, LoadOptions& options) {
  command
      .add_option("--serve-arg", options.serve_arguments,
                  "With --spawn: an argument of its serve, as in --serve-arg=--threads=1; any "
                  "number of times. --listen, --data, --log-level and --log-format are this "
                  "command's own to say")
      ->allow_extra_args(false)
      ->type_name("ARG");
  const auto set = [&options](const CLI::results_t& results) {
    options.serve_cpu = static_cast<unsigned>(parse_count(results.front()).value());
    return true;
  };
  without_variable(add_count_option(command, "--serve-cpu", set, in_range(0, processor_max),
                                    "With --spawn: the processor that it runs on, counted from 0; "
                                    "run this with taskset on another one"))
      ->type_name("NUMBER");
  const auto set_directory = [&options](const CLI::results_t& results) {
    options.spawn_directory = results.front();
    return true;
  };
  const auto check = [](const std::string& text) -> std::string {
    std::error_code error;
    return std::filesystem::is_directory(text, error) ? "" : "there is no directory '" + text + "'";
  };
  without_variable(add_option(command, "--spawn-dir", set_directory,
                              "With --spawn: where its temporary store is made; not in memory, "
                              "or durable writes cost nothing"))
      ->check(CLI::Validator(check, ""))
      ->type_name("DIR");
}

void add_amounts(CLI::App& command, LoadOptions& options) {
  add_count(command, "--users", options.users, 1, users_max, "Users, each with a log of its own");
  add_count(command, "--devices", options.devices, 1, devices_max,
            "Devices of a user that are at work at once, at most");
  add_count(command, "--connections", options.connections, 1, connections_max,
            "Connections; on each of them one device after another is at work");
  add_count(command, "--threads", options.threads, 1, threads_max,
            "Threads of this tool, each with its part of the users and connections");
  add_duration(command, "--duration", options.duration, duration_min, duration_max,
               "How long it is measured");
  add_duration(command, "--ramp", options.ramp, milliseconds{0}, ramp_max,
               "Before that: connections begin spread over so long, unmeasured");
  const auto set = [&options](const CLI::results_t& results) {
    options.rate = parse_decimal(results.front());
    return true;
  };
  without_variable(add_option(command, "--rate", set,
                              "Iterations of scenarios a second, due at fixed times whatever the "
                              "server does (open loop); without it each device goes as fast as "
                              "it can (closed loop)"))
      ->check(is_decimal(rate_max, false))
      ->type_name("NUMBER");
}

void add_work(CLI::App& command, LoadOptions& options) {
  add_parsed(command, "--mix", options.mix, "MIX",
             "What devices do, as in sync=60,read=30,watch=10, by which the connections are "
             "divided: sync, bootstrap, read, write, race, watch, log");
  add_parsed(command, "--chunk-sizes", options.chunk_sizes, "SIZES",
             "Of the chunks: 100, or a range as 1KiB-64KiB, or several with weights as "
             "100:90,64KiB-1MiB:10");
  add_count(command, "--transactions", options.transactions, 1, transactions_max,
            "Transactions that an iteration of log pushes");
  add_count(command, "--chunks", options.chunks, 1, chunks_max, "Chunks in each transaction");
  add_percent(command, "--abandon", options.abandon_percent,
              "Of a hundred iterations that write: how many are left half done");
  add_percent(command, "--delete", options.delete_percent,
              "Of a hundred iterations that write: how many delete the user");
  add_duration(command, "--timeout", options.timeout, timeout_min, timeout_max,
               "An answer that takes longer is an error");
  add_count(command, "--seed", options.seed, 0, std::numeric_limits<std::uint64_t>::max(),
            "What users, sizes and choices follow from");
}

void add_results(CLI::App& command, LoadOptions& options) {
  command.add_flag_callback(
      "--no-verify", [&options] { options.verify = false; },
      "Do not read every user's log again in the end");
  add_written_file(command, "--json", options.json, "Write all of it to this file, as JSON");
  add_written_file(command, "--report", options.report,
                   "Write it to this file as a page of HTML, with plots");
}

}  // namespace

CLI::App* add_load(CLI::App& app, LoadOptions& options) {
  auto* command = app.add_subcommand(
      "load", "Put load on a server: measure it, and check that it lost nothing");
  command->footer(
      "\nExits with 4 when the server lost or mixed up what it had acknowledged, and with 1 when\n"
      "nothing succeeded at all. The first Ctrl-C ends what is prepared or measured, and all is\n"
      "told; the second one ends everything.");
  command->option_defaults()->group("Which server (one of --against and --spawn)");
  add_against(*command, options);
  add_serve_options(*command, options);
  command->option_defaults()->group("How much");
  add_amounts(*command, options);
  command->option_defaults()->group("What is done");
  add_work(*command, options);
  command->option_defaults()->group("What comes of it");
  add_results(*command, options);
  command->option_defaults()->group("Access");
  add_access_options(*command, options.access);
  command->option_defaults()->group("Options");
  command->final_callback([&options] {
    const std::string wrong = contradiction_in(options);
    if (!wrong.empty()) throw CLI::ValidationError{wrong};
  });
  return command;
}

}  // namespace mentat_sync
