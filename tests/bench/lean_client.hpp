// LeanClient: HTTP over one kept-alive connection with as little work as can be, so that what is
// timed is the server and the round trips. It knows what this server answers, and no more of HTTP.
//
// Thread-safety: one thread. Ownership: an answer's body is valid until the next request.
// Failures: throws std::runtime_error on any status but the one expected, and on a lost connection:
// a figure for a server that refuses would mean nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace mentat_sync {

class LeanClient {
 public:
  LeanClient(std::uint16_t port, std::string user);
  ~LeanClient();
  LeanClient(const LeanClient&) = delete;
  LeanClient& operator=(const LeanClient&) = delete;

  /// For another user from now on, over the same connection.
  void speak_for(std::string user) { user_ = std::move(user); }

  /// `path` is below the user: "/head".
  std::string_view get(std::string_view path);
  /// The same of what comes in pieces, whose bytes are dropped as they come; how many there were,
  /// the header's among them.
  std::uint64_t get_and_drop(std::string_view path);
  void put(std::string_view path, std::string_view body, unsigned status);
  void post_log(std::string_view log, unsigned status);

  /// Bytes received so far, headers and all.
  std::uint64_t received_bytes() const { return received_bytes_; }

 private:
  void send_get(std::string_view path);
  void send(std::string_view head, std::string_view body);
  std::string_view receive(unsigned status);
  void receive_chunked(std::size_t header_bytes);
  void read_more();

  int socket_ = -1;
  std::string user_;
  std::string request_;
  std::string input_;
  std::string body_;
  std::uint64_t received_bytes_ = 0;
};

}  // namespace mentat_sync
