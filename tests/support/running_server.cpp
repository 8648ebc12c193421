// The black-box tests' fixture, and what they expect of every refusal.
#include "support/running_server.hpp"

#include <algorithm>
#include <sstream>

namespace mentat_sync {
namespace {

testing::AssertionResult failure(const HttpResponse& response, const std::string& why) {
  return testing::AssertionFailure()
         << why << " in " << response.status << " " << response.body.substr(0, 500);
}

bool has_text(const nlohmann::json& object, const char* key) {
  return object.contains(key) && object[key].is_string() && !object[key].get<std::string>().empty();
}

}  // namespace

void RunningServer::start(ServerProcessOptions options) {
  server_ = std::make_unique<ServerProcess>(std::move(options));
}

void RunningServer::TearDownTestSuite() {
  if (!server_) return;
  EXPECT_TRUE(server_->process().running()) << "the server died:\n" << server_->process().err();
  const auto status = server_->terminate();
  const ExitStatus clean_exit{.code = 0, .signal = {}};
  EXPECT_EQ(status, clean_exit) << "after SIGTERM:\n" << server_->process().err();
  server_.reset();
}

testing::AssertionResult is_problem(const HttpResponse& response, unsigned status) {
  if (response.status != status) {
    return failure(response, "expected " + std::to_string(status));
  }
  if (response.header("Content-Type") != "application/problem+json") {
    return failure(response, "Content-Type '" + response.header("Content-Type") + "'");
  }
  const nlohmann::json body = response.json();
  if (!body.is_object()) return failure(response, "no JSON object");
  for (const char* key : {"type", "title", "detail"})
    if (!has_text(body, key)) return failure(response, std::string{"no "} + key);
  if (!body.contains("status") || body["status"] != status) return failure(response, "no status");
  for (const char* key : {"head", "transactions", "chunks"})
    if (body.contains(key)) return failure(response, std::string{"a top-level "} + key);
  return testing::AssertionSuccess();
}

testing::AssertionResult is_head_refusal(const HttpResponse& response, unsigned status,
                                         std::string_view current_head) {
  auto problem = is_problem(response, status);
  if (!problem) return problem;
  if (response.json().value("current_head", "") != current_head) {
    return failure(response, "current_head is not " + std::string{current_head});
  }
  return testing::AssertionSuccess();
}

std::vector<std::string> members(std::string_view list) {
  std::vector<std::string> found;
  std::istringstream stream{std::string{list}};
  for (std::string member; std::getline(stream, member, ',');) {
    member.erase(0, member.find_first_not_of(' '));
    member.erase(member.find_last_not_of(' ') + 1);
    found.push_back(member);
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace mentat_sync
