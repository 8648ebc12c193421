// MemoryTransport: a connection's byte stream without a socket, so that a whole session runs
// deterministically: for tests of connections, and for fuzzing them.
//
// The test holds the other end, a MemoryStream, and runs the io_context itself:
//
//   boost::asio::io_context io;
//   auto stream = std::make_shared<MemoryStream>(io);
//   auto connection = std::make_shared<Connection>(make_memory_transport(stream), peer, host);
//   connection->start();
//   stream->send("GET / HTT");     // each piece is read by one read, or several smaller ones
//   stream->send("P/1.1\r\n\r\n");
//   stream->finish_sending();
//   io.poll();                     // everything that can happen happens, on this thread
//   stream->received();            // the answers, as far as the connection wrote them
//
// Thread-safety: the thread that runs the io_context.
// Ownership and lifetime: a read or a write that waits holds its connection, until the connection
// is closed; so close it (Connection::close()) before the stream is let go of.
#pragma once

#include "http/transport.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cstring>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace mentat_sync {

class MemoryStream {
 public:
  using IoError = Transport::IoError;

  explicit MemoryStream(boost::asio::io_context& io) : io_(io) {}

  // --- The peer's side ---------------------------------------------------------------------------

  void send(std::string bytes) {
    if (!bytes.empty()) pieces_.push_back(std::move(bytes));
    settle();
  }
  void finish_sending() {
    finished_ = true;
    settle();
  }
  /// Reads and writes end with `error` from now on.
  void fail(IoError error) {
    failure_ = error;
    settle();
  }
  /// How much one write takes; 0: the peer does not read.
  void set_write_limit(std::size_t bytes) {
    write_limit_bytes_ = bytes;
    settle();
  }
  const std::string& received() const { return received_; }
  /// Whether the connection waits for what the peer sends.
  bool is_read() const { return read_.has_value(); }
  /// Whether the connection will send nothing more.
  bool connection_finished() const { return connection_finished_ || closed_.has_value(); }
  /// How the connection was closed; nothing: it is open.
  const std::optional<Transport::Farewell>& closed() const { return closed_; }

  // --- The transport's side ----------------------------------------------------------------------

  Transport::Attempt read_now(boost::asio::mutable_buffer buffer) {
    if (failure_) return {failure_, 0};
    if (pieces_.empty()) return {finished_ ? boost::asio::error::eof : IoError{}, 0};
    return {{}, take(buffer)};
  }
  Transport::Attempt write_now(std::span<const boost::asio::const_buffer> buffers) {
    if (failure_) return {failure_, 0};
    return {{}, put(buffers)};
  }
  void read(boost::asio::mutable_buffer buffer, Transport::User user) {
    read_ = Read{buffer, std::move(user)};
    settle();
  }
  void write(std::span<const boost::asio::const_buffer> buffers, Transport::User user) {
    write_ = Write{buffers, std::move(user)};
    settle();
  }
  void finish_writing() { connection_finished_ = true; }
  void close(Transport::Farewell farewell) {
    closed_ = farewell;
    failure_ = boost::asio::error::operation_aborted;
    settle();
  }
  boost::asio::io_context& io() { return io_; }

 private:
  struct Read {
    boost::asio::mutable_buffer buffer;
    Transport::User user;
  };
  struct Write {
    std::span<const boost::asio::const_buffer> buffers;
    Transport::User user;
  };

  /// Completes what can be completed, by way of the io_context.
  void settle() {
    if (read_ && (failure_ || finished_ || !pieces_.empty())) {
      boost::asio::post(io_,
                        [this, read = *std::exchange(read_, std::nullopt)] { complete(read); });
    }
    if (write_ && (failure_ || write_limit_bytes_ != 0)) {
      boost::asio::post(io_,
                        [this, write = *std::exchange(write_, std::nullopt)] { complete(write); });
    }
  }

  void complete(const Read& read) {
    const auto [error, bytes] = read_now(read.buffer);
    read.user->on_read(error, bytes);
  }

  void complete(const Write& write) {
    const auto [error, bytes] = write_now(write.buffers);
    write.user->on_write(error, bytes);
  }

  /// From the peer; there is something.
  std::size_t take(boost::asio::mutable_buffer buffer) {
    std::string& piece = pieces_.front();
    const std::size_t count = std::min(piece.size(), buffer.size());
    std::memcpy(buffer.data(), piece.data(), count);
    piece.erase(0, count);
    if (piece.empty()) pieces_.pop_front();
    return count;
  }

  /// To the peer, as much as it takes.
  std::size_t put(std::span<const boost::asio::const_buffer> buffers) {
    std::size_t written = 0;
    for (const auto& buffer : buffers) {
      const std::size_t count = std::min(buffer.size(), write_limit_bytes_ - written);
      received_.append(static_cast<const char*>(buffer.data()), count);
      written += count;
    }
    return written;
  }

  boost::asio::io_context& io_;
  std::deque<std::string> pieces_;
  bool finished_ = false;
  IoError failure_;
  std::size_t write_limit_bytes_ = std::numeric_limits<std::size_t>::max();
  std::string received_;
  bool connection_finished_ = false;
  std::optional<Transport::Farewell> closed_;
  std::optional<Read> read_;
  std::optional<Write> write_;
};

class MemoryTransport final : public Transport {
 public:
  explicit MemoryTransport(std::shared_ptr<MemoryStream> stream) : stream_(std::move(stream)) {}

  bool needs_handshake() const override { return false; }
  void async_handshake(User user) override {
    boost::asio::post(stream_->io(), [user = std::move(user)] { user->on_handshake({}); });
  }
  Attempt read_now(boost::asio::mutable_buffer buffer) override {
    return stream_->read_now(buffer);
  }
  Attempt write_now(std::span<const boost::asio::const_buffer> buffers) override {
    return stream_->write_now(buffers);
  }
  void async_read_some(boost::asio::mutable_buffer buffer, User user) override {
    stream_->read(buffer, std::move(user));
  }
  void async_write_some(std::span<const boost::asio::const_buffer> buffers, User user) override {
    stream_->write(buffers, std::move(user));
  }
  void finish_sending(IoError& error) override {
    error = {};
    stream_->finish_writing();
  }
  void close(Farewell farewell) override { stream_->close(farewell); }

 private:
  std::shared_ptr<MemoryStream> stream_;
};

inline std::unique_ptr<Transport> make_memory_transport(std::shared_ptr<MemoryStream> stream) {
  return std::make_unique<MemoryTransport>(std::move(stream));
}

}  // namespace mentat_sync
