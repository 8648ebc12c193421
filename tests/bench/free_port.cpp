// Asks the system for one and gives it back: whoever takes it next takes it at once.
#include "bench/free_port.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace mentat_sync {
namespace {

class LoopbackSocket {
 public:
  LoopbackSocket() : descriptor_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (descriptor_ < 0) throw std::runtime_error{"no socket can be made"};
  }
  ~LoopbackSocket() { close(descriptor_); }
  LoopbackSocket(const LoopbackSocket&) = delete;
  LoopbackSocket& operator=(const LoopbackSocket&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

std::uint16_t free_port() {
  const LoopbackSocket socket;
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(socket.descriptor(), generic, size) != 0 ||
      getsockname(socket.descriptor(), generic, &size) != 0) {
    throw std::runtime_error{"there is no free port"};
  }
  return ntohs(address.sin_port);
}

bool listens(std::uint16_t port) {
  const LoopbackSocket socket;
  const sockaddr_in address = loopback(port);
  return connect(socket.descriptor(), reinterpret_cast<const sockaddr*>(&address),
                 sizeof address) == 0;
}

}  // namespace mentat_sync
