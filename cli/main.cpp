// The program: reads the command line and runs what it asks for.
#include "cli/command_line.hpp"
#include "cli/serve.hpp"

#include <iostream>
#include <variant>

int main(int argc, char** argv) {
  using namespace mentat_sync;
  const CommandLine command_line = parse_command_line({argv + 1, argv + argc});
  if (const auto* options = std::get_if<ServeOptions>(&command_line)) return serve(*options);
  if (const auto* command = std::get_if<CommandRun>(&command_line)) return command->run();
  const auto& farewell = std::get<Farewell>(command_line);
  std::cout << farewell.out << std::flush;
  std::cerr << farewell.err << std::flush;
  return farewell.exit_code;
}
