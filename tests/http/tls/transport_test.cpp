// Transports: the same promises, whatever carries the bytes; and what TLS has of its own.
#include "http/transport.hpp"

#include "http/tls/tls_credentials.hpp"
#include "http/tls_transport.hpp"
#include "memory_transport.hpp"
#include "tls_files.hpp"
#include "tls_peer.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <thread>

namespace mentat_sync {
namespace {

namespace asio = boost::asio;
using IoError = Transport::IoError;
using Farewell = Transport::Farewell;
using ::testing::SizeIs;

/// Keeps what operations came to.
class Recorder final : public TransportUser {
 public:
  void on_handshake(IoError error) override { handshake = error; }
  void on_read(IoError error, std::size_t bytes) override { read = {error, bytes}; }
  void on_write(IoError error, std::size_t bytes) override { write = {error, bytes}; }

  std::optional<IoError> handshake;
  std::optional<std::pair<IoError, std::size_t>> read;
  std::optional<std::pair<IoError, std::size_t>> write;
};

class TransportTest : public ::testing::Test {
 protected:
  /// Two ends of a connection: ours, and the descriptor of the peer's.
  std::pair<Socket, int> connect() {
    asio::ip::tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};
    const int descriptor = connect_to(acceptor.local_endpoint().port());
    Socket socket{io};
    acceptor.accept(socket);
    return {std::move(socket), descriptor};
  }

  /// Runs until `done` holds; bounded.
  bool run_until(const std::function<bool()>& done) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!done()) {
      if (std::chrono::steady_clock::now() > end) return false;
      io.restart();
      io.run_for(std::chrono::milliseconds{5});
    }
    return true;
  }

  /// A TLS connection; `peer` is its client.
  void connect_tls(const TlsPeerOptions& options = {}) {
    credentials = TlsCredentials::load(files.options, {}).value();
    auto [socket, descriptor] = connect();
    transport = make_tls_transport(std::move(socket), *credentials->current());
    peer = std::make_unique<TlsPeer>(descriptor, options, false);
    auto shaken = std::async(std::launch::async, [this] { return peer->handshake(); });
    transport->async_handshake(user);
    ASSERT_TRUE(run_until([this] { return user->handshake.has_value(); }));
    ASSERT_TRUE(shaken.get()) << peer->failure();
    ASSERT_FALSE(*user->handshake) << user->handshake->message();
  }

  /// What one read brings.
  std::string read() {
    user->read.reset();
    transport->async_read_some(asio::buffer(buffer), user);
    EXPECT_FALSE(user->read);
    EXPECT_TRUE(run_until([this] { return user->read.has_value(); }));
    return {buffer.data(), user->read ? user->read->second : 0};
  }

  /// What the first read_now() that brings something brings.
  std::string read_now() {
    Transport::Attempt attempt;
    EXPECT_TRUE(run_until([&] {
      attempt = transport->read_now(asio::buffer(buffer));
      return attempt.error || attempt.bytes != 0;
    }));
    EXPECT_FALSE(attempt.error) << attempt.error.message();
    return {buffer.data(), attempt.bytes};
  }

  /// Writes until the socket takes nothing more.
  void fill_socket() {
    const std::string large(1'000'000, 'x');
    const std::array<asio::const_buffer, 1> one{asio::buffer(large)};
    for (std::size_t i = 0; i < 1'000; ++i) {
      const auto attempt = transport->write_now(one);
      ASSERT_FALSE(attempt.error) << attempt.error.message();
      if (attempt.bytes == 0) return;
    }
    FAIL() << "the socket takes whatever is written";
  }

  /// Writes all of it, while the peer reads in a thread of its own.
  void write_all(std::vector<asio::const_buffer> buffers) {
    while (!buffers.empty()) {
      user->write.reset();
      transport->async_write_some(buffers, user);
      EXPECT_FALSE(user->write);
      ASSERT_TRUE(run_until([this] { return user->write.has_value(); }));
      ASSERT_FALSE(user->write->first) << user->write->first.message();
      std::size_t written = user->write->second;
      while (!buffers.empty() && written >= buffers.front().size()) {
        written -= buffers.front().size();
        buffers.erase(buffers.begin());
      }
      if (!buffers.empty()) buffers.front() += written;
    }
  }

  asio::io_context io;
  TlsFiles files;
  std::shared_ptr<TlsCredentials> credentials;
  std::shared_ptr<Recorder> user = std::make_shared<Recorder>();
  std::unique_ptr<Transport> transport;
  std::unique_ptr<TlsPeer> peer;
  std::array<char, 100'000> buffer{};
};

