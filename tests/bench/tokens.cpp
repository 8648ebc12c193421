// What it costs an I/O thread to know who asks: by a token of a file, by a JWT of each algorithm,
// and by a JWT that is remembered.
//
//   bench_tokens [--seconds SECONDS]     for each; other options are passed over
//
// Prints µs a request on one thread; the figures of one run can be compared with each other.
#include "http/auth/jwt_authenticator.hpp"
#include "http/auth/token_authenticator.hpp"
#include "tests/bench/bench_options.hpp"
#include "tests/http/auth/jwt_issuer.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mentat_sync {
namespace {

using nlohmann::json;
using SteadyClock = std::chrono::steady_clock;

const std::string claims =
    json{{"sub", "0a11ce00-0000-4000-8000-00000000000a"}, {"exp", 4'102'444'800}}.dump();
const std::string secret = "a secret of at least 32 bytes, as HS256 wants it";

/// Goes on for so long; µs for each, and ends the program if one fails.
double measure(double seconds, const std::function<bool()>& once) {
  constexpr int burst = 50;
  std::uint64_t count = 0;
  const auto start = SteadyClock::now();
  std::chrono::duration<double> took{};
  do {
    for (int i = 0; i < burst; ++i) {
      if (once()) continue;
      std::fprintf(stderr, "a good token was refused\n");
      std::exit(1);
    }
    count += burst;
    took = SteadyClock::now() - start;
  } while (took.count() < seconds);
  return took.count() * 1e6 / static_cast<double>(count);
}

void print(const char* what, double us) {
  std::printf("%-34s %8.2f us\n", what, us);
}

void measure_tokens(double seconds) {
  std::vector<TokenRecord> records(10'000);
  std::string token;
  for (TokenRecord& record : records) {
    record.scopes = {Scope::read};
    token = make_token(record).value();
  }
  TokenAuthenticator authenticator;
  authenticator.replace(records);
  print("token, one of 10,000", measure(seconds, [&] {
          return std::holds_alternative<Grant>(authenticator.authenticate(token));
        }));
}

/// Without remembering: each request is as the first.
void measure_jwt(double seconds, const char* what, const JwtKeys& keys, const std::string& token) {
  print(what, measure(seconds, [&] {
          const auto payload = verified_payload(keys, token);
          if (!std::holds_alternative<std::string>(payload)) return false;
          return std::holds_alternative<JwtGrant>(grant_of_claims(
              std::get<std::string>(payload), {}, std::chrono::system_clock::now()));
        }));
}

void measure_remembered(double seconds) {
  const auto& issuer = JwtIssuer::of("RSA");
  JwtAuthenticator authenticator{{}};
  authenticator.replace(JwtKeys::parse_key_file(issuer.public_pem()).value());
  const auto token = issuer.sign({{"alg", "RS256"}}, claims);
  print("JWT, RS256, remembered", measure(seconds, [&] {
          return std::holds_alternative<Grant>(authenticator.authenticate(token));
        }));
}

int run(const BenchOptions& options) {
  const double seconds = options.number("--seconds", 1.0);
  measure_tokens(seconds);
  const auto& rsa = JwtIssuer::of("RSA");
  const auto& ec = JwtIssuer::of("EC");
  const auto& ed = JwtIssuer::of("ED25519");
  const auto key_of = [](const JwtIssuer& issuer) {
    return JwtKeys::parse_key_file(issuer.public_pem()).value();
  };
  measure_jwt(seconds, "JWT, HS256", JwtKeys::parse_secret_file(secret).value(),
              sign_by_secret(secret, {{"alg", "HS256"}}, claims));
  measure_jwt(seconds, "JWT, RS256 (2048 bits)", key_of(rsa), rsa.sign({{"alg", "RS256"}}, claims));
  measure_jwt(seconds, "JWT, ES256", key_of(ec), ec.sign({{"alg", "ES256"}}, claims));
  measure_jwt(seconds, "JWT, EdDSA (Ed25519)", key_of(ed), ed.sign({{"alg", "EdDSA"}}, claims));
  measure_remembered(seconds);
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace mentat_sync

int main(int argc, char** argv) {
  return mentat_sync::run_bench("bench_tokens", argc, argv, mentat_sync::run);
}
