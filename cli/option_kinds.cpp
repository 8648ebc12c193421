// See option_kinds.hpp.
#include "cli/option_kinds.hpp"

#include "cli/units.hpp"

#include <locale>
#include <system_error>

namespace mentat_sync {
namespace {

/// "--max-chunk-bytes" is MENTAT_SYNC_MAX_CHUNK_BYTES in the environment.
std::string environment_name(const std::string& flag) {
  std::string name = "MENTAT_SYNC_" + flag.substr(2);
  for (char& c : name) c = c == '-' ? '_' : std::toupper(c, std::locale::classic());
  return name;
}

/// In the largest unit that divides it.
std::string to_text(std::chrono::milliseconds duration) {
  const auto ms = duration.count();
  if (ms != 0 && ms % 3'600'000 == 0) return std::to_string(ms / 3'600'000) + "h";
  if (ms > 60'000 && ms % 60'000 == 0) return std::to_string(ms / 60'000) + "m";
  if (ms % 1000 == 0) return std::to_string(ms / 1000) + "s";
  return std::to_string(ms) + "ms";
}

/// A refusal that tells of the 0 too.
std::string with_zero(const std::string& refusal) {
  return refusal.empty() ? refusal : refusal + ", nor 0";
}

}  // namespace

CLI::Option* add_option(CLI::App& command, const std::string& flag, CLI::callback_t set,
                        const std::string& description) {
  return command.add_option(flag, std::move(set), description)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->envname(environment_name(flag));
}

CLI::Validator in_range(std::uint64_t min, std::uint64_t max) {
  return is_count(min, max);
}

CLI::Validator zero_or_in_range(std::uint64_t min, std::uint64_t max) {
  const auto check = [range = is_count(min, max)](const std::string& text) {
    return text == "0" ? std::string{} : with_zero(range(text));
  };
  return CLI::Validator{check, ""};
}

CLI::Validator zero_or_to_bytes(std::uint64_t min, std::uint64_t max) {
  const auto convert = [range = to_bytes(min, max)](std::string& text) {
    if (parse_size(text) != 0U) return with_zero(range(text));
    text = "0";
    return std::string{};
  };
  return {convert, ""};
}

CLI::Option* add_size_option(CLI::App& command, const std::string& flag, std::uint64_t& target,
                             const CLI::Validator& allowed, const std::string& description) {
  return add_option(command, flag, set_number(target), description)
      ->transform(allowed)
      ->type_name("SIZE");
}

CLI::Option* add_count_option(CLI::App& command, const std::string& flag, CLI::callback_t set,
                              const CLI::Validator& allowed, const std::string& description) {
  return add_option(command, flag, std::move(set), description)->check(allowed)->type_name("COUNT");
}

CLI::Option* add_duration_option(CLI::App& command, const std::string& flag,
                                 std::chrono::milliseconds& target, std::chrono::milliseconds min,
                                 const std::string& description) {
  const auto set = [&target](const CLI::results_t& results) {
    target = parse_duration(results.front()).value();
    return true;
  };
  const auto check = [min](const std::string& text) -> std::string {
    const auto duration = parse_duration(text);
    if (!duration) return "'" + text + "' is no duration such as 500ms, 60s, 5m, 1h or 7d";
    return *duration < min ? "'" + text + "' is not at least " + to_text(min) : "";
  };
  return add_option(command, flag, set, description)
      ->check(CLI::Validator(check, ""))
      ->type_name("DURATION")
      ->default_str(to_text(target));
}

CLI::Validator at_most(std::chrono::milliseconds max) {
  const auto check = [max](const std::string& text) -> std::string {
    const auto duration = parse_duration(text);
    return duration && *duration > max ? "'" + text + "' is more than " + to_text(max) : "";
  };
  return CLI::Validator{check, ""};
}

void add_collection_rules(CLI::App& command, CollectionRules& rules) {
  constexpr std::chrono::milliseconds zero{0};
  add_duration_option(command, "--gc-grace", rules.dead_grace, zero,
                      "How long a transaction stays that HEAD can no longer reach");
  add_duration_option(command, "--gc-abandoned-after", rules.abandoned_after, zero,
                      "How long a transaction stays that HEAD has not reached, though it could");
  add_duration_option(command, "--chunk-lease", rules.chunk_lease, zero,
                      "How long, at least, a chunk stays that no transaction names, after a client "
                      "was last told that it is there");
}

CLI::Option* add_data_option(CLI::App& command, std::filesystem::path& target,
                             const std::string& description) {
  const auto set = [&target](const CLI::results_t& results) {
    target = results.front();
    return true;
  };
  const auto check = [](const std::string& text) -> std::string {
    return text.empty() ? "needs the name of a directory" : "";
  };
  return add_option(command, "--data", set, description)
      ->check(CLI::Validator(check, ""))
      ->type_name("DIR")
      ->default_str(target.string());
}

CLI::Option* add_file_option(CLI::App& command, const std::string& flag,
                             std::filesystem::path& target, const std::string& description) {
  const auto set = [&target](const CLI::results_t& results) {
    target = results.front();
    return true;
  };
  const auto check = [](const std::string& text) -> std::string {
    return text.empty() ? "needs the name of a file" : "";
  };
  return add_option(command, flag, set, description)
      ->check(CLI::Validator(check, ""))
      ->type_name("FILE");
}

CLI::Option* add_config_option(CLI::App& command, std::string& target,
                               const std::string& description) {
  const auto set = [&target](const CLI::results_t& results) {
    target = results.front();
    return true;
  };
  const auto check = [](const std::string& file) -> std::string {
    std::error_code error;
    const auto kind = std::filesystem::status(file, error).type();
    if (kind == std::filesystem::file_type::not_found) return "there is no file '" + file + "'";
    if (kind == std::filesystem::file_type::directory) return "'" + file + "' is a directory";
    return error ? "'" + file + "': " + error.message() : "";
  };
  return add_option(command, "--config", set, description)
      ->check(CLI::Validator(check, ""))
      ->type_name("FILE")
      ->configurable(false);
}

}  // namespace mentat_sync