TEST_F(TransportTest, PlainReadsAndWritesWhatTheSocketHas) {
  auto [socket, descriptor] = connect();
  transport = make_plain_transport(std::move(socket));
  EXPECT_FALSE(transport->needs_handshake());
  ::send(descriptor, "hello", 5, 0);
  EXPECT_EQ(read(), "hello");
  write_all({asio::buffer("one", 3), asio::buffer("two", 3)});
  std::array<char, 6> taken{};
  EXPECT_EQ(::recv(descriptor, taken.data(), taken.size(), MSG_WAITALL), 6);
  EXPECT_EQ(std::string(taken.data(), 6), "onetwo");
  ::shutdown(descriptor, SHUT_WR);
  read();
  EXPECT_EQ(user->read->first, asio::error::eof);
  ::close(descriptor);
}

TEST_F(TransportTest, PlainDoesNowWhatTheSocketAllows) {
  auto [socket, descriptor] = connect();
  transport = make_plain_transport(std::move(socket));
  const auto nothing = transport->read_now(asio::buffer(buffer));
  EXPECT_FALSE(nothing.error) << nothing.error.message();
  EXPECT_EQ(nothing.bytes, 0u);
  ::send(descriptor, "hello", 5, 0);
  EXPECT_EQ(read_now(), "hello");
  const std::vector<asio::const_buffer> buffers{asio::buffer("one", 3), asio::buffer("two", 3)};
  EXPECT_EQ(transport->write_now(buffers).bytes, 6u);
  std::array<char, 6> taken{};
  EXPECT_EQ(::recv(descriptor, taken.data(), taken.size(), MSG_WAITALL), 6);
  EXPECT_EQ(std::string(taken.data(), 6), "onetwo");
  fill_socket();
  ::shutdown(descriptor, SHUT_WR);
  Transport::Attempt end;
  EXPECT_TRUE(run_until([&] {
    end = transport->read_now(asio::buffer(buffer));
    return !!end.error;
  }));
  EXPECT_EQ(end.error, asio::error::eof);
  ::close(descriptor);
}

TEST_F(TransportTest, TlsDoesNowWhatTheSocketAllows) {
  connect_tls();
  const auto nothing = transport->read_now(asio::buffer(buffer));
  EXPECT_FALSE(nothing.error) << nothing.error.message();
  EXPECT_EQ(nothing.bytes, 0u);
  ASSERT_TRUE(peer->send("hello"));
  EXPECT_EQ(read_now(), "hello");
  ASSERT_TRUE(peer->send("again"));
  EXPECT_EQ(read_now(), "again");
  const std::vector<asio::const_buffer> buffers{asio::buffer("one", 3), asio::buffer("two", 3)};
  EXPECT_EQ(transport->write_now(buffers).bytes, 6u);
  EXPECT_TRUE(peer->awaits("onetwo"));
}

TEST_F(TransportTest, AReadGoesOnWhereOneNowBroughtNothing) {
  connect_tls();
  EXPECT_EQ(transport->read_now(asio::buffer(buffer)).bytes, 0u);
  ASSERT_TRUE(peer->send("before it waits"));
  EXPECT_EQ(read(), "before it waits");
  EXPECT_EQ(transport->read_now(asio::buffer(buffer)).bytes, 0u);
  auto sent = std::async(std::launch::async, [this] {
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    return peer->send("while it waits");
  });
  EXPECT_EQ(read(), "while it waits");
  EXPECT_TRUE(sent.get());
}

