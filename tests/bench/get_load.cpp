// One thread, epoll, one send and one recv for an answer that fits.
#include "bench/get_load.hpp"

#include "http/tls/openssl_handles.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <memory>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string_view>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace mentat_sync {
namespace {

using Clock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

constexpr std::size_t buffer_bytes = std::size_t{256} * 1024;

void check(bool ok, const char* what) {
  if (!ok) throw std::system_error{errno, std::generic_category(), what};
}

/// How long the answer is that `input` begins with; 0: its header is not whole.
std::size_t answer_bytes(std::string_view input) {
  const auto header_end = input.find("\r\n\r\n");
  if (header_end == input.npos) return 0;
  if (!input.starts_with("HTTP/1.1 200 ")) {
    throw std::runtime_error{"not what was asked for: " + std::string{input.substr(0, 200)}};
  }
  constexpr std::string_view name = "ontent-Length: ";
  const auto found = input.find(name);
  if (found > header_end) throw std::runtime_error{"an answer without a length"};
  std::size_t body = 0;
  std::from_chars(input.data() + found + name.size(), input.data() + header_end, body);
  return header_end + 4 + body;
}

class Getter {
 public:
  Getter(const GetLoad& load, SSL_CTX* tls, std::size_t first)
      : requests_(requests_of(load)), next_(first % requests_.size()), input_(buffer_bytes) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    check(socket_ >= 0, "socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(load.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    check(connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0,
          "connect");
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (tls != nullptr) shake_hands(tls);
  }
  ~Getter() { close(socket_); }
  Getter(const Getter&) = delete;
  Getter& operator=(const Getter&) = delete;

  int socket() const { return socket_; }
  void ask() {
    const std::string& request = requests_[next_];
    next_ = next_ + 1 == requests_.size() ? 0 : next_ + 1;
    begun_ = Clock::now();
    const auto sent = tls_ ? SSL_write(tls_.get(), request.data(), static_cast<int>(request.size()))
                           : send(socket_, request.data(), request.size(), MSG_NOSIGNAL);
    check(sent == static_cast<ssize_t>(request.size()), "send");
  }
  /// Whether a whole answer has come; `latency` is set then.
  bool hear(Microseconds& latency, std::uint64_t& bytes) {
    for (;;) {
      if (const auto got = receive(); got == 0) return false;
      const std::size_t wanted = answer_bytes({input_.data(), filled_});
      if (wanted > buffer_bytes) throw std::runtime_error{"an answer is too long"};
      if (wanted != 0 && filled_ >= wanted) break;
      if (!tls_) return false;
    }
    bytes += filled_;
    filled_ = 0;
    latency = Clock::now() - begun_;
    return true;
  }

 private:
  static std::vector<std::string> requests_of(const GetLoad& load) {
    std::vector<std::string> requests;
    for (const std::string& target : load.targets) {
      requests.push_back("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
    return requests;
  }

  void shake_hands(SSL_CTX* context) {
    tls_.reset(SSL_new(context));
    SSL_set_fd(tls_.get(), socket_);
    if (SSL_connect(tls_.get()) != 1) throw std::runtime_error{"a TLS handshake failed"};
  }

  std::size_t receive() {
    char* const room = input_.data() + filled_;
    const std::size_t size = buffer_bytes - filled_;
    const auto got =
        tls_ ? SSL_read(tls_.get(), room, static_cast<int>(size)) : recv(socket_, room, size, 0);
    if (got > 0) {
      filled_ += static_cast<std::size_t>(got);
      return static_cast<std::size_t>(got);
    }
    if (tls_ && SSL_get_error(tls_.get(), static_cast<int>(got)) == SSL_ERROR_WANT_READ) return 0;
    if (!tls_ && got < 0 && errno == EAGAIN) return 0;
    throw std::runtime_error{"a connection was lost"};
  }

  const std::vector<std::string> requests_;
  std::size_t next_;
  int socket_ = -1;
  TlsHandle tls_;
  std::vector<char> input_;
  std::size_t filled_ = 0;
  Clock::time_point begun_;
};

void watch(Getter& getter, int epoll) {
  const int on = 1;
  check(ioctl(getter.socket(), FIONBIO, &on) == 0, "ioctl");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = &getter;
  check(epoll_ctl(epoll, EPOLL_CTL_ADD, getter.socket(), &event) == 0, "epoll_ctl");
}

class Epoll {
 public:
  Epoll() : descriptor_(epoll_create1(EPOLL_CLOEXEC)) { check(descriptor_ >= 0, "epoll_create1"); }
  ~Epoll() { close(descriptor_); }
  Epoll(const Epoll&) = delete;
  Epoll& operator=(const Epoll&) = delete;
  int descriptor() const { return descriptor_; }

  template <class Visit>
  void wait(Visit visit) const {
    std::array<epoll_event, 128> events;
    const int count = epoll_wait(descriptor_, events.data(), events.size(), 10'000);
    if (count < 0 && errno == EINTR) return;
    check(count > 0, "epoll_wait, or nothing came for 10 s");
    for (int i = 0; i < count; ++i) visit(*static_cast<Getter*>(events[i].data.ptr));
  }

 private:
  const int descriptor_;
};

using TlsContext = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

TlsContext make_tls_context(bool wanted) {
  TlsContext context{wanted ? SSL_CTX_new(TLS_client_method()) : nullptr, &SSL_CTX_free};
  if (wanted) SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
  return context;
}

}  // namespace

GetFigures get_all(const GetLoad& load) {
  const TlsContext tls = make_tls_context(load.tls);
  const Epoll epoll;
  std::vector<std::unique_ptr<Getter>> getters;
  for (std::size_t i = 0; i < load.connections; ++i) {
    // Not all of them side by side: of many targets, few are asked for by several.
    const std::size_t first = i * load.targets.size() / load.connections;
    getters.push_back(std::make_unique<Getter>(load, tls.get(), first));
    watch(*getters.back(), epoll.descriptor());
  }
  std::vector<Microseconds> latencies;
  std::uint64_t bytes = 0;
  const auto start = Clock::now();
  const auto end = start + std::chrono::duration_cast<Clock::duration>(load.time);
  for (const auto& getter : getters) getter->ask();
  while (Clock::now() < end) {
    epoll.wait([&](Getter& getter) {
      Microseconds latency;
      if (!getter.hear(latency, bytes)) return;
      latencies.push_back(latency);
      getter.ask();
    });
  }
  const std::chrono::duration<double> elapsed = Clock::now() - start;
  if (latencies.empty()) throw std::runtime_error{"nothing was answered"};
  std::ranges::sort(latencies);
  return {.answers_a_second = static_cast<double>(latencies.size()) / elapsed.count(),
          .bytes_a_second = static_cast<double>(bytes) / elapsed.count(),
          .p50 = latencies[latencies.size() / 2],
          .p99 = latencies[latencies.size() * 99 / 100]};
}

}  // namespace mentat_sync
