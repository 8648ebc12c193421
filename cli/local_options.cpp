// Checks the uuid while CLI11 parses, so that a mistake is told with the option's name.
#include "cli/local_options.hpp"

#include "cli/exit_codes.hpp"
#include "cli/option_kinds.hpp"

#include <iostream>

namespace mentat_sync {

CLI::Option* add_user_option(CLI::App& command, std::optional<UserId>& target,
                             const std::string& description) {
  const auto set = [&target](const CLI::results_t& results) {
    target = UserId::parse(results.front());
    return target.has_value();
  };
  const auto check = [](const std::string& text) -> std::string {
    if (UserId::parse(text)) return {};
    return "'" + text + "' is no uuid (8-4-4-4-12 hexadecimal digits)";
  };
  return add_option(command, "--user", set, description)
      ->check(CLI::Validator(check, ""))
      ->type_name("UUID")
      ->envname({})
      ->configurable(false);
}

void add_directory_options(CLI::App& command, std::filesystem::path& data, std::string& config,
                           const std::string& description) {
  add_data_option(command, data, description);
  add_config_option(command, config,
                    "The server's TOML file: what it says of the directory counts here too, "
                    "unless an option or a variable says otherwise");
}

int tell_failure(const std::string& message) {
  std::cerr << "mentat-sync: " << message << std::endl;
  return exit_codes::failure;
}

int tell_failure(const Status& status) {
  const int code = tell_failure(status.message());
  return status.code() == ErrorCode::corrupt ? exit_codes::damaged : code;
}

}  // namespace mentat_sync