TEST_F(TransportTest, TlsGoesOnWithARecordThatAWriteNowBegan) {
  connect_tls();
  const std::string large(16'000, 'x');
  const std::array<asio::const_buffer, 1> one{asio::buffer(large)};
  std::size_t written = 0;
  for (std::size_t bytes = 1; bytes != 0; written += bytes) {
    const auto attempt = transport->write_now(one);
    ASSERT_FALSE(attempt.error) << attempt.error.message();
    bytes = attempt.bytes;
  }
  auto taken = std::async(std::launch::async, [&] {
    std::string all;
    while (all.size() < written + large.size()) {
      const std::string more = peer->read_some();
      if (more.empty()) break;
      all += more;
    }
    return all;
  });
  write_all({asio::buffer(large)});  // the same bytes, as they must be
  EXPECT_TRUE(taken.get() == std::string(written + large.size(), 'x'));
}

TEST_F(TransportTest, AReadUnderWayEndsWhenItIsClosed) {
  auto [socket, descriptor] = connect();
  transport = make_plain_transport(std::move(socket));
  transport->async_read_some(asio::buffer(buffer), user);
  transport->close(Farewell::cut_off);
  EXPECT_FALSE(user->read);
  EXPECT_TRUE(run_until([this] { return user->read.has_value(); }));
  EXPECT_EQ(user->read->first, asio::error::operation_aborted);
  ::close(descriptor);
  user->read.reset();
  connect_tls();
  transport->async_read_some(asio::buffer(buffer), user);
  transport->close(Farewell::cut_off);
  EXPECT_FALSE(user->read);
  EXPECT_TRUE(run_until([this] { return user->read.has_value(); }));
  EXPECT_EQ(user->read->first, asio::error::operation_aborted);
}

TEST_F(TransportTest, MemoryGivesEachPieceToAReadOfItsOwn) {
  auto stream = std::make_shared<MemoryStream>(io);
  transport = make_memory_transport(stream);
  stream->send("one");
  stream->send("two");
  EXPECT_EQ(read(), "one");
  EXPECT_EQ(read(), "two");
  stream->set_write_limit(4);
  write_all({asio::buffer("first", 5), asio::buffer("second", 6)});
  EXPECT_EQ(stream->received(), "firstsecond");
  stream->finish_sending();
  read();
  EXPECT_EQ(user->read->first, asio::error::eof);
  transport->close(Farewell::complete);
  EXPECT_EQ(stream->closed(), Farewell::complete);
}

TEST_F(TransportTest, TlsCarriesBytesBothWays) {
  connect_tls();
  ASSERT_TRUE(peer->send("hello"));
  EXPECT_EQ(read(), "hello");
  write_all({asio::buffer("one", 3), asio::buffer("two", 3)});
  EXPECT_TRUE(peer->awaits("onetwo"));
}

TEST_F(TransportTest, TlsGivesWhatItHoldsBeforeItWaits) {
  connect_tls();
  ASSERT_TRUE(peer->send("hello"));
  transport->async_read_some(asio::buffer(buffer, 2), user);
  ASSERT_TRUE(run_until([this] { return user->read.has_value(); }));
  EXPECT_EQ(std::string(buffer.data(), 2), "he");
  EXPECT_EQ(read(), "llo");
}

TEST_F(TransportTest, TlsGathersSmallBuffersInRecords) {
  connect_tls();
  const std::string small(1'000, 's');
  write_all(std::vector<asio::const_buffer>(40, asio::buffer(small)));
  std::vector<std::size_t> records;
  for (std::size_t total = 0; total < 40'000; total += records.back()) {
    records.push_back(peer->read_some().size());  // a record at a time
    ASSERT_GT(records.back(), 0u);
  }
  EXPECT_THAT(records, ::testing::ElementsAre(16'384, 16'384, 7'232));
}

TEST_F(TransportTest, TlsWritesMoreThanThePeerTakesAtOnce) {
  connect_tls();
  std::string large(8'000'000, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 7 + i / 251);
  const std::string_view view{large};
  auto taken = std::async(std::launch::async, [this] {
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
    std::string all;
    while (all.size() < 8'000'000) {
      const std::string more = peer->read_some();
      if (more.empty()) break;
      all += more;
    }
    return all;
  });
  write_all({asio::buffer(view.substr(0, 10)), asio::buffer(view.substr(10, 20'000)),
             asio::buffer(view.substr(20'010, 0)), asio::buffer(view.substr(20'010, 3'000'001)),
             asio::buffer(view.substr(3'020'011))});
  EXPECT_TRUE(taken.get() == large);
}

TEST_F(TransportTest, TlsReadsAndWritesAtTheSameTime) {
  connect_tls();
  transport->async_read_some(asio::buffer(buffer), user);
  const std::string large(4'000'000, 'x');
  std::size_t count = 0;
  auto echoed = std::async(std::launch::async, [&] {
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
    const bool sent = peer->send("while you write");
    while (count < large.size()) {
      const auto size = peer->read_some().size();
      if (size == 0) break;
      count += size;
    }
    return sent;
  });
  write_all({asio::buffer(large)});
  EXPECT_TRUE(run_until([this] { return user->read.has_value(); }));
  EXPECT_EQ(std::string(buffer.data(), user->read->second), "while you write");
  EXPECT_TRUE(echoed.get());
  EXPECT_EQ(count, large.size());
}

TEST_F(TransportTest, TlsTellsAnOrderlyEndFromACutOffStream) {
  connect_tls();
  peer->finish_sending();
  read();
  EXPECT_EQ(user->read->first, asio::error::eof);
  write_all({asio::buffer("still here", 10)});
  EXPECT_TRUE(peer->awaits("still here"));
  *user = {};
  connect_tls();
  peer->cut_off();
  read();
  EXPECT_NE(user->read->first, asio::error::eof);
  EXPECT_TRUE(user->read->first);
}

TEST_F(TransportTest, TlsSaysGoodbyeOnlyWhenAllWasSent) {
  connect_tls();
  IoError error;
  transport->finish_sending(error);
  EXPECT_FALSE(error);
  EXPECT_EQ(peer->read_to_end(), "");
  EXPECT_TRUE(peer->said_goodbye());
  // What still comes is read, to be dropped.
  ASSERT_TRUE(peer->send("too late"));
  EXPECT_GT(read().size(), 0u);
  for (const Farewell farewell : {Farewell::complete, Farewell::cut_off}) {
    *user = {};
    connect_tls();
    transport->close(farewell);
    EXPECT_EQ(peer->read_to_end(), "");
    EXPECT_EQ(peer->said_goodbye(), farewell == Farewell::complete);
  }
}

TEST_F(TransportTest, TlsKnowsThePeersCertificate) {
  files.ask_clients(TlsOptions::ClientCertificates::required);
  connect_tls({.identity = files.client_authority.issue({.name = "laptop"})});
  EXPECT_EQ(transport->peer_certificate(), "CN=laptop,O=Tests");
}

TEST_F(TransportTest, TlsCanAnswerWhoDoesNotSpeakIt) {
  credentials = TlsCredentials::load(files.options, {}).value();
  auto [socket, descriptor] = connect();
  transport = make_tls_transport(std::move(socket), *credentials->current());
  const std::string request = "GET / HTTP/1.1\r\n\r\n";
  ::send(descriptor, request.data(), request.size(), 0);
  transport->async_handshake(user);
  ASSERT_TRUE(run_until([this] { return user->handshake.has_value(); }));
  EXPECT_EQ(*user->handshake, plain_http_error());
  write_all({asio::buffer("plain", 5)});
  std::array<char, 5> taken{};
  EXPECT_EQ(::recv(descriptor, taken.data(), taken.size(), MSG_WAITALL), 5);
  EXPECT_EQ(std::string(taken.data(), 5), "plain");
  ::close(descriptor);
}

}  // namespace
}  // namespace mentat_sync
