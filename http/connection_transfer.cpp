// The part of a connection that moves bytes: its handshake, its reads and writes, and its end.
#include "http/connection.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <utility>

namespace mentat_sync {

namespace asio = boost::asio;

// --- Handshake -----------------------------------------------------------------------------------

void Connection::do_handshake() {
  phase_ = Phase::handshake;
  phase_since_ = now_;
  transport_->async_handshake(shared_from_this());
}

void Connection::on_handshake(IoError error) {
  guard([&] {
    phase_ = Phase::none;
    if (error) return handshake_failed(error);
    peer_.encrypted = true;
    peer_.certificate = transport_->peer_certificate();
    pump();
  });
}

/// Of debug alone: whoever scans ports would fill the log.
void Connection::handshake_failed(IoError error) {
  if (host_.log) {
    host_.log(LogLevel::debug, "TLS handshake failed",
              {{"client", peer_.address.to_string()}, {"reason", error.message()}});
  }
  if (error != plain_http_error()) return close();
  refuse(host_.application.bad_request(400, "A plain HTTP request came to a port of HTTPS."));
  pump();
}

// --- Reading and writing -------------------------------------------------------------------------

void Connection::do_read() {
  transport_->async_read_some(begin_read(), shared_from_this());
}

asio::mutable_buffer Connection::begin_read() {
  if (between_requests() && read_bytes_ == bounds::read_buffer_bytes_min &&
      input_.capacity() > read_bytes_) {
    input_.give_memory_back();
  }
  return input_.begin_read(std::min(read_bytes_, input_.room()));
}

void Connection::on_read(IoError error, std::size_t bytes) {
  guard([&] { take_read(error, bytes); });
}

void Connection::take_read(IoError error, std::size_t bytes) {
  const bool wanted = taking_requests() && !lingering_;
  input_.end_read(wanted ? bytes : 0);
  if (error && error != boost::asio::error::eof) return close();
  peer_finished_ = peer_finished_ || error == boost::asio::error::eof;
  if (lingering_) return on_lingering_read(peer_finished_, bytes);
  if (wanted) {
    if (phase_ == Phase::body) last_arrival_ = now_;
    // A peer that fills the buffer has more to say; one that does not needs no large one.
    read_bytes_ = bytes == read_bytes_ ? std::min(2 * read_bytes_, bounds::read_buffer_bytes_max)
                                       : bounds::read_buffer_bytes_min;
  }
  pump();
}

/// Writes what there is: at once, or with others' answers, if the peer takes it, else when it does.
void Connection::do_write() {
  // What is made while it is sent: other connections have their turns in between.
  if (pipeline_.stream()) return wait_to_write();
  if (writer_.in_one_piece() && host_.rounds.crowded()) return hold();
  host_.rounds.send_held();  // a large answer takes long; its own connection may be among them
  write_now();
}

void Connection::hold() {
  if (held_) return;
  held_ = true;
  host_.rounds.hold(shared_from_this());
}

void Connection::on_sending() {
  guard([this] {
    held_ = false;
    write_now();
  });
}

void Connection::write_now() {
  if (closed_ || writing_ || writer_.empty()) return;  // it has left already, with something else
  const auto [error, bytes] = transport_->write_now(writer_.buffers());
  if (error) return close();
  writer_.consume(bytes);
  if (!writer_.empty()) return wait_to_write();
  all_written();
  // Else it has all that it waits for: the next request.
  if (busy() || !input_.reading() || !taking_requests()) go_on_later();
}

void Connection::wait_to_write() {
  if (!writing_) {
    taking_since_ = took_last_ = now_;
    taken_bytes_ = seen_bytes_ = 0;
  }
  writing_ = true;
  transport_->async_write_some(writer_.buffers(), shared_from_this());
}

void Connection::all_written() {
  writing_ = false;
  piece_unwritten_ = false;
  pipeline_.written();
}

void Connection::on_write(IoError error, std::size_t bytes) {
  guard([&] { take_written(error, bytes); });
}

void Connection::take_written(IoError error, std::size_t bytes) {
  if (error) return close();
  writer_.consume(bytes);
  taken_bytes_ += bytes;
  writer_.empty() ? all_written() : wait_to_write();
  pump();
}

// --- Going on ------------------------------------------------------------------------------------

/// A peer whose answer has left just now has hardly sent the next request: to look for it would be
/// a recv(2) in vain. It is looked for after all else that is ready.
void Connection::go_on_later() {
  if (going_on_) return;
  host_.rounds.wait(shared_from_this());
  going_on_ = true;
}

void Connection::on_round() {
  guard([this] {
    going_on_ = false;
    if (between_requests() && may_read() && read_now()) return;
    pump();
  });
}

/// False when nothing has come.
bool Connection::read_now() {
  const auto [error, bytes] = transport_->read_now(begin_read());
  if (!error && bytes == 0) {
    input_.end_read(0);
    return false;
  }
  take_read(error, bytes);
  return true;
}

/// Everything is answered and nothing more is wanted. If the peer may still be sending, a plain
/// close would reset the connection, and the peer could lose the last answer to that: so this side
/// is closed, and what comes is dropped until the peer closes too.
void Connection::end() {
  if (peer_finished_ || peer_closes_) return close();
  IoError error;
  transport_->finish_sending(error);
  if (error) return close();
  lingering_ = true;
  phase_ = Phase::linger;
  phase_since_ = now_;
  input_.clear();
  read_bytes_ = bounds::read_buffer_bytes_max;
  if (!input_.reading()) do_read();
}

void Connection::on_lingering_read(bool ended, std::size_t bytes) {
  lingered_bytes_ += bytes;
  if (ended || lingered_bytes_ > bounds::linger_bytes) return close();
  do_read();
}

void Connection::close() {
  if (closed_) return;
  closed_ = true;
  const bool cut_off = writing_ || !writer_.empty() || pipeline_.stream();
  transport_->close(cut_off ? Transport::Farewell::cut_off : Transport::Farewell::complete);
  if (notes_) notes_->request_bytes = reader_->body_bytes();
  pipeline_.abandon(std::move(notes_));
  body_.release();
  host_.closed(shared_from_this());
}

}  // namespace mentat_sync
