// See connection.hpp.
#include "http/connection.hpp"

#include "storage/exception_reason.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <exception>
#include <string_view>
#include <utility>

namespace mentat_sync {

Connection::Connection(std::unique_ptr<Transport> transport, Peer peer, ConnectionHost& host)
    : transport_(std::move(transport)),
      peer_(std::move(peer)),
      host_(host),
      reader_(std::in_place, host.header_bytes),
      pipeline_(host.observer, &host.answers),
      body_(host.bodies) {}

/// Only while an exception is being handled.
void Connection::log_exception(std::string_view event) const {
  if (!host_.log) return;
  host_.log(LogLevel::error, event, {{"reason", reason_of(std::current_exception())}});
}

void Connection::start() {
  guard([this] { transport_->needs_handshake() ? do_handshake() : pump(); });
}

// --- What comes next -----------------------------------------------------------------------------

void Connection::pump() {
  if (pumping_ || lingering_) return;
  pumping_ = true;
  while (take_step()) {
  }
  pumping_ = false;
  // Nobody is left to wait for; any other answer is completed even so.
  const bool waits = pipeline_.waiting_for_news();
  if (peer_finished_ && waits) return close();
  if (peer_finished_ && !paused()) taking_ = false;
  if (!taking_requests()) input_.clear();
  const bool was_writing = writing_;
  flush();
  if (closed_) return;
  if (!taking_requests() && pipeline_.empty() && !writing_) return end();
  if (!held_ && !going_on_ && (was_writing || !writing_)) listen();
  note_phase();
}

/// While it waits for news it reads on in any case, to hear of the peer's end. What comes then is
/// dropped when no request is taken any more, and else kept, as long as there is room: who goes on
/// behind a question that may take a minute is not heard out.
bool Connection::may_read() const {
  const bool waits = pipeline_.waiting_for_news();
  const bool wanted = waits || (taking_requests() && !paused());
  return wanted && !input_.reading() && !peer_finished_ && !lingering_;
}

void Connection::listen() {
  if (!may_read()) return;
  if (input_.room() == 0) return close();
  do_read();
}

void Connection::flush() {
  if (writing_) return;
  pipeline_.gather(writer_, host_.clock);
  // After the answers to what came before, and not to a client that sends its body anyway.
  if (continue_wanted_ && pipeline_.empty() && input_.size() == 0) {
    continue_wanted_ = false;
    writer_.append_continue();
  }
  stream_on();
  if (!closed_ && !writer_.empty()) do_write();
}

/// Goes on with a body that is made while it is sent: at most one piece of it is here at a time.
void Connection::stream_on() {
  while (!closed_ && pipeline_.stream() && !piece_unwritten_) {
    if (draining_ && pipeline_.stream()->endless) {
      return append(BodyPiece{{}, BodyPiece::Then::end});
    }
    if (!piece_ && !awaiting_piece_) {
      if (pipeline_.stream()->source->works() && !its_turn_) return wait_for_turn();
      ask_for_piece();
    }
    if (!piece_) return;
    append(*std::exchange(piece_, std::nullopt));
  }
}

void Connection::wait_for_turn() {
  if (waiting_for_turn_) return;
  host_.turns.wait(weak_from_this());
  waiting_for_turn_ = true;
}

void Connection::on_turn() {
  guard([this] {
    waiting_for_turn_ = false;
    its_turn_ = true;
    pump();
    its_turn_ = false;
  });
}

void Connection::ask_for_piece() {
  its_turn_ = false;
  awaiting_piece_ = true;
  piece_asked_ = now_;
  asking_ = true;
  try {
    pipeline_.stream()->source->next(
        host_.mailbox->make_take_piece(weak_from_this(), ++piece_number_));
  } catch (...) {
    log_exception("making an answer failed");
    piece_ = BodyPiece{{}, BodyPiece::Then::failed};
  }
  asking_ = false;
}

void Connection::append(BodyPiece piece) {
  if (piece.then == BodyPiece::Then::failed) return close();
  const bool chunked = pipeline_.stream()->chunked;
  piece_unwritten_ = !piece.bytes.empty();
  pipeline_.note_streamed(piece.bytes.size());
  writer_.append_piece(std::move(piece.bytes), chunked);
  if (piece.then == BodyPiece::Then::more) return;
  if (chunked) writer_.append_last_chunk();
  pipeline_.end_stream();
  piece_.reset();
  awaiting_piece_ = false;
}

// --- Answers -------------------------------------------------------------------------------------

void Connection::take_answer(std::uint64_t number, std::optional<Response>&& response) {
  guard([&] {
    if (!response && host_.log) host_.log(LogLevel::error, "request was left unanswered", {});
    if (response && !pipeline_.make_room(number, *response)) *response = too_many_answers();
    pipeline_.answer(number, response ? std::move(*response) : internal_error());
  });
}

void Connection::take_piece(std::uint64_t number, BodyPiece piece) {
  if (closed_ || !awaiting_piece_ || number != piece_number_) return;
  awaiting_piece_ = false;
  piece_ = std::move(piece);
}

void Connection::answers_taken() {
  guard([this] { pump(); });
}

// --- Time ----------------------------------------------------------------------------------------

bool Connection::between_requests() const {
  return input_.size() == 0 && reader_->state() == RequestReader::State::header;
}

bool Connection::busy() const {
  return !lingering_ && (!pipeline_.empty() || writing_ || !between_requests());
}

void Connection::note_phase() {
  Phase phase = Phase::none;
  if (input_.reading() && taking_requests() && !paused()) {
    if (reader_->state() == RequestReader::State::body) {
      phase = Phase::body;
    } else if (input_.size() > 0) {
      phase = Phase::header;
    } else if (pipeline_.empty()) {
      phase = Phase::idle;
    }
  }
  if (phase == phase_) return;
  phase_ = phase;
  phase_since_ = last_arrival_ = now_;
}

bool Connection::read_is_overdue(TimePoint now) const {
  const Deadlines& deadlines = host_.deadlines;
  const auto waited = now - phase_since_;
  switch (phase_) {
    case Phase::none:
      return false;
    case Phase::handshake:
      return waited > deadlines.handshake;
    case Phase::idle:
      return waited > deadlines.idle;
    case Phase::header:
      return waited > deadlines.header;
    case Phase::body:
      return waited > deadlines.body_total || now - last_arrival_ > deadlines.body;
    case Phase::linger:
      return waited > deadlines.linger;
  }
  return false;
}

/// Whether the peer has taken nothing for a span, or has let one pass without taking what it must
/// of its answers, or all there was; if not, the next one begins.
bool Connection::takes_too_slowly(TimePoint now) {
  const auto span = host_.deadlines.write;
  if (!writing_) return false;
  if (taken_bytes_ != seen_bytes_) {
    seen_bytes_ = taken_bytes_;
    took_last_ = now;
  }
  if (now - took_last_ > span) return true;
  if (now - taking_since_ <= span) return false;
  const auto span_ms = static_cast<std::uint64_t>(span.count());
  if (taken_bytes_ <= bounds::write_rate * span_ms / 1000) return true;
  taking_since_ = now;
  taken_bytes_ = seen_bytes_ = 0;
  return false;
}

void Connection::check_deadlines(TimePoint now) {
  guard([&] {
    if (takes_too_slowly(now)) return close();
    const auto unanswered = pipeline_.oldest_unanswered();
    if (unanswered && now - *unanswered > host_.deadlines.answer) return close();
    if (awaiting_piece_ && now - piece_asked_ > host_.deadlines.answer) return close();
    if (!read_is_overdue(now)) return;
    const bool in_request = phase_ == Phase::header || phase_ == Phase::body;
    in_request ? time_out() : close();
  });
}

void Connection::time_out() {
  refuse(host_.application.bad_request(408, "The request did not arrive in time."));
  pump();
}

void Connection::drain() {
  guard([this] {
    draining_ = true;
    if (lingering_) return;
    if (!between_requests()) return pump();  // what has begun to arrive is the last request
    if (!busy()) return close();
    taking_ = false;
    pipeline_.close_after_last();
    pump();
  });
}

}  // namespace mentat_sync
