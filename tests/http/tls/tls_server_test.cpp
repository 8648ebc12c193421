// A server that speaks TLS: what it offers and asks for, and what it does with those who misbehave.
#include "http/tls/tls_credentials.hpp"
#include "raw_client.hpp"
#include "server_fixture.hpp"
#include "tls_files.hpp"
#include "tls_peer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace mentat_sync {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Mode = TlsOptions::ClientCertificates;

class TlsServerTest : public ServerFixture {
 protected:
  void start_tls(const std::function<void(ServerOptions&)>& change = {}) {
    credentials = TlsCredentials::load(files.options, {}).value();
    start([&](ServerOptions& options) {
      options.tls = credentials;
      if (change) change(options);
    });
  }

  TlsPeerOptions trusting() const { return {.authority = files.authority.certificate()}; }

  /// Whether a request is answered: with TLS 1.3, a refusal of the client comes after its
  /// handshake.
  bool is_served(const TlsPeerOptions& options) {
    TlsPeer peer{port(), options};
    return peer.failure().empty() && peer.send(get("/target")) && peer.awaits("/target");
  }

  bool no_connection_is_left() {
    return eventually([this] { return server->connections() == 0; });
  }

  TlsFiles files;
  std::shared_ptr<TlsCredentials> credentials;
};

TEST_F(TlsServerTest, AnswersOverEachVersionThatItSpeaks) {
  start_tls();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsPeerOptions options = trusting();
    options.version_min = options.version_max = version;
    TlsPeer peer{port(), options};
    ASSERT_EQ(peer.failure(), "");
    EXPECT_EQ(::SSL_version(&peer.tls()), version);
    ASSERT_TRUE(peer.send(get("/target/1") + get("/target/2")));
    EXPECT_TRUE(peer.awaits("/target/2"));
  }
}

TEST_F(TlsServerTest, RefusesVersionsBelowItsLowest) {
  start_tls();
  EXPECT_FALSE(is_served({.version_max = TLS1_1_VERSION}));
  files.options.min_version = TlsOptions::Version::tls_1_3;
  start_tls();
  EXPECT_FALSE(is_served({.version_max = TLS1_2_VERSION}));
  EXPECT_TRUE(is_served(trusting()));
}

TEST_F(TlsServerTest, SpeaksNothingButHttp11) {
  start_tls();
  TlsPeer both{port(), {.protocols = {"h2", "http/1.1"}}};
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  ::SSL_get0_alpn_selected(&both.tls(), &chosen, &size);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(chosen), size), "http/1.1");
  const TlsPeer other{port(), {.protocols = {"h2"}}};
  EXPECT_THAT(other.failure(), HasSubstr("no application protocol"));
}

