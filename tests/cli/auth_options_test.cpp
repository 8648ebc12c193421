// The options of who may ask, and those that do not go together.
#include "cli/auth_options.hpp"

#include "cli/command_line.hpp"
#include "cli/environment_variable.hpp"
#include "cli/exit_codes.hpp"
#include "http/message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mentat_sync {
namespace {

using ::testing::HasSubstr;
using Arguments = std::vector<std::string>;

AuthOptions parse(Arguments arguments) {
  arguments.insert(arguments.begin(), "serve");
  const auto command = parse_command_line(arguments);
  const auto* farewell = std::get_if<Farewell>(&command);
  EXPECT_EQ(farewell, nullptr) << farewell->err;
  return farewell == nullptr ? std::get<ServeOptions>(command).auth : AuthOptions{};
}

std::string mistake(const Arguments& arguments) {
  const auto command = parse_command_line(arguments);
  const auto* farewell = std::get_if<Farewell>(&command);
  if (farewell == nullptr) return "was accepted";
  EXPECT_EQ(farewell->exit_code, exit_codes::usage);
  return farewell->err;
}

bool allows(const CorsPolicy& policy, const std::string& origin) {
  RequestHeader header;
  header.set(beast_http::field::origin, origin);
  return policy.answer_headers(header).find("Access-Control-Allow-Origin") != std::string::npos;
}

TEST(AuthOptionsTest, AreNoneByDefault) {
  const auto options = parse({});
  EXPECT_EQ(options.kind, AuthKind::none);
  EXPECT_FALSE(allows(options.cors, "https://a.example"));
}

TEST(AuthOptionsTest, AreReadFromFlags) {
  const auto tokens = parse({"--auth", "token", "--token-file", "f"});
  EXPECT_EQ(tokens.kind, AuthKind::token);
  EXPECT_EQ(tokens.token_file, "f");
  const auto jwt =
      parse({"--auth", "jwt", "--jwt-jwks-file", "k", "--jwt-audience", "a", "--jwt-issuer", "i"});
  EXPECT_EQ(jwt.kind, AuthKind::jwt);
  EXPECT_EQ(jwt.jwt_jwks_file, "k");
  EXPECT_EQ(parse({"--auth", "jwt", "--jwt-secret-file", "s"}).jwt_secret_file, "s");
  EXPECT_EQ(jwt.jwt_audience, "a");
  EXPECT_EQ(jwt.jwt_issuer, "i");
}

TEST(AuthOptionsTest, TakeOriginsOneByOneOrAsAList) {
  const auto one_by_one =
      parse({"--cors-origin", "https://a.example", "--cors-origin", "https://b.example"});
  const EnvironmentVariable list{"MENTAT_SYNC_CORS_ORIGIN", "https://a.example,https://b.example"};
  for (const auto& options : {one_by_one, parse({})}) {
    EXPECT_TRUE(allows(options.cors, "https://a.example"));
    EXPECT_TRUE(allows(options.cors, "https://b.example"));
    EXPECT_FALSE(allows(options.cors, "https://c.example"));
  }
  EXPECT_THAT(mistake({"serve", "--cors-origin", "a.example"}), HasSubstr("is no origin"));
}

TEST(AuthOptionsTest, ThatDoNotGoTogetherAreMistakes) {
  EXPECT_THAT(mistake({"serve", "--auth", "token"}), HasSubstr("needs --token-file"));
  EXPECT_THAT(mistake({"serve", "--token-file", "f"}), HasSubstr("no effect"));
  EXPECT_THAT(mistake({"serve", "--auth", "jwt"}), HasSubstr("needs one of"));
  EXPECT_THAT(mistake({"serve", "--auth", "jwt", "--jwt-key-file", "k", "--jwt-jwks-file", "j"}),
              HasSubstr("needs one of"));
  EXPECT_THAT(mistake({"serve", "--auth", "jwt", "--jwt-key-file", "k", "--jwt-secret-file", "s"}),
              HasSubstr("needs one of"));
  EXPECT_THAT(mistake({"serve", "--jwt-secret-file", "s"}), HasSubstr("no effect"));
  EXPECT_THAT(mistake({"serve", "--jwt-audience", "a"}), HasSubstr("no effect"));
  EXPECT_THAT(mistake({"serve", "--auth", "jwt", "--jwt-key-file", "k", "--token-file", "f"}),
              HasSubstr("no effect"));
  EXPECT_THAT(mistake({"serve", "--auth", "basic"}), HasSubstr("none, token, jwt"));
}

TEST(TokenCommandTest, TellsMistakesByTheInnermostCommand) {
  EXPECT_THAT(mistake({"token"}), HasSubstr("which command?"));
  EXPECT_THAT(mistake({"token"}), HasSubstr("revoke"));
  EXPECT_THAT(mistake({"token", "add"}), HasSubstr("token add needs --token-file FILE"));
  EXPECT_THAT(mistake({"token", "add"}), HasSubstr("'mentat-sync token add --help'"));
  EXPECT_THAT(mistake({"token", "revoke", "--token-file", "f"}), HasSubstr("needs ID"));
  EXPECT_THAT(mistake({"token", "list", "--token-file", "f", "--user", "x"}),
              HasSubstr("token list has no option '--user'"));
}

TEST(TokenCommandTest, ChecksWhatATokenIsToBeGoodFor) {
  const auto add = [](Arguments more) {
    Arguments arguments{"token", "add", "--token-file", "f"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return mistake(arguments);
  };
  EXPECT_THAT(add({"--user", "alice"}), HasSubstr("no uuid"));
  EXPECT_THAT(add({"--all-users", "--scope", "fly"}), HasSubstr("read, write and admin"));
  EXPECT_THAT(add({"--all-users", "--scope", ""}), HasSubstr("read, write and admin"));
  EXPECT_THAT(add({"--all-users", "--expires", "soon"}), HasSubstr("no duration"));
  EXPECT_THAT(add({"--all-users", "--expires", "0s"}), HasSubstr("no duration"));
  EXPECT_THAT(add({"--all-users", "--name", "a\nb"}), HasSubstr("control"));
  EXPECT_THAT(add({"--all-users", "--name", "\xff"}), HasSubstr("UTF-8"));
  EXPECT_THAT(add({"--all-users", "--name", std::string(101, 'x')}), HasSubstr("too long"));
  EXPECT_THAT(add({"--all-users", "--user", "0a11ce00-0000-4000-8000-00000000000a"}),
              HasSubstr("exclude"));
}

}  // namespace
}  // namespace mentat_sync
