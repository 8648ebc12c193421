// Numbers by units.hpp; the sentences.
#include "cli/value_checks.hpp"

#include "cli/units.hpp"

#include <string>

namespace mentat_sync {

CLI::Validator is_count(std::uint64_t min, std::uint64_t max) {
  const auto check = [min, max](const std::string& text) -> std::string {
    const auto count = parse_count(text);
    if (count && *count >= min && *count <= max) return {};
    const auto least = std::to_string(min);
    return "'" + text + "' is no whole number " +
           (max >= count_max ? "of at least " + least
                             : "from " + least + " to " + std::to_string(max));
  };
  return {check, ""};
}

CLI::Validator to_bytes(std::uint64_t min, std::uint64_t max) {
  const auto convert = [min, max](std::string& text) -> std::string {
    const auto bytes = parse_size(text);
    if (!bytes) return "'" + text + "' is no size such as 65536, 64KiB or 16MiB";
    if (*bytes < min || *bytes > max) {
      return "'" + text + "' is not from " + to_human_size(min) + " to " + to_human_size(max);
    }
    text = std::to_string(*bytes);
    return {};
  };
  return {convert, ""};
}

}  // namespace mentat_sync
