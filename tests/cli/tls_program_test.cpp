// HTTPS through the program: a server with a certificate, commands that trust it or not, tokens,
// and reading the certificate anew.
#include "support/server_process.hpp"
#include "support/temporary_directory.hpp"
#include "tls_files.hpp"
#include "tls_peer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace mentat_sync {
namespace {

using ::testing::HasSubstr;

constexpr auto user = "6f8b7c1e-52a0-4b3f-9b1f-5d1f0a4c0e11";
constexpr std::chrono::seconds patience{60};

struct Ended {
  int code = -1;
  std::string err;
};

class TlsProgramTest : public ::testing::Test {
 protected:
  ServerProcess serve(std::vector<std::string> further = {}) {
    ServerProcessOptions options;
    options.arguments = {"--tls-certificate", files.options.certificate_file, "--tls-key",
                         files.options.key_file};
    options.arguments.insert(options.arguments.end(), further.begin(), further.end());
    return ServerProcess{options};
  }

  static std::string url(const ServerProcess& server, const std::string& host = "localhost") {
    return "https://" + host + ":" + std::to_string(server.port());
  }

  std::vector<std::string> trusting() const {
    return {"--ca-file", files.write("ca.pem", files.authority.certificate())};
  }

  static Ended run(std::vector<std::string> arguments, const std::vector<std::string>& further) {
    arguments.insert(arguments.end(), further.begin(), further.end());
    const auto ended = run_to_end({.command = program_command(std::move(arguments)),
                                   .environment = {},
                                   .working_directory = {}},
                                  patience);
    return {ended.status.code.value_or(-1), ended.err};
  }

  static Ended head(const std::string& server, const std::vector<std::string>& further) {
    return run({"head", "--server", server, "--user", user}, further);
  }

  TlsFiles files;
};

TEST_F(TlsProgramTest, PushesAndPullsOverTls) {
  const auto server = serve();
  std::string text;  // no two chunks of it are the same
  while (text.size() < 3'000'000) text += std::to_string(text.size()) + '\n';
  const auto sent_file = files.write("sent", text);
  const auto sent =
      run({"push", "--server", url(server), "--user", user, sent_file.string()}, trusting());
  ASSERT_EQ(sent.code, 0) << sent.err;
  const auto target = files.directory.path() / "pulled";
  const auto pulled =
      run({"pull", "--server", url(server, "127.0.0.1"), "--user", user, "--into", target.string()},
          trusting());
  EXPECT_EQ(pulled.code, 0) << pulled.err;
  std::uintmax_t bytes = 0;
  for (const auto& file : std::filesystem::directory_iterator(target)) {
    if (file.path().filename().string().size() == 64) bytes += file.file_size();  // a chunk's
  }
  EXPECT_EQ(bytes, text.size());
}

TEST_F(TlsProgramTest, TrustsNoCertificateOfAnUnknownAuthority) {
  const auto server = serve();
  const auto refused = head(url(server), {});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("the server's certificate is not trusted"));
}

TEST_F(TlsProgramTest, TrustsNoCertificateOfAnotherHost) {
  files.renew({.name = "other", .alternative_names = "DNS:other.example"});
  const auto server = serve();
  EXPECT_THAT(head(url(server), trusting()).err, HasSubstr("hostname mismatch"));
  EXPECT_THAT(head(url(server, "127.0.0.1"), trusting()).err, HasSubstr("IP address mismatch"));
}

TEST_F(TlsProgramTest, ShowsItsOwnCertificateWhereTheServerAsks) {
  files.ask_clients(TlsOptions::ClientCertificates::required);
  const auto server = serve(
      {"--tls-client-ca", files.options.client_ca_file, "--tls-client-certificates", "required"});
  const auto identity = files.client_authority.issue({.name = "laptop"});
  auto shown = trusting();
  const auto refused = head(url(server), shown);
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err,
              HasSubstr("only clients that show a certificate (--client-certificate)"));
  const std::string certificate = files.write("me.pem", identity.certificate);
  const std::string key = files.write("me.key", identity.key);
  shown.insert(shown.end(), {"--client-certificate", certificate, "--client-key", key});
  const auto served = head(url(server), shown);
  EXPECT_EQ(served.code, 0) << served.err;
}

TEST_F(TlsProgramTest, ReadsTheCertificateAnewAndKeepsItWhenThatFails) {
  auto server = serve();
  const auto logs = [&](const std::string& event) {
    for (int tries = 0; tries < 2'000; ++tries) {
      if (!logged_field(server.process().err(), event, "time").empty()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return false;
  };
  files.renew({.name = "second"});
  server.process().signal(SIGHUP);
  EXPECT_TRUE(logs("certificates reloaded"));
  const auto good = files.options.certificate_file;
  files.write(good.filename().string(), "no certificate");
  server.process().signal(SIGHUP);
  EXPECT_TRUE(logs("certificates kept as they were"));
  EXPECT_EQ(head(url(server), trusting()).code, 0);
}

TEST_F(TlsProgramTest, RefusesACertificateWithoutItsKey) {
  const auto refused = run({"serve", "--data", files.directory.path() / "data"},
                           {"--tls-certificate", files.options.certificate_file});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("--tls-key"));
}

}  // namespace
}  // namespace mentat_sync
