// One thread for each flood; its sockets never block, so that one connection that the server does
// not read cannot keep the others from flooding.
#include "flood.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mentat_sync {
namespace {

/// Little, so that what is not read stays with the server.
constexpr int unread_bytes = 4096;

sockaddr_in address_of(const std::string& text, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  ::inet_pton(AF_INET, text.c_str(), &address.sin_addr);
  return address;
}

bool connect_from(int socket, const std::string& source, std::uint16_t port) {
  const sockaddr_in from = address_of(source, 0);
  const sockaddr_in to = address_of("127.0.0.1", port);
  return ::bind(socket, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0 &&
         ::connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
}

}  // namespace

struct Flood::Lane {
  Lane() = default;
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;
  ~Lane() { close(); }

  bool open(const std::string& source, std::uint16_t port, bool reads) {
    socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return false;
    if (!reads) {
      ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &unread_bytes, sizeof unread_bytes);
    }
    if (connect_from(socket, source, port)) return true;
    close();
    return false;
  }
  void close() {
    if (socket >= 0) ::close(socket);
    socket = -1;
  }
  void send() {
    const auto sent = ::send(socket, unsent.data(), unsent.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) unsent.erase(0, static_cast<std::size_t>(sent));
  }
  std::string read() const {
    std::array<char, 64 * 1024> bytes;
    const auto got = ::recv(socket, bytes.data(), bytes.size(), MSG_DONTWAIT);
    return got > 0 ? std::string(bytes.data(), static_cast<std::size_t>(got)) : std::string{};
  }
  bool ended() const {
    pollfd entry{socket, POLLRDHUP, 0};
    return ::poll(&entry, 1, 0) > 0;
  }

  int socket = -1;
  std::string unsent;
};

Flood::Flood(std::uint16_t port, std::string source, FloodPlan plan)
    : port_(port),
      source_(std::move(source)),
      plan_(std::move(plan)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Flood::run(const std::stop_token& stop) {
  std::vector<Lane> lanes(plan_.connections);
  while (!stop.stop_requested()) {
    for (Lane& lane : lanes) step(lane);
    std::this_thread::sleep_for(plan_.pause);
  }
}

void Flood::step(Lane& lane) {
  if (lane.socket < 0) {
    if (!lane.open(source_, port_, plan_.reads)) return;
    lane.unsent = plan_.opening ? plan_.opening() : std::string{};
  }
  if (lane.unsent.empty() && plan_.more) lane.unsent = plan_.more();
  lane.send();
  const bool ended = lane.ended();
  if (plan_.reads) {
    for (auto bytes = lane.read(); !bytes.empty(); bytes = lane.read()) count(bytes);
  }
  if (!ended) return;
  ++seen_[connection_ended];
  lane.close();
}

/// A status that two reads cut in half is not counted: there are many.
void Flood::count(std::string_view received) {
  constexpr std::string_view start = "HTTP/1.1 ";
  for (auto at = received.find(start); at != received.npos; at = received.find(start, at + 1)) {
    const auto digits = received.substr(at + start.size(), 3);
    if (digits.size() < 3) return;
    const auto status = static_cast<std::size_t>((digits[0] - '0') * 100 + (digits[1] - '0') * 10 +
                                                 (digits[2] - '0'));
    if (status < seen_.size()) ++seen_[status];
  }
}

std::string Flood::summary() const {
  std::string text;
  for (std::size_t status = 1; status < seen_.size(); ++status) {
    if (seen_[status] > 0) {
      text += std::to_string(status) + ": " + std::to_string(seen_[status]) + ", ";
    }
  }
  return text + "ended: " + std::to_string(seen_[connection_ended]);
}

}  // namespace mentat_sync
