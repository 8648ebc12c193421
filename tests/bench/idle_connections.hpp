// Many connections that only wait: event streams of different users, or kept-alive connections
// between two requests.
//
// Thread-safety: one thread. Ownership: the connections close with the object.
// Failures: throws std::runtime_error when one cannot be opened or is not answered.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

/// Raises RLIMIT_NOFILE to `wanted` if that is allowed; returns how many files may be open.
std::size_t raise_open_files_to(std::size_t wanted);

class IdleConnections {
 public:
  explicit IdleConnections(std::uint16_t port) : port_(port) {}
  ~IdleConnections() { close_all(); }
  IdleConnections(const IdleConnections&) = delete;
  IdleConnections& operator=(const IdleConnections&) = delete;

  /// Opens one more and asks for `target`; waits until the answer holds `expected`.
  void open(const std::string& target, std::string_view expected);
  void close_all();

  std::size_t size() const { return sockets_.size(); }

  /// Waits until each has received something that holds `expected`, in any order.
  void await_on_all(std::string_view expected);

 private:
  const std::uint16_t port_;
  std::vector<int> sockets_;
};

}  // namespace mentat_sync
