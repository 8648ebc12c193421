// See tls_transport.hpp. Each operation is the same loop: try, wait for what OpenSSL wants, and
// again.
#include "http/tls_transport.hpp"

#include "http/tls/pem_files.hpp"
#include "http/tls/socket_bio.hpp"
#include "storage/bounds.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

namespace mentat_sync {
namespace {

namespace asio = boost::asio;
using IoError = Transport::IoError;
using Buffers = std::span<const asio::const_buffer>;

/// What one TLS record holds (RFC 8446, section 5.1).
constexpr std::size_t record_bytes = 16 * bounds::KiB;
/// One operation writes no more, so that a fast reader of one large answer leaves the thread to
/// other connections now and then.
constexpr std::size_t written_at_once_bytes = 256 * bounds::KiB;

/// What an attempt has come to: done, or waiting for the socket.
struct TlsAttempt {
  enum class Wants { nothing, to_read, to_write };
  Wants wants = Wants::nothing;
  IoError error = {};
  std::size_t bytes = 0;
};

class TlsTransport final : public Transport {
 public:
  TlsTransport(Socket socket, SSL_CTX& context);

  bool needs_handshake() const override { return true; }
  void async_handshake(User user) override { handshake(std::move(user), Call::first); }
  Attempt read_now(asio::mutable_buffer buffer) override;
  Attempt write_now(Buffers buffers) override { return now(try_to_write(buffers)); }
  void async_read_some(asio::mutable_buffer buffer, User user) override;
  void async_write_some(Buffers buffers, User user) override {
    write(buffers, std::move(user), Call::first);
  }
  void finish_sending(IoError& error) override;
  void close(Farewell farewell) override;
  std::string peer_certificate() const override;

 private:
  /// Whether the user is still in the call that began the operation.
  enum class Call { first, later };

  void handshake(User user, Call call);
  void read(asio::mutable_buffer buffer, User user, Call call);
  void wait_to_read(TlsAttempt::Wants wants, asio::mutable_buffer buffer, User user);
  void write(Buffers buffers, User user, Call call);
  template <class Retry>
  void wait(TlsAttempt::Wants wants, Retry retry);
  template <class Completion>
  void complete(Call call, Completion completion);

  static Attempt now(const TlsAttempt& attempt) { return {attempt.error, attempt.bytes}; }
  TlsAttempt try_to_read(asio::mutable_buffer buffer) {
    return plain_ ? try_plain_read(buffer) : try_read(buffer);
  }
  TlsAttempt try_to_write(Buffers buffers) {
    return plain_ ? try_plain_write(buffers) : try_write(buffers);
  }
  TlsAttempt try_handshake();
  TlsAttempt try_read(asio::mutable_buffer buffer);
  TlsAttempt try_write(Buffers buffers);
  TlsAttempt try_write_record(std::string_view record);
  TlsAttempt try_plain_read(asio::mutable_buffer buffer);
  TlsAttempt try_plain_write(Buffers buffers);
  TlsAttempt failed(int result);
  void say_goodbye();

