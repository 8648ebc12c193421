// Kinds of options: sizes, counts, durations, words. Each checks what it is given, says what it
// would take, and has an environment variable MENTAT_SYNC_… of its flag's name.
//
// Thread-safety: reads the environment, so parse before threads start.
// Lifetime: the targets must live until the command line is parsed.
// Failures: what cannot be used is CLI11's ValidationError, a usage error.
#pragma once

#include "cli/units.hpp"
#include "cli/value_checks.hpp"
#include "storage/lmdb_store.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace mentat_sync {

/// One option. It may be repeated, so that a wrapper script can put defaults before its user's.
CLI::Option* add_option(CLI::App& command, const std::string& flag, CLI::callback_t set,
                        const std::string& description);

/// Of a number that in_range() or to_bytes() has let pass.
template <class T>
CLI::callback_t set_number(T& target) {
  return [&target](const CLI::results_t& results) {
    target = static_cast<T>(parse_count(results.front()).value());
    return true;
  };
}

CLI::Validator in_range(std::uint64_t min, std::uint64_t max);
/// 0 means something of its own.
CLI::Validator zero_or_in_range(std::uint64_t min, std::uint64_t max);

/// Bytes as to_bytes() takes them, of which 0 means something of its own.
CLI::Validator zero_or_to_bytes(std::uint64_t min, std::uint64_t max);

/// Bytes, also with a suffix: "64MiB", "1g". `allowed` makes them a number: to_bytes(), or with 0.
CLI::Option* add_size_option(CLI::App& command, const std::string& flag, std::uint64_t& target,
                             const CLI::Validator& allowed, const std::string& description);

CLI::Option* add_count_option(CLI::App& command, const std::string& flag, CLI::callback_t set,
                              const CLI::Validator& allowed, const std::string& description);

/// "500ms", "60s", "5m", "1h", "7d"; its default is what `target` holds.
CLI::Option* add_duration_option(CLI::App& command, const std::string& flag,
                                 std::chrono::milliseconds& target, std::chrono::milliseconds min,
                                 const std::string& description);

/// Of a duration.
CLI::Validator at_most(std::chrono::milliseconds max);

/// --gc-grace, --gc-abandoned-after, --chunk-lease.
void add_collection_rules(CLI::App& command, CollectionRules& rules);

/// --data DIR.
CLI::Option* add_data_option(CLI::App& command, std::filesystem::path& target,
                             const std::string& description);

/// A file that is read when its time comes.
CLI::Option* add_file_option(CLI::App& command, const std::string& flag,
                             std::filesystem::path& target, const std::string& description);

/// --config FILE (MENTAT_SYNC_CONFIG); whoever parses the command line applies the file.
CLI::Option* add_config_option(CLI::App& command, std::string& target,
                               const std::string& description);

/// The words that an option takes, and what each means.
template <class T>
using Meanings = std::vector<std::pair<std::string, T>>;

template <class T>
CLI::Option* add_choice_option(CLI::App& command, const std::string& flag, T& target,
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
  const auto check = [words](const std::string& text) -> std::string {
    if (std::find(words.begin(), words.end(), text) != words.end()) return {};
    return "'" + text + "' is none of " + CLI::detail::join(words, ", ");
  };
  return add_option(command, flag, set, description)
      ->check(CLI::Validator(check, ""))
      ->type_name(CLI::detail::join(words, "|"))
      ->default_str(default_word);
}

}  // namespace mentat_sync
