// Black-box: who may ask: tokens made by the program itself, JWTs, and pages of other origins.
#include "support/response_stream.hpp"
#include "support/running_server.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <thread>

namespace mentat_sync {
namespace {

using ::testing::HasSubstr;

HttpHeaders bearer(const std::string& token) {
  return {{"Authorization", "Bearer " + token}};
}

std::string type_of(const HttpResponse& response) {
  EXPECT_TRUE(is_problem(response, response.status));
  const auto type = response.json().value("type", "");
  return type.substr(type.rfind(':') + 1);
}

class Access : public RunningServer {
 protected:
  static void SetUpTestSuite() {
    directory_ = std::make_unique<TemporaryDirectory>();
    run({"add", "--all-users", "--scope", "admin"});  // so that there is a file
    start({.data = {},
           .arguments = {"--auth", "token", "--token-file", file(), "--cors-origin",
                         "https://app.example", "--event-heartbeat", "200ms"},
           .environment = {}});
  }
  static void TearDownTestSuite() {
    RunningServer::TearDownTestSuite();
    directory_.reset();
  }

  static std::string file() { return directory_->path() / "tokens"; }

  /// `mentat-sync token …`: what it prints, without the end of the line.
  static std::string run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "token");
    arguments.insert(arguments.end(), {"--token-file", file()});
    const auto finished = run_to_end(
        {.command = program_command(arguments), .environment = {}, .working_directory = {}});
    EXPECT_EQ(finished.status.code, 0) << finished.err;
    return finished.out.substr(0, finished.out.find('\n'));
  }

  /// A token that the server knows by now.
  std::string token(const std::string& scopes, const std::string& target = "/head") {
    const auto made = run({"add", "--user", user, "--scope", scopes});
    EXPECT_NE(await_other_than(401, made, target), 401U);
    return made;
  }

  /// Asks until the answer is another one than `status`: the server reads the file once a second.
  unsigned await_other_than(unsigned status, const std::string& made, const std::string& target) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    for (;;) {
      const auto now = client.get(target, bearer(made)).status;
      if (now != status || std::chrono::steady_clock::now() > deadline) return now;
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
  }

 private:
  inline static std::unique_ptr<TemporaryDirectory> directory_;
};

TEST_F(Access, IsRefusedWithoutAToken) {
  for (const auto& response :
       {client.get("/head"), client.get(""), client.get_chunk("a"), client.get("/events"),
        client.request("DELETE", ""), client.put_chunk("a", "x"),
        one_shot(port(), {.target = "/metrics"})}) {
    EXPECT_EQ(response.status, 401U);
    EXPECT_EQ(type_of(response), "credentials-required");
    EXPECT_EQ(response.header("WWW-Authenticate"), "Bearer realm=\"mentat-sync\"");
    EXPECT_EQ(response.header("Cache-Control"), "no-store");
  }
}

TEST_F(Access, IsNotNeededToSeeWhetherItLives) {
  for (const char* target :
       {"/", "/__lbheartbeat__", "/__heartbeat__", "/__version__", "/__limits__"}) {
    EXPECT_EQ(one_shot(port(), {.target = target}).status, 200U) << target;
  }
}

TEST_F(Access, IsGivenToTheUserOfTheToken) {
  const auto mine = token("read,write");
  EXPECT_EQ(client.put("/chunks/a", "x", bearer(mine)).status, 201U);
  EXPECT_EQ(client.get("/chunks/a", bearer(mine)).body, "x");
  SyncClient other{port(), new_uuid()};
  const auto refused = other.get("/head", bearer(mine));
  EXPECT_EQ(refused.status, 403U);
  EXPECT_EQ(type_of(refused), "other-user");
}

TEST_F(Access, IsGivenForTheScopesOfTheToken) {
  const auto reading = token("read");
  EXPECT_EQ(client.get("/head", bearer(reading)).status, 200U);
  const auto refused = client.put("/chunks/a", "x", bearer(reading));
  EXPECT_EQ(refused.status, 403U);
  EXPECT_EQ(type_of(refused), "insufficient-scope");
  EXPECT_THAT(refused.header("WWW-Authenticate"), HasSubstr("scope=\"write\""));
  const auto missing = client.request("POST", "/missing", "{\"chunks\":[]}", bearer(reading));
  EXPECT_EQ(missing.status, 403U) << "it renews leases";
}

TEST_F(Access, EndsWhenTheTokenIsRevoked) {
  const auto mine = token("read");
  run({"revoke", mine.substr(4, 12)});
  EXPECT_EQ(await_other_than(200, mine, "/head"), 401U);
  EXPECT_EQ(type_of(client.get("/head", bearer(mine))), "credentials-refused");
}

TEST_F(Access, EndsForAnEventStreamWithItsToken) {
  const auto mine = token("read");
  ResponseStream stream{port(), {.target = client.target("/events"), .headers = bearer(mine)}};
  ASSERT_EQ(stream.header().status, 200U);
  EXPECT_TRUE(stream.read());
  run({"revoke", mine.substr(4, 12)});
  stream.read_to_end();  // heartbeats, until the server has read the file
  EXPECT_TRUE(stream.whole());
}

