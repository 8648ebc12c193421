// One line says which release it is; the others, how it was built.
#include "cli/version_command.hpp"

#include "cli/remote.hpp"
#include "storage/version.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>

namespace mentat_sync {

CLI::App* add_version(CLI::App& app, VersionOptions& options) {
  auto* command = app.add_subcommand("version", "Print the version, the commit and the build");
  command->add_flag("--json", options.json, "As one JSON object");
  return command;
}

int run_version(const VersionOptions& options) {
  const Version& known = version();
  if (options.json) {
    const nlohmann::ordered_json json{{"version", known.number},
                                      {"commit", known.commit},
                                      {"build_type", known.build_type},
                                      {"compiler", known.compiler}};
    std::cout << json.dump() << '\n';
  } else {
    std::cout << version_line() << "\nbuild:    " << known.build_type
              << "\ncompiler: " << known.compiler << '\n';
  }
  return finish_output();
}

std::string version_line() {
  const Version& known = version();
  std::string line = "mentat-sync " + std::string{known.number};
  if (!known.commit.empty()) line += " (" + std::string{known.commit} + ")";
  return line;
}

}  // namespace mentat_sync
