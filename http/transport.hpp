// Transport: the byte stream that a connection reads and writes, whatever carries it: a socket, TLS
// over one, or memory.
//
// What can be done at once is tried by read_now() and write_now(); what cannot is waited for by an
// operation. At most one read and one write may be under way at a time, and no other operation
// beside a handshake. A completion is never called from within the call that began it.
//
// Thread-safety: none; it belongs to its loop's thread.
// Ownership and lifetime: its user owns it; an operation under way holds the user, so both live
// until it has completed. Buffers must stay as they are until then.
// Failures: the error of a completion; asio::error::eof at the peer's orderly end, and
// operation_aborted after close(). After another error only close() makes sense, but for
// plain_http_error().
#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace mentat_sync {

/// The executor's type is spelt out: the type-erased one costs on every operation.
using Socket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// Whoever reads and writes: a connection. An interface instead of a function for each operation,
/// so that an operation allocates nothing.
class TransportUser {
 public:
  using IoError = boost::system::error_code;

  virtual ~TransportUser() = default;

  virtual void on_handshake(IoError error) = 0;
  /// At least one byte, unless `error`.
  virtual void on_read(IoError error, std::size_t bytes) = 0;
  virtual void on_write(IoError error, std::size_t bytes) = 0;
};

class Transport {
 public:
  using IoError = TransportUser::IoError;
  using User = std::shared_ptr<TransportUser>;

  /// How it is closed.
  enum class Farewell {
    /// The peer shall know that all was sent that there is to send.
    complete,
    /// Something is missing: where the peer can tell the two ends apart (TLS), it will.
    cut_off,
  };

  virtual ~Transport() = default;

  /// Whether async_handshake() must have succeeded before anything is read or written.
  virtual bool needs_handshake() const = 0;
  virtual void async_handshake(User user) = 0;

  /// What an attempt has come to: some bytes, an error, or neither: then it is to be waited for.
  struct Attempt {
    IoError error = {};
    std::size_t bytes = 0;
  };
  /// Only while no read is under way.
  virtual Attempt read_now(boost::asio::mutable_buffer buffer) = 0;
  /// Some of `buffers`, from their beginning. What is left must follow. Only while no write is
  /// under way.
  virtual Attempt write_now(std::span<const boost::asio::const_buffer> buffers) = 0;

  virtual void async_read_some(boost::asio::mutable_buffer buffer, User user) = 0;
  /// Writes some of `buffers`, from their beginning.
  virtual void async_write_some(std::span<const boost::asio::const_buffer> buffers, User user) = 0;

  /// Tells the peer that nothing more will be sent. What is read from then on may be of any form,
  /// and is good for nothing but to be dropped.
  virtual void finish_sending(IoError& error) = 0;
  /// What is under way completes with operation_aborted, later.
  virtual void close(Farewell farewell) = 0;

  /// After the handshake: the subject (RFC 2253) of the peer's certificate, which was verified;
  /// empty when it has none.
  virtual std::string peer_certificate() const { return {}; }
};

/// Over TCP alone.
std::unique_ptr<Transport> make_plain_transport(Socket socket);

/// The handshake failed because the peer speaks HTTP without TLS. From then on the transport is a
/// plain one, so that the peer can be told so.
boost::system::error_code plain_http_error();

}  // namespace mentat_sync
