// A bare server, as fast as Beast's parser makes one: one thread, callbacks on a concrete executor,
// no timers, no routing; each request is answered with the same bytes. It is what the server is
// measured against, and what a load tool shows its own limit with.
//
// Usage: bench_constant_server [PORT [BODY_BYTES]]     0: a free port; prints the port
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
using Error = boost::system::error_code;

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Socket socket, const std::string& answer)
      : socket_(std::move(socket)), answer_(answer), parser_(std::in_place) {}

  void do_read() {
    socket_.async_read_some(input_.prepare(4096),
                            [self = shared_from_this()](Error error, std::size_t bytes) {
                              if (!error) self->on_read(bytes);
                            });
  }

 private:
  void on_read(std::size_t bytes) {
    input_.commit(bytes);
    Error error;
    input_.consume(parser_->put(input_.data(), error));
    if (error == http::error::need_more) return do_read();
    if (error) return;
    do_write();
  }

  void do_write() {
    asio::async_write(socket_, asio::buffer(answer_),
                      [self = shared_from_this()](Error error, std::size_t) {
                        if (error) return;
                        self->parser_.emplace();
                        self->do_read();
                      });
  }

  Socket socket_;
  const std::string& answer_;
  boost::beast::flat_buffer input_;
  std::optional<http::request_parser<http::empty_body>> parser_;
};

class Listener {
 public:
  Listener(asio::io_context& io, std::uint16_t port, std::string answer)
      : acceptor_(io, {asio::ip::address_v4::loopback(), port}), answer_(std::move(answer)) {
    std::printf("%u\n", acceptor_.local_endpoint().port());
    std::fflush(stdout);
  }

  void do_accept() {
    acceptor_.async_accept([this](Error error, Socket socket) {
      if (!error) {
        socket.set_option(asio::ip::tcp::no_delay{true}, error);
        std::make_shared<Session>(std::move(socket), answer_)->do_read();
      }
      do_accept();
    });
  }

 private:
  Acceptor acceptor_;
  const std::string answer_;
};

std::string answer_of(std::size_t body_bytes) {
  return "HTTP/1.1 200 OK\r\nServer: constant\r\nContent-Type: application/octet-stream\r\n"
         "Content-Length: " +
         std::to_string(body_bytes) + "\r\n\r\n" + std::string(body_bytes, 'x');
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const int port = argc > 1 ? std::atoi(argv[1]) : 0;
    const int body_bytes = argc > 2 ? std::atoi(argv[2]) : 100;
    asio::io_context io{1};
    Listener listener{io, static_cast<std::uint16_t>(port),
                      answer_of(static_cast<std::size_t>(body_bytes))};
    listener.do_accept();
    io.run();
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "bench_constant_server: %s\n", failure.what());
    return EXIT_FAILURE;
  }
}
