// Reads CLI11's objects; how a value is called tells what it is.
#include "cli/command_tree.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace mentat_sync {
namespace {

std::string on_one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  const auto start = text.find_first_not_of(' ');
  return start == text.npos ? std::string{} : text.substr(start);
}

std::vector<std::string> flags_of(const CLI::Option& option) {
  std::vector<std::string> flags;
  for (const auto& name : option.get_snames()) flags.push_back("-" + name);
  for (const auto& name : option.get_lnames()) flags.push_back("--" + name);
  return flags;
}

ValueKind kind_of(const std::string& value) {
  if (value.empty()) return ValueKind::text;
  for (const auto* file : {"FILE", "PATH", "TARGET", "BACKUP"}) {
    if (value.starts_with(file)) return ValueKind::file;
  }
  if (value.starts_with("DIR")) return ValueKind::directory;
  return value.find('|') == value.npos ? ValueKind::text : ValueKind::choice;
}

OptionEntry describe(const CLI::Option& option) {
  OptionEntry entry;
  entry.flags = flags_of(option);
  entry.name = entry.is_argument() ? option.get_single_name() : entry.flags.back();
  const bool takes_value = option.get_items_expected_max() > 0;
  if (takes_value) {
    entry.value = option.get_type_name();
    entry.kind = kind_of(entry.value);
    if (entry.kind == ValueKind::choice) entry.choices = CLI::detail::split(entry.value, '|');
  }
  entry.description = on_one_line(option.get_description());
  entry.group = option.get_group();
  entry.default_value = option.get_default_str();
  entry.environment = option.get_envname();
  entry.required = option.get_required();
  entry.many = entry.is_argument() && option.get_items_expected_max() > 1;
  return entry;
}

}  // namespace

CommandEntry describe(const CLI::App& app) {
  CommandEntry entry{app.get_name(), on_one_line(app.get_description()), app.get_footer(), {}, {}};
  for (const auto* option : app.get_options()) entry.options.push_back(describe(*option));
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    entry.commands.push_back(describe(*command));
  }
  return entry;
}

}  // namespace mentat_sync
