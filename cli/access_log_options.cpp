// See access_log_options.hpp.
#include "cli/access_log_options.hpp"

#include "cli/option_kinds.hpp"

namespace mentat_sync {

void add_access_log_options(CLI::App& command, AccessLogOptions& options) {
  const auto set = [&options](const CLI::results_t& results) {
    options.file = results.front();
    return true;
  };
  add_option(command, "--access-log", set,
             "A line for each request goes there; - is standard output.\n"
             "SIGHUP opens the file anew")
      ->type_name("FILE|-");
  add_choice_option<AccessLogFormat>(
      command, "--access-log-format", options.format,
      {{"json", AccessLogFormat::json}, {"combined", AccessLogFormat::combined}},
      "combined: as Apache and nginx have it, with the request's id at the end");
}

}  // namespace mentat_sync
