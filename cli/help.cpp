// What CLI11 puts beside an option's name goes below its description instead.
#include "cli/help.hpp"

#include <sstream>
#include <string_view>

namespace mentat_sync {
namespace {

constexpr std::size_t description_column = 28;
constexpr std::size_t line_columns = 100;
constexpr std::size_t description_columns = line_columns - description_column;

/// A line for as many words as there is room for; what is longer stays whole.
std::string wrapped(std::string_view line) {
  std::string text;
  while (line.size() > description_columns) {
    auto end = line.rfind(' ', description_columns);
    if (end == line.npos) end = line.find(' ');
    if (end == line.npos) break;
    text.append(line.substr(0, end)).append("\n");
    line.remove_prefix(end + 1);
  }
  return text.append(line);
}

std::string each_line_wrapped(const std::string& text) {
  std::string all;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    all += (all.empty() ? "" : "\n") + wrapped(line);
  }
  return all;
}

}  // namespace

HelpFormatter::HelpFormatter() {
  column_width(description_column);
}

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  const std::string type = option->get_type_name();
  return type.empty() ? type : " " + type;
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  std::string notes;
  const auto add = [&notes](const std::string& note) {
    notes += (notes.empty() ? "[" : ", ") + note;
  };
  if (option->get_required()) add("required");
  if (!option->get_default_str().empty()) add("default: " + option->get_default_str());
  if (!option->get_envname().empty()) add("environment: " + option->get_envname());
  const auto text = each_line_wrapped(option->get_description());
  return notes.empty() ? text : text + "\n" + wrapped(notes + "]");
}

std::string HelpFormatter::make_subcommand(const CLI::App* command) const {
  std::ostringstream out;
  CLI::detail::format_help(out, command->get_name(), each_line_wrapped(command->get_description()),
                           description_column);
  return out.str();
}

std::string list_of_commands(const CLI::App& app) {
  const HelpFormatter formatter;
  std::string list = "\n\nCommands:\n";
  const auto is_listed = [](const CLI::App* command) { return !command->get_group().empty(); };
  for (const auto* command : app.get_subcommands(is_listed)) {
    list += formatter.make_subcommand(command);
  }
  return list;
}

}  // namespace mentat_sync
