// ClientSocket: a TCP connection, TLS over it or not, with a deadline for every wait, as Beast's
// synchronous algorithms take one.
//
// Each operation tries first and polls only when it would block, for the socket and the interrupter
// at once: no thread and no event loop is needed for a time-out.
//
// Thread-safety: one thread. Ownership: closes its descriptor; the interrupter must outlive it.
// Failures: error codes: asio::error::timed_out, operation_aborted when interrupted, eof, or the
// system's.
// Source: the requirements of SyncReadStream and SyncWriteStream (Boost.Asio).
#pragma once

#include "http/client/client_tls.hpp"
#include "http/client/interrupter.hpp"
#include "http/client/server_url.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mentat_sync {

class ClientSocket {
 public:
  using Clock = std::chrono::steady_clock;
  using IoCode = boost::system::error_code;

  explicit ClientSocket(const Interrupter* interrupter) : interrupter_(interrupter) {}
  ~ClientSocket() { close(); }
  ClientSocket(const ClientSocket&) = delete;
  ClientSocket& operator=(const ClientSocket&) = delete;

  /// Tries the host's addresses in the resolver's order, each for `timeout` at the most.
  void connect(const ServerUrl& server, std::chrono::milliseconds timeout, IoCode& error);
  /// Begins TLS on what is connected, within `timeout`; `host` is who must be there.
  void secure(SSL_CTX& context, const std::string& host, std::chrono::milliseconds timeout,
              IoCode& error);
  /// Why secure() refused the server's certificate; empty: it did not.
  std::string certificate_fault() const { return tls_ ? tls_->certificate_fault() : ""; }
  bool is_open() const { return descriptor_ >= 0; }
  void close();

  /// What follows ends with timed_out when nothing gets through for `idle`, or at `end`.
  void set_deadlines(std::chrono::milliseconds idle, Clock::time_point end);

  /// Sends all. Stops early, without an error, when the peer says something although it does not
  /// take more: an answer to an unfinished request is a refusal, and to be read. False then.
  bool write_all(std::string_view bytes, bool more_follows, IoCode& error);

  /// At least one byte, unless `error`.
  std::size_t read(void* data, std::size_t size, IoCode& error);

  template <class MutableBufferSequence>
  std::size_t read_some(const MutableBufferSequence& buffers, IoCode& error) {
    for (auto it = boost::asio::buffer_sequence_begin(buffers);
         it != boost::asio::buffer_sequence_end(buffers); ++it) {
      const boost::asio::mutable_buffer buffer{*it};
      if (buffer.size() != 0) return read(buffer.data(), buffer.size(), error);
    }
    error = {};
    return 0;
  }
  template <class MutableBufferSequence>
  std::size_t read_some(const MutableBufferSequence& buffers) {
    IoCode error;
    const auto count = read_some(buffers, error);
    if (error) throw boost::system::system_error{error};
    return count;
  }

 private:
  /// The events of poll(2) that came, at least one of `events`; 0 with an error.
  short wait(short events, Clock::time_point until, IoCode& error) const;
  Clock::time_point deadline() const;
  bool write_all_encrypted(std::string_view bytes, IoCode& error);
  bool peer_speaks(IoCode& error);
  std::size_t read_encrypted(void* data, std::size_t size, IoCode& error);
  void connect_to(const void* address, std::size_t address_bytes, int family,
                  Clock::time_point until, IoCode& error);

  const Interrupter* interrupter_;
  int descriptor_ = -1;
  std::optional<ClientTls> tls_;
  std::chrono::milliseconds idle_{0};
  Clock::time_point end_;
};

}  // namespace mentat_sync
