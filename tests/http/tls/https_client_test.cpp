// The client library over TLS: whom it trusts, and what it makes of servers that misbehave.
#include "http/client/client_exchange.hpp"
#include "http/tls/socket_bio.hpp"
#include "http/tls/tls_credentials.hpp"
#include "server_fixture.hpp"
#include "tls_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>
#include <thread>
#include <unistd.h>

namespace mentat_sync {
namespace {

using ::testing::HasSubstr;
using Kind = ClientError::Kind;
using Mode = TlsOptions::ClientCertificates;

/// A server for one connection, with OpenSSL alone, that does what a test tells it to.
class OneTlsConnection {
 public:
  /// `shakes_hands`: false, it accepts the connection and says nothing.
  OneTlsConnection(TlsCredentials& credentials, std::function<void(SSL&)> script,
                   bool shakes_hands = true)
      : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
        context_(credentials.current()) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const name = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, name, size) != 0 || ::listen(listener_, 1) != 0 ||
        ::getsockname(listener_, name, &size) != 0) {
      throw std::runtime_error("cannot listen");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread{[this, script = std::move(script), shakes_hands] {
      const int descriptor = ::accept(listener_, nullptr, nullptr);
      const timeval timeout{20, 0};
      ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
      const TlsHandle tls{::SSL_new(context_.get())};
      use_socket(*tls, descriptor);
      if (!shakes_hands || ::SSL_accept(tls.get()) == 1) script(*tls);
      ::close(descriptor);
    }};
  }
  ~OneTlsConnection() {
    thread_.join();
    ::close(listener_);
  }
  OneTlsConnection(const OneTlsConnection&) = delete;
  OneTlsConnection& operator=(const OneTlsConnection&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  int listener_;
  std::shared_ptr<SSL_CTX> context_;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

/// What the peer sends until an empty line.
std::string receive_header(SSL& tls) {
  std::string header;
  std::array<char, 4096> piece;
  std::size_t count = 0;
  while (header.find("\r\n\r\n") == std::string::npos &&
         ::SSL_read_ex(&tls, piece.data(), piece.size(), &count) == 1) {
    header.append(piece.data(), count);
  }
  return header;
}

void send(SSL& tls, std::string_view bytes) {
  std::size_t written = 0;
  ::SSL_write_ex(&tls, bytes.data(), bytes.size(), &written);
}

class HttpsClientTest : public ServerFixture {
 protected:
  void start_tls() {
    credentials = TlsCredentials::load(files.options, {}).value();
    start([this](ServerOptions& options) { options.tls = credentials; });
  }

  ClientOptions trusting() const {
    ClientOptions options;
    options.ca_file = files.write("ca.pem", files.authority.certificate());
    options.connect_timeout = options.idle_timeout = options.answer_timeout =
        std::chrono::seconds{20};
    return options;
  }

  static ClientExchange exchange_with(std::uint16_t at, const ClientOptions& options,
                                      const std::string& host = "127.0.0.1") {
    return {ServerUrl::parse("https://" + host + ":" + std::to_string(at)).value(), options};
  }

  /// The body of a success, or what went wrong.
  static std::string fetch(ClientExchange& exchange, const std::string& target = "/target") {
    const auto answer = exchange.begin({.target = target});
    if (!answer) return answer.error().message;
    auto body = exchange.read_rest(bounds::client_answer_bytes);
    return body ? *body : body.error().message;
  }

  TlsFiles files;
  std::shared_ptr<TlsCredentials> credentials;
};

TEST_F(HttpsClientTest, FetchesAndKeepsItsConnection) {
  start_tls();
  for (const std::string host : {"127.0.0.1", "localhost"}) {
    auto exchange = exchange_with(port(), trusting(), host);
    EXPECT_EQ(fetch(exchange, "/target/1"), "/target/1");
    EXPECT_EQ(fetch(exchange, "/target/2"), "/target/2");
    EXPECT_EQ(fetch(exchange, "/big/3000000").size(), 3'000'000u);
  }
  EXPECT_EQ(server->statistics().accepted, 2u);
}

TEST_F(HttpsClientTest, TrustsTheAuthoritiesItWasGivenAndNoOthers) {
  start_tls();
  auto options = trusting();
  options.ca_file = files.write("other.pem", files.client_authority.certificate());
  auto misled = exchange_with(port(), options);
  const auto refused = misled.begin({.target = "/target"});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, Kind::unreachable);
  EXPECT_THAT(refused.error().message, HasSubstr("certificate is not trusted"));
  options.ca_file.clear();
  auto by_system = exchange_with(port(), options);
  EXPECT_THAT(fetch(by_system), HasSubstr("certificate is not trusted"));
  EXPECT_TRUE(application.handled().empty());
}

TEST_F(HttpsClientTest, RefusesCertificatesThatHaveExpiredOrAreAnotherHosts) {
  files.renew({.ends_in = -std::chrono::hours{1}});
  start_tls();
  auto late = exchange_with(port(), trusting());
  EXPECT_THAT(fetch(late), HasSubstr("certificate has expired"));
  files.renew({.alternative_names = "DNS:other.example"});
  ASSERT_TRUE(credentials->reload().ok());
  for (const std::string host : {"127.0.0.1", "localhost"}) {
    auto misled = exchange_with(port(), trusting(), host);
    EXPECT_THAT(fetch(misled), HasSubstr("mismatch"));
  }
}

TEST_F(HttpsClientTest, NamesTheFileThatItCannotUse) {
  start_tls();
  auto options = trusting();
  options.ca_file = "/nowhere/ca.pem";
  auto exchange = exchange_with(port(), options);
  EXPECT_THAT(fetch(exchange), HasSubstr("/nowhere/ca.pem"));
}

TEST_F(HttpsClientTest, ShowsItsCertificate) {
  files.ask_clients(Mode::required);
  start_tls();
  auto options = trusting();
  auto nobody = exchange_with(port(), options);
  EXPECT_THAT(fetch(nobody), HasSubstr("--client-certificate"));
  const auto identity = files.client_authority.issue({.name = "laptop"});
  options.certificate_file = files.write("me.pem", identity.certificate);
  options.key_file = files.write("me.key", identity.key);
  auto known = exchange_with(port(), options);
  EXPECT_THAT(fetch(known, "/peer"), HasSubstr("CN=laptop,O=Tests"));
}

TEST_F(HttpsClientTest, SendsItsToken) {
  credentials = TlsCredentials::load(files.options, {}).value();
  std::string header;
  {
    const OneTlsConnection other{*credentials, [&header](SSL& tls) {
                                   header = receive_header(tls);
                                   send(tls, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                                 }};
    auto options = trusting();
    options.token = "mst_secret";
    auto exchange = exchange_with(other.port(), options);
    EXPECT_EQ(fetch(exchange), "ok");
  }
  EXPECT_THAT(header, HasSubstr("\r\nAuthorization: Bearer mst_secret\r\n"));
}

TEST_F(HttpsClientTest, TellsABodyThatEndedFromOneThatWasCutOff) {
  credentials = TlsCredentials::load(files.options, {}).value();
  for (const bool ends : {true, false}) {
    // Its length is said by the end of the connection alone, which anybody on the way can bring
    // about.
    const OneTlsConnection other{*credentials, [ends](SSL& tls) {
                                   receive_header(tls);
                                   send(tls, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nbody");
                                   if (ends) ::SSL_shutdown(&tls);
                                 }};
    auto exchange = exchange_with(other.port(), trusting());
    ASSERT_TRUE(exchange.begin({.target = "/"}).ok());
    const auto body = exchange.read_rest(1'000);
    ASSERT_EQ(body.ok(), ends);
    if (ends) {
      EXPECT_EQ(*body, "body");
    } else {
      EXPECT_EQ(body.error().kind, Kind::broken);
    }
  }
}

TEST_F(HttpsClientTest, ReadsARefusalThatComesBeforeAllWasSent) {
  start_tls();
  auto exchange = exchange_with(port(), trusting());
  const std::string large(8 * bounds::MiB, 'x');
  const auto answer = exchange.begin(
      {.method = "PUT", .target = "/small", .content_type = "text/plain", .body = large});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 413u);
}

TEST_F(HttpsClientTest, SendsALargeBodyWhole) {
  start_tls();
  auto exchange = exchange_with(port(), trusting());
  std::string large(4 * bounds::MiB, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 7 + i / 251);
  const auto answer = exchange.begin(
      {.method = "PUT", .target = "/echo", .content_type = "text/plain", .body = large});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  const auto body = exchange.read_rest(8 * bounds::MiB);
  ASSERT_TRUE(body.ok());
  EXPECT_TRUE(*body == large);
}

TEST_F(HttpsClientTest, GivesUpOnAHandshakeThatIsNotAnswered) {
  credentials = TlsCredentials::load(files.options, {}).value();
  std::atomic<bool> ending = false;
  const OneTlsConnection silent{*credentials,
                                [&ending](SSL&) {
                                  while (!ending) {
                                    std::this_thread::sleep_for(std::chrono::milliseconds{1});
                                  }
                                },
                                false};
  auto options = trusting();
  options.connect_timeout = std::chrono::milliseconds{100};
  auto exchange = exchange_with(silent.port(), options);
  const auto answer = exchange.begin({.target = "/"});
  ending = true;
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().kind, Kind::unreachable);
}

TEST_F(HttpsClientTest, DoesNotSpeakInTheClearToAServerWithoutTls) {
  auto exchange = exchange_with(port(), trusting());
  const auto answer = exchange.begin({.target = "/target"});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().kind, Kind::unreachable);
  EXPECT_TRUE(application.handled().empty());
}

}  // namespace
}  // namespace mentat_sync
