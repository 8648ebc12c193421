// The program: reads the command line and runs what it asks for.
#include "cli/options.hpp"
#include "cli/serve.hpp"

#include <iostream>
#include <variant>

int main(int argc, char** argv) {
  using namespace mentat_sync;
  const CommandLine command = parse_command_line({argv + 1, argv + argc});
  if (const auto* options = std::get_if<ServeOptions>(&command)) return serve(*options);
  const auto& farewell = std::get<Farewell>(command);
  std::cout << farewell.out << std::flush;
  std::cerr << farewell.err << std::flush;
  return farewell.exit_code;
}