  Socket socket_;
  TlsHandle tls_;
  bool established_ = false;
  /// OpenSSL wants no further call.
  bool broken_ = false;
  /// No TLS (any more): see finish_sending() and plain_http_error().
  bool plain_ = false;
  /// What the last read_now() would have had to wait for.
  TlsAttempt::Wants read_wants_ = TlsAttempt::Wants::nothing;
  /// Of a record that was begun and did not fit the socket: the same bytes must follow.
  std::size_t unfinished_record_bytes_ = 0;
};

/// The next record's bytes: where they lie when they lie together, else gathered in `scratch`.
std::string_view next_record(Buffers buffers, std::size_t skipped, std::size_t limit,
                             std::array<char, record_bytes>& scratch) {
  std::size_t gathered = 0;
  for (std::size_t i = 0; i < buffers.size() && gathered < limit; ++i) {
    const std::size_t passed = std::min(skipped, buffers[i].size());
    skipped -= passed;
    const auto* const data = static_cast<const char*>(buffers[i].data()) + passed;
    const std::size_t count = std::min(buffers[i].size() - passed, limit - gathered);
    const bool alone = gathered == 0 && (count == limit || i + 1 == buffers.size());
    if (alone) return {data, count};
    if (count != 0) std::memcpy(scratch.data() + gathered, data, count);
    gathered += count;
  }
  return {scratch.data(), gathered};
}

TlsTransport::TlsTransport(Socket socket, SSL_CTX& context)
    : socket_(std::move(socket)), tls_(::SSL_new(&context)) {
  if (!tls_) throw std::bad_alloc();
  IoError ignored;  // a socket that has failed says so when it is used
  socket_.non_blocking(true, ignored);
  use_socket(*tls_, socket_.native_handle());
  ::SSL_set_accept_state(tls_.get());
}

// --- Operations ----------------------------------------------------------------------------------

template <class Retry>
void TlsTransport::wait(TlsAttempt::Wants wants, Retry retry) {
  const auto side = wants == TlsAttempt::Wants::to_read ? Socket::wait_read : Socket::wait_write;
  socket_.async_wait(side, [this, retry = std::move(retry)](IoError error) mutable {
    // Its descriptor may be another connection's by now.
    if (!socket_.is_open()) error = asio::error::operation_aborted;
    retry(error);
  });
}

template <class Completion>
void TlsTransport::complete(Call call, Completion completion) {
  if (call == Call::later) return completion();
  asio::post(socket_.get_executor(), std::move(completion));
}

void TlsTransport::handshake(User user, Call call) {
  const TlsAttempt attempt = try_handshake();
  if (attempt.wants == TlsAttempt::Wants::nothing) {
    return complete(call,
                    [user = std::move(user), error = attempt.error] { user->on_handshake(error); });
  }
  wait(attempt.wants, [this, user = std::move(user)](IoError error) mutable {
    if (error) return user->on_handshake(error);
    handshake(std::move(user), Call::later);
  });
}

Transport::Attempt TlsTransport::read_now(asio::mutable_buffer buffer) {
  const TlsAttempt attempt = try_to_read(buffer);
  read_wants_ = attempt.wants;
  return now(attempt);
}

/// After a read_now() that brought nothing it is waited for at once: to try again is costly here.
void TlsTransport::async_read_some(asio::mutable_buffer buffer, User user) {
  const auto wants = std::exchange(read_wants_, TlsAttempt::Wants::nothing);
  if (wants == TlsAttempt::Wants::nothing) return read(buffer, std::move(user), Call::first);
  wait_to_read(wants, buffer, std::move(user));
}

void TlsTransport::read(asio::mutable_buffer buffer, User user, Call call) {
  const TlsAttempt attempt = try_to_read(buffer);
  if (attempt.wants == TlsAttempt::Wants::nothing) {
    return complete(
        call, [user = std::move(user), attempt] { user->on_read(attempt.error, attempt.bytes); });
  }
  wait_to_read(attempt.wants, buffer, std::move(user));
}

void TlsTransport::wait_to_read(TlsAttempt::Wants wants, asio::mutable_buffer buffer, User user) {
  wait(wants, [this, buffer, user = std::move(user)](IoError error) mutable {
    if (error) return user->on_read(error, 0);
    read(buffer, std::move(user), Call::later);
  });
}

void TlsTransport::write(Buffers buffers, User user, Call call) {
  const TlsAttempt attempt = try_to_write(buffers);
  if (attempt.wants == TlsAttempt::Wants::nothing) {
    return complete(
        call, [user = std::move(user), attempt] { user->on_write(attempt.error, attempt.bytes); });
  }
  wait(attempt.wants, [this, buffers, user = std::move(user)](IoError error) mutable {
    if (error) return user->on_write(error, 0);
    write(buffers, std::move(user), Call::later);
  });
}

void TlsTransport::finish_sending(IoError& error) {
  say_goodbye();
  plain_ = true;
  socket_.shutdown(Socket::shutdown_send, error);
}

void TlsTransport::close(Farewell farewell) {
  if (farewell == Farewell::complete) say_goodbye();
  IoError ignored;
  socket_.close(ignored);
}

/// As far as the socket takes it at once: what came before is in its buffer already, and an answer
/// says itself where it ends.
void TlsTransport::say_goodbye() {
  if (!established_ || broken_ || plain_ || unfinished_record_bytes_ != 0) return;
  if (!socket_.is_open()) return;
  ::SSL_shutdown(tls_.get());
  ::ERR_clear_error();
}

std::string TlsTransport::peer_certificate() const {
  const X509* const certificate = ::SSL_get0_peer_certificate(tls_.get());
  return certificate ? subject_of(*certificate) : std::string{};
}

// --- Attempts ------------------------------------------------------------------------------------

TlsAttempt TlsTransport::try_handshake() {
  ::ERR_clear_error();
  const int result = ::SSL_do_handshake(tls_.get());
  established_ = result == 1;
  return established_ ? TlsAttempt{} : failed(result);
}

TlsAttempt TlsTransport::try_read(asio::mutable_buffer buffer) {
  ::ERR_clear_error();
  TlsAttempt attempt;
  const int result = ::SSL_read_ex(tls_.get(), buffer.data(), buffer.size(), &attempt.bytes);
  return result == 1 ? attempt : failed(result);
}

TlsAttempt TlsTransport::try_write(Buffers buffers) {
  thread_local std::array<char, record_bytes> scratch;
  const std::size_t total = std::min(asio::buffer_size(buffers), written_at_once_bytes);
  TlsAttempt written;
  while (written.bytes < total) {
    const std::size_t limit =
        unfinished_record_bytes_ != 0 ? unfinished_record_bytes_ : record_bytes;
    const auto record = next_record(buffers, written.bytes, limit, scratch);
    assert(unfinished_record_bytes_ == 0 || record.size() == unfinished_record_bytes_);
    const TlsAttempt attempt = try_write_record(record);
    written.bytes += attempt.bytes;
    // What fails after something was written fails again, the next time.
    if (attempt.bytes == 0) return written.bytes != 0 ? written : attempt;
  }
  return written;
}

TlsAttempt TlsTransport::try_write_record(std::string_view record) {
  ::ERR_clear_error();
  TlsAttempt attempt;
  const int result = ::SSL_write_ex(tls_.get(), record.data(), record.size(), &attempt.bytes);
  if (result != 1) attempt = failed(result);
  unfinished_record_bytes_ = attempt.wants == TlsAttempt::Wants::nothing ? 0 : record.size();
  return attempt;
}

TlsAttempt TlsTransport::try_plain_read(asio::mutable_buffer buffer) {
  TlsAttempt attempt;
  attempt.bytes = socket_.read_some(asio::mutable_buffers_1{buffer}, attempt.error);
  if (attempt.error == asio::error::would_block) attempt = {TlsAttempt::Wants::to_read};
  return attempt;
}

TlsAttempt TlsTransport::try_plain_write(Buffers buffers) {
  TlsAttempt attempt;
  attempt.bytes = socket_.write_some(buffers, attempt.error);
  if (attempt.error == asio::error::would_block) attempt = {TlsAttempt::Wants::to_write};
  return attempt;
}

/// What `result` of OpenSSL means: an attempt that must wait, or an error.
TlsAttempt TlsTransport::failed(int result) {
  const int system_error = errno;
  const int kind = ::SSL_get_error(tls_.get(), result);
  if (kind == SSL_ERROR_WANT_READ) return {TlsAttempt::Wants::to_read};
  if (kind == SSL_ERROR_WANT_WRITE) return {TlsAttempt::Wants::to_write};
  if (kind == SSL_ERROR_ZERO_RETURN) return {.error = asio::error::eof};
  broken_ = true;
  const unsigned long error = ::ERR_get_error();
  ::ERR_clear_error();
  if (kind == SSL_ERROR_SYSCALL || error == 0) {
    if (system_error == 0) return {.error = asio::error::connection_reset};
    return {.error = {system_error, boost::system::system_category()}};
  }
  const IoError what{static_cast<int>(error), asio::error::get_ssl_category()};
  plain_ = what == plain_http_error();
  return {.error = what};
}

}  // namespace

boost::system::error_code plain_http_error() {
  return {ERR_PACK(ERR_LIB_SSL, 0, SSL_R_HTTP_REQUEST), asio::error::get_ssl_category()};
}

std::unique_ptr<Transport> make_tls_transport(Socket socket, ssl_ctx_st& context) {
  return std::make_unique<TlsTransport>(std::move(socket), context);
}

}  // namespace mentat_sync
