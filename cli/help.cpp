// What CLI11 puts beside an option's name goes below its description instead.
#include "cli/help.hpp"

namespace mentat_sync {
namespace {

constexpr std::size_t description_column = 28;

}  // namespace

HelpFormatter::HelpFormatter() {
  column_width(description_column);
}

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  const std::string type = option->get_type_name();
  return type.empty() ? type : " " + type;
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  std::string text = option->get_description();
  if (option->get_envname().empty()) return text;
  text += "\n[";
  if (!option->get_default_str().empty()) text += "default: " + option->get_default_str() + ", ";
  return text + "environment: " + option->get_envname() + "]";
}

}  // namespace mentat_sync
