// A place for stores and copies of them, and the program that takes care of them.
#pragma once

#include "support/server_process.hpp"
#include "support/sync_client.hpp"
#include "support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace mentat_sync {

class CareProgramTest : public ::testing::Test {
 protected:
  std::filesystem::path in(const std::string& name) const { return place_.path() / name; }

  ChildProcess::Options command(std::vector<std::string> arguments,
                                const std::filesystem::path& data = {}) const {
    if (!data.empty()) arguments.insert(arguments.end(), {"--data", data.string()});
    ChildProcess::Options options;
    options.command = program_command(std::move(arguments));
    return options;
  }

  Finished run(std::vector<std::string> arguments, const std::filesystem::path& data = {}) const {
    return run_to_end(command(std::move(arguments), data), std::chrono::seconds{120});
  }

  /// A server with some logs on a directory of the test's.
  void make_store(unsigned chunks = 20) const {
    ServerProcessOptions options;
    options.data = data();
    ServerProcess server{options};
    SyncClient client{server.port(), new_uuid()};
    for (unsigned i = 0; i < chunks; ++i) {
      client.put_chunk("c" + std::to_string(i), std::string(50'000, 'x'));
    }
    client.commit_transaction(root_id);
    server.terminate();
  }

  std::filesystem::path data() const { return in("data"); }

  std::set<std::string> files(const std::filesystem::path& where) const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator{where})
      names.insert(entry.path().filename());
    return names;
  }

  TemporaryDirectory place_;
};

}  // namespace mentat_sync
