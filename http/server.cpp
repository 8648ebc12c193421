// See server.hpp.
#include "http/server.hpp"

#include "http/loop.hpp"

#include <algorithm>
#include <future>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace mentat_sync {
namespace {

/// How often drain() looks whether the last connection has ended.
constexpr std::chrono::milliseconds drain_poll_interval{5};

unsigned usable_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (::sched_getaffinity(0, sizeof cores, &cores) != 0) return 1;
  return static_cast<unsigned>(std::max(1, CPU_COUNT(&cores)));
}

/// While it lives, threads are born with all signals blocked: they are main's to wait for.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, Application& application)
      : options_(std::move(options)),
        application_(application),
        shared_{{options_.max_connections, options_.max_connections_per_address},
                BodyBudget{options_.max_bodies_bytes},
                BodyBudget{options_.max_answers_bytes}} {}

  Status start();
  std::uint16_t port() const { return port_; }
  unsigned threads() const { return static_cast<unsigned>(loops_.size()); }
  std::size_t connections() const { return shared_.connections.open(); }
  ServerStatistics statistics() const;
  bool loops_turn(std::chrono::milliseconds patience) const;
  bool drain(std::chrono::milliseconds deadline);

 private:
  Status listen();
  Status listen_on_inherited();

  const ServerOptions options_;
  Application& application_;
  SharedAmongLoops shared_;
  std::uint16_t port_ = 0;
  std::vector<std::unique_ptr<Loop>> loops_;
};

Status Server::Impl::start() {
  const unsigned threads = options_.threads == 0 ? usable_cores() : options_.threads;
  for (unsigned i = 0; i < threads; ++i) {
    loops_.push_back(std::make_unique<Loop>(options_, application_, shared_));
  }
  if (Status status = listen(); !status.ok()) return status;
  const SignalsBlocked blocked;
  for (const auto& loop : loops_) loop->start();
  return {};
}

Status Server::Impl::listen_on_inherited() {
  for (const auto& loop : loops_) {
    for (const int descriptor : options_.inherited_sockets) {
      if (Status status = loop->listen_on(descriptor); !status.ok()) return status;
    }
  }
  port_ = loops_.front()->port();
  return {};
}

Status Server::Impl::listen() {
  if (!options_.inherited_sockets.empty()) return listen_on_inherited();
  auto endpoint = parse_endpoint(options_.address, options_.port);
  if (!endpoint) return endpoint.status();
  if (endpoint->port() != 0) {
    if (Status status = check_port_is_free(*endpoint); !status.ok()) return status;
  }
  for (const auto& loop : loops_) {
    if (Status status = loop->listen(*endpoint); !status.ok()) return status;
    endpoint->port(loop->port());  // what the system chose for the first is the others' too
  }
  port_ = endpoint->port();
  return {};
}

ServerStatistics Server::Impl::statistics() const {
  const ConnectionCounts& counts = shared_.connections;
  return {.connections = counts.open(),
          .bodies_bytes = shared_.bodies.held_bytes(),
          .answers_bytes = shared_.answers.held_bytes(),
          .accepted = counts.accepted(),
          .refused = counts.refused(),
          .refused_by_address = counts.refused_by_address()};
}

bool Server::Impl::loops_turn(std::chrono::milliseconds patience) const {
  const auto end = std::chrono::steady_clock::now() + patience;
  std::vector<std::future<void>> turns;
  for (const auto& loop : loops_) turns.push_back(loop->turn());
  return std::all_of(turns.begin(), turns.end(), [end](std::future<void>& turn) {
    return turn.wait_until(end) == std::future_status::ready;
  });
}

bool Server::Impl::drain(std::chrono::milliseconds deadline) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  for (const auto& loop : loops_) loop->drain();
  while (connections() > 0 && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(drain_poll_interval);
  }
  std::size_t unfinished = 0;
  for (const auto& loop : loops_) unfinished += loop->close_connections();
  return unfinished == 0;
}

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Application& application) {
  try {
    auto impl = std::make_unique<Impl>(std::move(options), application);
    if (Status status = impl->start(); !status.ok()) return status;
    return std::unique_ptr<Server>{new Server{std::move(impl)}};
  } catch (const std::system_error& error) {
    return Status{ErrorCode::io, std::string{"cannot start the server: "} + error.what()};
  }
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() = default;

std::uint16_t Server::port() const {
  return impl_->port();
}
unsigned Server::threads() const {
  return impl_->threads();
}
std::size_t Server::connections() const {
  return impl_->connections();
}
ServerStatistics Server::statistics() const {
  return impl_->statistics();
}
bool Server::loops_turn(std::chrono::milliseconds patience) const {
  return impl_->loops_turn(patience);
}
bool Server::drain(std::chrono::milliseconds deadline) {
  return impl_->drain(deadline);
}

}  // namespace mentat_sync
