// One connection is made and closed again, so that a wrong URL is told before all else.
#include "cli/load/load_target.hpp"

#include "cli/load/load_bounds.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <poll.h>
#include <system_error>
#include <unistd.h>

namespace mentat_sync {
namespace {

using AddressList = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

std::string error_text(int number) {
  return std::generic_category().message(number);
}

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

/// Whether something has become of it in time.
bool await_connected(int socket, const std::atomic<bool>& stop) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + load_bounds::first_connect_timeout;
  while (Clock::now() < deadline && !stop) {
    pollfd waiting{socket, POLLOUT, 0};
    constexpr int interval = static_cast<int>(load_bounds::progress_interval.count());
    if (::poll(&waiting, 1, interval) > 0) return true;
  }
  return false;
}

/// 0, or the system's error.
int try_connect(const addrinfo& address, const std::atomic<bool>& stop) {
  const Descriptor socket{
      ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (socket.get() < 0) return errno;
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (!await_connected(socket.get(), stop)) return ETIMEDOUT;
  int result = 0;
  socklen_t size = sizeof result;
  ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &result, &size);
  return result;
}

std::string head_of(const ServerUrl& server, const std::string& token) {
  std::string head = " HTTP/1.1\r\nHost: " + server.authority() + "\r\n";
  if (!token.empty()) head += "Authorization: Bearer " + token + "\r\n";
  return head;
}

}  // namespace

Result<LoadTarget> LoadTarget::find(const ServerUrl& server, const RemoteAccess& access,
                                    const std::atomic<bool>& stop) {
  LoadTarget target;
  target.host_ = server.host();
  target.path_ = server.prefix() + "/0.1/";
  const auto& token = access.token_of_file.empty() ? access.token : access.token_of_file;
  target.common_head_ = head_of(server, token);
  if (server.encrypted()) {
    ClientOptions options;
    options.ca_file = access.ca_file;
    options.certificate_file = access.certificate_file;
    options.key_file = access.key_file;
    auto context = make_client_tls_context(options);
    if (!context) return context.status();
    target.tls_ = *std::move(context);
  }
  if (Status status = target.connect_once(server, stop); !status.ok()) return status;
  return target;
}

Status LoadTarget::connect_once(const ServerUrl& server, const std::atomic<bool>& stop) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const auto port = std::to_string(server.port());
  const int code = ::getaddrinfo(server.host().c_str(), port.c_str(), &hints, &found);
  const auto failed = [&server](const std::string& why) {
    return Status{ErrorCode::io, server.to_string() + " cannot be reached: " + why};
  };
  if (code != 0) return failed(::gai_strerror(code));
  const AddressList addresses{found, &::freeaddrinfo};
  int error = 0;
  for (const auto* address = addresses.get(); address; address = address->ai_next) {
    error = try_connect(*address, stop);
    if (error != 0) continue;
    std::memcpy(&address_, address->ai_addr, address->ai_addrlen);
    address_bytes_ = address->ai_addrlen;
    return {};
  }
  return failed(error_text(error));
}

}  // namespace mentat_sync