TEST_F(TlsServerTest, TakesLargeBodiesAndGivesThemBack) {
  start_tls();
  TlsPeer peer{port(), trusting()};
  const std::string body(100'000, 'b');
  ASSERT_TRUE(peer.send(put("/echo", body)));
  EXPECT_TRUE(peer.awaits(body));
  ASSERT_TRUE(peer.send(get("/big/3000000", "Connection: close\r\n")));
  EXPECT_GT(peer.read_to_end().size(), 3'000'000u);
  EXPECT_TRUE(peer.said_goodbye());
}

TEST_F(TlsServerTest, TellsTheApplicationWhoIsThere) {
  files.ask_clients(Mode::optional);
  start_tls();
  TlsPeerOptions options = trusting();
  options.identity = files.client_authority.issue({.name = "laptop"});
  TlsPeer known{port(), options};
  ASSERT_TRUE(known.send(get("/peer")));
  EXPECT_TRUE(known.awaits("CN=laptop,O=Tests"));
  EXPECT_THAT(known.received(), StartsWith("HTTP/1.1 200"));
  TlsPeer unknown{port(), trusting()};
  ASSERT_TRUE(unknown.send(get("/peer", "Connection: close\r\n")));
  EXPECT_THAT(unknown.read_to_end(), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(unknown.received(), ::testing::Not(HasSubstr("CN=")));
}

TEST_F(TlsServerTest, ServesOnlyClientsWithACertificateWhereItIsRequired) {
  files.ask_clients(Mode::required);
  start_tls();
  const auto served = [this](const TestAuthority& authority, const TestCertificate& certificate) {
    TlsPeerOptions options = trusting();
    options.identity = authority.issue(certificate);
    return is_served(options);
  };
  EXPECT_TRUE(served(files.client_authority, {.name = "laptop"}));
  EXPECT_FALSE(is_served(trusting()));
  EXPECT_FALSE(served(files.authority, {.name = "laptop"}));
  EXPECT_FALSE(served(files.client_authority, {.name = "old", .ends_in = std::chrono::hours{-1}}));
  EXPECT_TRUE(no_connection_is_left());
}

TEST_F(TlsServerTest, RefusesAWrongCertificateEvenWhereNoneWouldDo) {
  files.ask_clients(Mode::optional);
  start_tls();
  EXPECT_TRUE(is_served(trusting()));
  TlsPeerOptions options = trusting();
  options.identity = files.authority.issue({.name = "somebody"});
  EXPECT_FALSE(is_served(options));
}

TEST_F(TlsServerTest, ReloadsUnderLoadAndDropsNothing) {
  start_tls([](ServerOptions& options) { options.threads = 2; });
  std::atomic<bool> ending = false;
  std::atomic<int> answered = 0;
  std::atomic<int> failed = 0;
  const TlsPeerOptions options = trusting();
  std::vector<std::jthread> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back([&] {
      TlsPeer lasting{port(), options};
      while (!ending) {
        TlsPeer fresh{port(), options};
        for (TlsPeer* peer : {&lasting, &fresh}) {
          const std::string target = "/target/" + std::to_string(++answered);
          if (!peer->send(get(target)) || !peer->awaits(target)) ++failed;
        }
      }
    });
  }
  for (int i = 0; i < 20; ++i) {
    files.renew();
    EXPECT_TRUE(credentials->reload().ok());
    EXPECT_TRUE(eventually([&, before = answered.load()] { return answered > before + 5; }));
  }
  ending = true;
  clients.clear();
  EXPECT_EQ(failed, 0);
}

TEST_F(TlsServerTest, NewConnectionsSeeTheNewCertificate) {
  start_tls();
  files.renew({.name = "second"});
  ASSERT_TRUE(credentials->reload().ok());
  TlsPeer peer{port(), trusting()};
  const X509* const certificate = ::SSL_get0_peer_certificate(&peer.tls());
  ASSERT_NE(certificate, nullptr);
  char name[64] = {};
  ::X509_NAME_get_text_by_NID(::X509_get_subject_name(certificate), NID_commonName, name,
                              sizeof name);
  EXPECT_STREQ(name, "second");
}

TEST_F(TlsServerTest, EndsAHandshakeThatTakesTooLong) {
  start_tls(
      [](ServerOptions& options) { options.deadlines.handshake = std::chrono::milliseconds{50}; });
  const int silent = connect_to(port());
  ASSERT_TRUE(eventually([this] { return server->connections() == 1; }));
  EXPECT_TRUE(no_connection_is_left());
  char byte = 0;
  EXPECT_EQ(::recv(silent, &byte, 1, 0), 0);
  ::close(silent);
  const int halfway = connect_to(port());
  const std::string begun{"\x16\x03\x01\x02\x00\x01\x00", 7};
  EXPECT_EQ(::send(halfway, begun.data(), begun.size(), MSG_NOSIGNAL), 7);
  ASSERT_TRUE(eventually([this] { return server->statistics().accepted == 2; }));
  EXPECT_TRUE(no_connection_is_left());
  ::close(halfway);
  EXPECT_TRUE(is_served(trusting()));
}

TEST_F(TlsServerTest, HandshakesCountAsConnections) {
  start_tls([](ServerOptions& options) { options.max_connections = 2; });
  const int first = connect_to(port());
  const int second = connect_to(port());
  ASSERT_TRUE(eventually([this] { return server->connections() == 2; }));
  EXPECT_FALSE(is_served(trusting()));
  EXPECT_EQ(server->statistics().refused, 1u);
  ::close(first);
  ::close(second);
  EXPECT_TRUE(no_connection_is_left());
  EXPECT_TRUE(is_served(trusting()));
}

TEST_F(TlsServerTest, SurvivesGarbageInsteadOfAHandshake) {
  start_tls();
  for (const std::string& garbage :
       {std::string{"\x16\x03\x01\xff\xff"} + std::string(70'000, '\xff'), std::string(1'000, '\0'),
        std::string{"SSH-2.0-x\r\n"}}) {
    RawClient client{port()};
    client.send(garbage);
    client.finish_sending();
    EXPECT_TRUE(no_connection_is_left());
  }
  EXPECT_TRUE(is_served(trusting()));
}

TEST_F(TlsServerTest, TellsAPlainClientWhatItMissed) {
  start_tls();
  RawClient client{port()};
  ASSERT_TRUE(client.send(get("/target")));
  const RawAnswer answer = client.read_answer();
  EXPECT_EQ(answer.status, 400u);
  EXPECT_THAT(answer.body, HasSubstr("HTTPS"));
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_EQ(application.handled().size(), 0u);
}

TEST_F(TlsServerTest, TakesNoRequestFromAStreamThatWasCutOff) {
  start_tls();
  TlsPeer peer{port(), trusting()};
  const std::string request = put("/echo", "whole");
  ASSERT_TRUE(peer.send(request.substr(0, request.size() - 1)));
  peer.cut_off();
  EXPECT_TRUE(no_connection_is_left());
  EXPECT_EQ(application.handled().size(), 0u);
}

TEST_F(TlsServerTest, LetsAClientSeeThatAnAnswerWasCutOff) {
  start_tls();
  TlsPeer peer{port(), trusting()};
  ASSERT_TRUE(peer.send(get("/big/50000000")));
  ASSERT_TRUE(peer.awaits("HTTP/1.1 200"));
  server.reset();
  peer.read_to_end();
  EXPECT_FALSE(peer.said_goodbye());
}

TEST_F(TlsServerTest, DrainsWhatHasBegunAndEndsHandshakes) {
  start_tls();
  const int handshaking = connect_to(port());
  TlsPeer idle{port(), trusting()};
  TlsPeer busy{port(), trusting()};
  ASSERT_TRUE(busy.send(get("/later")));
  auto pending = application.take_pending(1);
  std::jthread answering{[&] {
    std::this_thread::sleep_for(std::chrono::milliseconds{30});
    pending.front().respond(text("at last"));
  }};
  EXPECT_TRUE(server->drain(std::chrono::seconds{20}));
  EXPECT_THAT(busy.read_to_end(), HasSubstr("at last"));
  EXPECT_TRUE(busy.said_goodbye());
  EXPECT_EQ(idle.read_to_end(), "");
  EXPECT_TRUE(idle.said_goodbye());
  ::close(handshaking);
}

}  // namespace
}  // namespace mentat_sync
