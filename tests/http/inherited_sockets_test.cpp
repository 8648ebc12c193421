// A server on sockets that listen already, as a service manager hands them over.
#include "http/server.hpp"
#include "server_fixture.hpp"

#include <gmock/gmock.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace mentat_sync {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

/// A TCP socket of this machine.
class OwnSocket {
 public:
  explicit OwnSocket(bool listens = true)
      : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const name = reinterpret_cast<sockaddr*>(&address);
    if (::bind(descriptor_, name, size) != 0 || (listens && ::listen(descriptor_, 16) != 0) ||
        ::getsockname(descriptor_, name, &size) != 0) {
      throw std::runtime_error("cannot listen");
    }
    port_ = ntohs(address.sin_port);
  }
  ~OwnSocket() { close(); }
  OwnSocket(const OwnSocket&) = delete;
  OwnSocket& operator=(const OwnSocket&) = delete;

  void close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }
  int descriptor() const { return descriptor_; }
  std::uint16_t port() const { return port_; }

 private:
  int descriptor_;
  std::uint16_t port_ = 0;
};

class InheritedSocketsTest : public ServerFixture {
 protected:
  void start_on(std::vector<int> sockets, unsigned threads = 1) {
    start([&](ServerOptions& options) {
      options.address = "not looked at";
      options.inherited_sockets = std::move(sockets);
      options.threads = threads;
    });
  }
  std::string refusal_of(int descriptor) {
    try {
      start_on({descriptor});
    } catch (const std::runtime_error& refused) {
      return refused.what();
    }
    return "it was taken";
  }
  static std::string ask(std::uint16_t port) {
    RawClient client{port};
    client.send(get("/target"));
    return client.read_answer().body;
  }
};

TEST_F(InheritedSocketsTest, ServesOnEachOfThemFromEachLoop) {
  const OwnSocket one;
  const OwnSocket two;
  start_on({one.descriptor(), two.descriptor()}, 2);
  EXPECT_EQ(server->port(), one.port());
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(ask(one.port()), "/target");
    EXPECT_EQ(ask(two.port()), "/target");
  }
}

TEST_F(InheritedSocketsTest, AnswersWhoCameBeforeItStarted) {
  const OwnSocket socket;
  RawClient early{socket.port()};
  early.send(get("/target"));
  start_on({socket.descriptor()});
  EXPECT_EQ(early.read_answer().body, "/target");
}

TEST_F(InheritedSocketsTest, TheCallerMayCloseThem) {
  OwnSocket socket;
  start_on({socket.descriptor()});
  socket.close();
  EXPECT_EQ(ask(socket.port()), "/target");
  server.reset();
  EXPECT_THROW(RawClient{socket.port()}, std::runtime_error);
}

TEST_F(InheritedSocketsTest, WhoComesBetweenTwoServersWaitsForTheSecond) {
  const OwnSocket socket;
  start_on({socket.descriptor()});
  EXPECT_EQ(ask(socket.port()), "/target");
  EXPECT_TRUE(server->drain(milliseconds{10'000}));
  RawClient between{socket.port()};
  between.send(get("/target"));
  server.reset();
  start_on({socket.descriptor()});
  EXPECT_EQ(between.read_answer().body, "/target");
}

TEST_F(InheritedSocketsTest, RefusesWhatItCannotAcceptOn) {
  const OwnSocket deaf{false};
  EXPECT_THAT(refusal_of(deaf.descriptor()), HasSubstr("it does not listen"));
  const int datagrams = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  EXPECT_THAT(refusal_of(datagrams), HasSubstr("it is no TCP socket"));
  ::close(datagrams);
  const int unix_domain = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_THAT(refusal_of(unix_domain), HasSubstr("Unix-domain"));
  ::close(unix_domain);
  EXPECT_THAT(refusal_of(unix_domain), HasSubstr(std::to_string(unix_domain)));
}

}  // namespace
}  // namespace mentat_sync
