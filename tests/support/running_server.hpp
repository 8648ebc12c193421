// RunningServer: the fixture of the black-box tests: one server for a suite, a user of its own for
// each test, so that tests do not see each other.
//
// Thread-safety: as GoogleTest's fixtures; other threads make clients of their own.
// Ownership and lifetime: the server ends with the suite, by SIGTERM, and must then exit with 0.
#pragma once

#include "support/server_process.hpp"
#include "support/sync_client.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace mentat_sync {

class RunningServer : public testing::Test {
 protected:
  static void SetUpTestSuite() { start({}); }
  static void TearDownTestSuite();
  /// For suites with a server of other options, from their own SetUpTestSuite().
  static void start(ServerProcessOptions options);

  static ServerProcess& server() { return *server_; }
  static std::uint16_t port() { return server_->port(); }

  const std::string user = new_uuid();
  SyncClient client{port(), user};

 private:
  inline static std::unique_ptr<ServerProcess> server_;
};

/// Whether `response` has that status and is what every refusal must be: problem+json with a type,
/// title, status and detail, and none of the keys that tolstoy would take for success.
/// Source: RFC 9457.
testing::AssertionResult is_problem(const HttpResponse& response, unsigned status);

/// is_problem() with 409 or 412 and the current head, as for refused PUTs of head.
testing::AssertionResult is_head_refusal(const HttpResponse& response, unsigned status,
                                         std::string_view current_head);

/// A list header's members, sorted: "GET, PUT" is {"GET", "PUT"}.
std::vector<std::string> members(std::string_view list);

}  // namespace mentat_sync
