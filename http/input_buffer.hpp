// InputBuffer: what a connection has read and not taken yet. A read may be under way while more is
// taken: it was told where to put its bytes, so until it has ended nothing moves.
//
// Thread-safety: none. Failures: std::bad_alloc from begin_read().
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <cstddef>
#include <string_view>

namespace mentat_sync {

class InputBuffer {
 public:
  /// It never holds more than `max_bytes`.
  explicit InputBuffer(std::size_t max_bytes) : buffer_(max_bytes) {}

  /// What has been read and not taken.
  std::string_view unread() const {
    return {static_cast<const char*>(buffer_.data().data()) + taken_, size()};
  }
  std::size_t size() const { return buffer_.size() - taken_; }
  std::size_t capacity() const { return buffer_.capacity(); }
  bool reading() const { return reading_; }

  /// Only while no read is under way: how much the next one may bring.
  std::size_t room() const { return buffer_.max_size() - buffer_.size(); }
  /// Where a read is to put at most `bytes`, which is no more than there is room for.
  boost::asio::mutable_buffer begin_read(std::size_t bytes) {
    const auto place = buffer_.prepare(bytes);
    reading_ = true;
    return place;
  }
  /// It has brought so many.
  void end_read(std::size_t bytes) {
    reading_ = false;
    buffer_.commit(bytes);
    drop_taken();
  }

  void take(std::size_t bytes) {
    taken_ += bytes;
    if (!reading_) drop_taken();
  }
  void clear() { take(size()); }
  /// Only while nothing is in it and no read is under way.
  void give_memory_back() { buffer_.shrink_to_fit(); }

 private:
  /// When nothing is left, Beast's buffer begins anew at its front.
  void drop_taken() {
    buffer_.consume(taken_);
    taken_ = 0;
  }

  boost::beast::flat_buffer buffer_;
  /// Of what is in `buffer_`, from the front.
  std::size_t taken_ = 0;
  bool reading_ = false;
};

}  // namespace mentat_sync
