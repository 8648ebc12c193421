// Commands: the fixture of the tests of the commands that talk to a server: runs the program as a
// person does, against a server of this build, in a directory of its own.
//
// Thread-safety and lifetime: as RunningServer.
#pragma once

#include "support/running_server.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mentat_sync {

using Words = std::vector<std::string>;

class Commands : public RunningServer {
 protected:
  Finished run(Words arguments) { return run_as(user, std::move(arguments)); }
  Finished run_as(const std::string& other, Words arguments) {
    return run_to_end({.command = program_command(std::move(arguments)),
                       .environment = environment_of(other),
                       .working_directory = directory.path()});
  }
  /// By a shell; "$P" is the program.
  Finished run_shell(const std::string& script) {
    auto environment = environment_of(user);
    environment.emplace_back("P", program_command({}).front());
    return run_to_end({.command = {"/bin/sh", "-c", script},
                       .environment = std::move(environment),
                       .working_directory = directory.path()});
  }
  static std::vector<std::pair<std::string, std::string>> environment_of(const std::string& other) {
    return {{"MENTAT_SYNC_SERVER", "http://127.0.0.1:" + std::to_string(port())},
            {"MENTAT_SYNC_USER", other}};
  }

  /// Its name.
  std::string file(const std::string& name, std::string_view bytes) {
    std::ofstream(directory.path() / name, std::ios::binary) << bytes;
    return name;
  }
  std::string content(const std::string& name) {
    std::ifstream stream(directory.path() / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  Words files() {
    Words names;
    for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
      names.push_back(entry.path().filename().string());
    }
    return names;
  }
  /// The new HEAD.
  std::string push(const std::string& bytes) {
    const auto pushed = run({"push", file("content", bytes)});
    EXPECT_EQ(pushed.status.code, 0) << pushed.err;
    return pushed.out.substr(0, pushed.out.find(' '));
  }

  TemporaryDirectory directory;
};

inline Words lines(const std::string& text) {
  Words all;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) all.push_back(line);
  return all;
}

}  // namespace mentat_sync
