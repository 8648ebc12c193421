// CLI11 reads the file; which values count, and what is an error, is decided here.
#include "cli/config_file.hpp"

#include "storage/regular_file.hpp"

#include <CLI/CLI.hpp>

#include <set>
#include <sstream>

namespace mentat_sync {
namespace {

[[noreturn]] void refuse(const std::string& file, const std::string& what) {
  throw CLI::ConfigError(file + ": " + what);
}

/// Read here, for CLI11 would wait for whoever writes to a FIFO.
std::string text_of(const std::string& path) {
  auto file = RegularFile::open(path);
  if (!file) refuse(path, file.status().message());
  std::string text(static_cast<std::size_t>(file->status().st_size), '\0');
  const auto bytes = file->read(text.data(), text.size());
  if (!bytes) refuse(path, bytes.status().message());
  text.resize(*bytes);
  return text;
}

/// CLI11 marks where tables begin and end with items of these names.
bool is_mark(const CLI::ConfigItem& item) {
  return item.name == "++" || item.name == "--";
}

CLI::Option* option_of(const CLI::ConfigItem& item, CLI::App& command) {
  CLI::Option* const option = command.get_option_no_throw("--" + item.name);
  return option != nullptr && option->get_configurable() ? option : nullptr;
}

bool is_key_of(const CLI::ConfigItem& item, const CLI::App& owner) {
  const CLI::Option* const option = owner.get_option_no_throw("--" + item.name);
  return option != nullptr && option->get_configurable();
}

void check_value(const CLI::ConfigItem& item, const std::string& file) {
  if (item.inputs.size() != 1) refuse(file, "'" + item.fullname() + "' needs exactly one value");
  if (item.inputs.front().find_first_of("\"'\\") != std::string::npos) {
    refuse(file, "the value of '" + item.fullname() + "' must not hold quotes, '\\' or '#'");
  }
}

}  // namespace

void apply_config_file(const std::string& file, const std::string& table, CLI::App& command,
                       const CLI::App& owner) {
  std::set<std::string> seen;
  std::istringstream text{text_of(file)};
  for (const CLI::ConfigItem& item : CLI::ConfigTOML().from_config(text)) {
    if (is_mark(item)) continue;
    if (item.parents != std::vector{table} || !is_key_of(item, owner)) {
      refuse(file,
             "unknown key '" + item.fullname() + "' (keys stand in the table [" + table + "])");
    }
    check_value(item, file);
    if (!seen.insert(item.name).second) refuse(file, "'" + item.fullname() + "' is given twice");
    CLI::Option* const option = option_of(item, command);
    if (option == nullptr || option->count() != 0) continue;
    option->add_result(item.inputs.front());
    try {
      option->run_callback();
    } catch (const CLI::ParseError& wrong) {
      refuse(file, wrong.what());
    }
  }
}

}  // namespace mentat_sync
