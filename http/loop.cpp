// See loop.hpp.
#include "http/loop.hpp"

#include "http/address_key.hpp"
#include "http/tls/tls_credentials.hpp"
#include "http/tls_transport.hpp"

#include <boost/asio/post.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <future>
#include <utility>
#include <vector>

namespace mentat_sync {

namespace asio = boost::asio;
using Error = boost::system::error_code;

Loop::Loop(const ServerOptions& options, Application& application, SharedAmongLoops& shared)
    : work_(io_.get_executor()),
      options_(options),
      application_(application),
      counts_(shared.connections),
      mailbox_(std::make_shared<Mailbox>(io_)),
      turns_(io_),
      rounds_(io_),
      host_{application,
            options.deadlines,
            options.log,
            options.max_header_bytes,
            shared.bodies,
            shared.answers,
            turns_,
            rounds_,
            options.observer,
            clock_,
            request_ids_,
            mailbox_,
            [this](const std::shared_ptr<Connection>& connection) { on_closed(connection); }},
      sweep_timer_(io_) {}

Loop::~Loop() {
  if (thread_.joinable()) {
    asio::post(io_, [this] {
      stop_listening();
      for_each_connection([](Connection& connection) { connection.close(); });
      sweep_timer_.cancel();
      work_.reset();  // run() returns once what was closed has completed
    });
    thread_.join();
  }
  mailbox_->close();
}

Status Loop::listen(const Endpoint& endpoint) {
  return add_listener().listen(endpoint);
}

Status Loop::listen_on(int descriptor) {
  return add_listener().listen_on(descriptor);
}

Listener& Loop::add_listener() {
  const auto accepted = [this](Socket socket) { on_accepted(std::move(socket)); };
  return *listeners_.emplace_back(std::make_unique<Listener>(io_, options_.log, accepted));
}

void Loop::stop_listening() {
  for (const auto& listener : listeners_) listener->stop();
}

void Loop::start() {
  for (const auto& listener : listeners_) listener->start();
  thread_ = std::thread{[this] { run(); }};
}

void Loop::run() {
  mailbox_->settle_here();
  if (options_.guest != nullptr) {
    options_.guest->thread_begins(
        [this](std::function<void()> work) { asio::post(io_, std::move(work)); });
  }
  run_until_ended();
  if (options_.guest != nullptr) options_.guest->thread_ends();
}

void Loop::run_until_ended() {
  for (;;) {
    try {
      io_.run();
      return;
    } catch (const std::exception& error) {
      // A connection catches its own; this is for want of memory elsewhere, an accept say.
      if (options_.log) options_.log(LogLevel::error, "loop failed", {{"reason", error.what()}});
    }
  }
}

std::future<void> Loop::turn() {
  // Shared, for who waits may go before the loop comes to it.
  const auto turned = std::make_shared<std::promise<void>>();
  asio::post(io_, [turned] { turned->set_value(); });
  return turned->get_future();
}

void Loop::drain() {
  asio::post(io_, [this] {
    stop_listening();
    for_each_connection([](Connection& connection) { connection.drain(); });
  });
}

std::size_t Loop::close_connections() {
  std::promise<std::size_t> unfinished;
  asio::post(io_, [this, &unfinished] {
    std::size_t count = 0;
    for_each_connection([&count](Connection& connection) {
      count += connection.busy();
      connection.close();
    });
    unfinished.set_value(count);
  });
  return unfinished.get_future().get();
}

void Loop::on_accepted(Socket socket) {
  Error gone;
  Peer peer;
  peer.address = unmapped(socket.remote_endpoint(gone).address());
  if (gone) return;
  switch (counts_.enter(peer.address)) {
    case ConnectionCounts::Entry::too_many:
      return turn_away(std::move(socket), "The server has too many connections.");
    case ConnectionCounts::Entry::too_many_from_address:
      return turn_away(std::move(socket), "There are too many connections from this address.");
    case ConnectionCounts::Entry::entered:
      break;
  }
  const auto address = peer.address;
  std::shared_ptr<Connection> connection;
  try {
    connection =
        std::make_shared<Connection>(make_transport(std::move(socket)), std::move(peer), host_);
    connections_.insert(connection);
  } catch (...) {  // no memory
    counts_.leave(address);
    throw;
  }
  connection->start();
  if (!sweeping_) do_sweep();
}

std::unique_ptr<Transport> Loop::make_transport(Socket socket) const {
  if (!options_.tls) return make_plain_transport(std::move(socket));
  return make_tls_transport(std::move(socket), *options_.tls->current());
}

/// Says why, as far as the socket takes it at once, and closes. With TLS it only closes: a
/// handshake would cost more than what is saved.
void Loop::turn_away(Socket socket, std::string_view reason) {
  if (options_.tls) return;
  Response response = application_.bad_request(503, reason);
  response.close = true;
  ResponseWriter writer;
  writer.append(std::move(response), {}, clock_.now());
  Error ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(writer.buffers(), ignored);
  socket.shutdown(Socket::shutdown_send, ignored);
}

void Loop::on_closed(const std::shared_ptr<Connection>& connection) {
  connections_.erase(connection);
  counts_.leave(connection->peer().address);
}

void Loop::do_sweep() {
  sweeping_ = true;
  sweep_timer_.expires_after(options_.deadlines.sweep);
  sweep_timer_.async_wait([this](Error error) {
    sweeping_ = false;
    if (!error) sweep();
  });
}

void Loop::sweep() {
  const auto now = std::chrono::steady_clock::now();
  for_each_connection([now](Connection& connection) { connection.check_deadlines(now); });
  if (!connections_.empty()) do_sweep();
}

/// `visit` may close the connection.
void Loop::for_each_connection(const std::function<void(Connection&)>& visit) {
  for (auto next = connections_.begin(); next != connections_.end();) {
    const std::shared_ptr<Connection> connection = *next++;
    visit(*connection);
  }
}

}  // namespace mentat_sync