TEST_F(Access, IsRefusedBeforeTheBodyIsRead) {
  HttpConnection connection{port()};
  ASSERT_TRUE(connection.send("PUT " + client.target("/chunks/a") +
                              " HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
                              "Expect: 100-continue\r\n\r\n"));
  EXPECT_EQ(connection.receive_any().status, 401U) << "and no 100";
}

TEST_F(Access, IsRefusedForTwoHeaders) {
  const auto mine = token("read");
  auto headers = bearer(mine);
  headers.push_back(headers.front());
  const auto refused = client.get("/head", headers);
  EXPECT_EQ(refused.status, 400U);
  EXPECT_EQ(type_of(refused), "malformed-credentials");
}

TEST_F(Access, IsNotGivenForATokenInTheQuery) {
  const auto mine = token("read");
  EXPECT_EQ(client.get("/head?access_token=" + mine).status, 401U);
}

TEST_F(Access, OfPagesIsToldWithoutAToken) {
  const auto preflight = client.request("OPTIONS", "/head", "",
                                        {{"Origin", "https://app.example"},
                                         {"Access-Control-Request-Method", "PUT"},
                                         {"Access-Control-Request-Headers", "authorization"}});
  EXPECT_EQ(preflight.status, 204U);
  EXPECT_EQ(preflight.header("Access-Control-Allow-Origin"), "https://app.example");
  EXPECT_THAT(preflight.header("Access-Control-Allow-Headers"), HasSubstr("Authorization"));
  EXPECT_THAT(preflight.header("Access-Control-Allow-Methods"), HasSubstr("PUT"));
}

TEST_F(Access, RefusalsAreShownToPagesToo) {
  const auto refused = client.get("/head", {{"Origin", "https://app.example"}});
  EXPECT_EQ(refused.status, 401U);
  EXPECT_EQ(refused.header("Access-Control-Allow-Origin"), "https://app.example");
  const auto too_large = client.put(
      "/chunks/a", std::string(5'000'000, 'x'),
      {{"Origin", "https://app.example"}, {"Authorization", "Bearer " + token("write")}});
  EXPECT_EQ(too_large.status, 413U);
  EXPECT_EQ(too_large.header("Access-Control-Allow-Origin"), "https://app.example");
  const auto other = client.get("/head", {{"Origin", "https://other.example"}});
  EXPECT_FALSE(other.has("Access-Control-Allow-Origin"));
}

/// Signed with the secret below by another program: for the audience "sync", until 2100 and 2020.
const std::string jwt_secret = "a secret of at least 32 bytes, as HS256 wants it";
const std::string jwt_user = "0a11ce00-0000-4000-8000-00000000000a";
const std::string jwt =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwYTExY2UwMC0wMDAwLTQwMDAtODAwMC0"
    "wMDAwMDAwMDAwMGEiLCJhdWQiOiJzeW5jIiwiZXhwIjo0MTAyNDQ0ODAwfQ.xNUSvo2QtVemVOfWFUJq"
    "7m85awAxeElnvPxP5TeYuZ0";
const std::string expired_jwt =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIwYTExY2UwMC0wMDAwLTQwMDAtODAwMC0"
    "wMDAwMDAwMDAwMGEiLCJhdWQiOiJzeW5jIiwiZXhwIjoxNjAwMDAwMDAwfQ.5Qu_s01yhgwfGiKgucYg"
    "OdtlyBGONTA_eGtvxEokrew";

class JwtAccess : public RunningServer {
 protected:
  static void SetUpTestSuite() {
    directory_ = std::make_unique<TemporaryDirectory>();
    const auto file = directory_->path() / "secret";
    std::ofstream(file) << jwt_secret << '\n';
    std::filesystem::permissions(file, std::filesystem::perms::owner_read);
    start({.data = {},
           .arguments = {"--auth", "jwt", "--jwt-secret-file", file, "--jwt-audience", "sync"},
           .environment = {}});
  }
  static void TearDownTestSuite() {
    RunningServer::TearDownTestSuite();
    directory_.reset();
  }

 private:
  inline static std::unique_ptr<TemporaryDirectory> directory_;
};

TEST_F(JwtAccess, IsGivenToTheSubject) {
  SyncClient subject{port(), jwt_user};
  EXPECT_EQ(subject.put("/chunks/a", "x", bearer(jwt)).status, 201U);
  EXPECT_EQ(subject.get("/chunks/a", bearer(jwt)).body, "x");
  EXPECT_EQ(client.get("/head", bearer(jwt)).status, 403U);
  EXPECT_EQ(one_shot(port(), {.target = "/metrics", .headers = bearer(jwt)}).status, 403U);
}

TEST_F(JwtAccess, IsRefusedForWhatIsNoGoodToken) {
  SyncClient subject{port(), jwt_user};
  EXPECT_EQ(subject.get("/head").status, 401U);
  const auto refused = subject.get("/head", bearer(expired_jwt));
  EXPECT_EQ(refused.status, 401U);
  EXPECT_THAT(refused.header("WWW-Authenticate"), HasSubstr("expired"));
  EXPECT_EQ(subject.get("/head", bearer(jwt + "x")).status, 401U);
  EXPECT_EQ(subject.get("/head", bearer(std::string(9000, 'x'))).status, 400U);
}

}  // namespace
}  // namespace mentat_sync
