// Connection: reads requests off one transport, has them worked on, and writes the answers in
// order.
//
// In the shape of Beast's examples: do_x() starts an operation, on_x() is its completion; there is
// one read and one write at a time. pump() is the one place where it is decided what comes next.
//
// Thread-safety: none; everything happens on the thread of its loop. Answers reach it by Mailbox.
// Ownership and lifetime: its loop holds it until it calls ConnectionHost::closed; an operation
// under way holds it too. The host must outlive it. Failures: a peer that is gone, or too slow,
// ends it; what is not HTTP is answered, then ends it. Source: RFC 9110, RFC 9112.
#pragma once

#include "http/application.hpp"
#include "http/body_budget.hpp"
#include "http/deadlines.hpp"
#include "http/input_buffer.hpp"
#include "http/mailbox.hpp"
#include "http/peer.hpp"
#include "http/pipeline.hpp"
#include "http/request_id.hpp"
#include "http/request_reader.hpp"
#include "http/response_writer.hpp"
#include "http/rounds.hpp"
#include "http/transport.hpp"
#include "http/turns.hpp"
#include "storage/bounds.hpp"
#include "storage/log.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace mentat_sync {

class Connection;

/// What a loop gives its connections.
struct ConnectionHost {
  Application& application;
  const Deadlines& deadlines;
  const Log& log;
  /// The longest header of a request.
  std::uint32_t header_bytes = bounds::header_bytes;
  /// Of the whole server.
  BodyBudget& bodies;
  BodyBudget& answers;
  Turns& turns;
  Rounds& rounds;
  /// May be null.
  RequestObserver* observer = nullptr;
  DateClock& clock;
  RequestIds& request_ids;
  std::shared_ptr<Mailbox> mailbox;
  /// Called once by each connection, when its transport is closed.
  std::function<void(const std::shared_ptr<Connection>&)> closed;
};

class Connection final : public Answerable,
                         public TransportUser,
                         public TurnTaker,
                         public RoundTaker,
                         public std::enable_shared_from_this<Connection> {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// `peer` as it is known before a handshake.
  Connection(std::unique_ptr<Transport> transport, Peer peer, ConnectionHost& host);

  void start();
  /// Ends what has waited for too long.
  void check_deadlines(TimePoint now);
  /// Finishes what has begun, and then ends; at once when nothing has.
  void drain();
  void close();
  /// Whether a request has begun that is not answered.
  bool busy() const;
  const Peer& peer() const { return peer_; }

  bool handing_over() const override { return pumping_ || asking_; }
  void take_answer(std::uint64_t number, std::optional<Response>&& response) override;
  void take_piece(std::uint64_t number, BodyPiece piece) override;
  void answers_taken() override;

  void on_turn() override;
  void on_sending() override;
  void on_round() override;

  void on_handshake(IoError error) override;
  void on_read(IoError error, std::size_t bytes) override;
  void on_write(IoError error, std::size_t bytes) override;

 private:
  /// What the peer is being waited for.
  enum class Phase { none, handshake, idle, header, body, linger };

  void do_handshake();
  void handshake_failed(IoError error);
  void do_read();
  boost::asio::mutable_buffer begin_read();
  bool read_now();
  void take_read(IoError error, std::size_t bytes);
  void do_write();
  void hold();
  void write_now();
  void wait_to_write();
  void all_written();
  void take_written(IoError error, std::size_t bytes);
  void end();
  void on_lingering_read(bool ended, std::size_t bytes);

  void pump();
  bool may_read() const;
  void listen();
  void go_on_later();
  bool take_step();
  bool body_has_room();
  void admit();
  Admission ask_for_admission() const;
  void begin_notes();
  void note_admission(Admission& admission);
  bool dispatch();
  void hand_over(std::uint64_t number, std::string_view id, Request&& request);
  void refuse(Response response);
  void begin_message();
  std::uint64_t open_exchange(Pipeline::Exchange&& exchange, bool keep_alive);
  void flush();
  void stream_on();
  void wait_for_turn();
  void ask_for_piece();
  void append(BodyPiece piece);
  void note_phase();
  void time_out();
  bool read_is_overdue(TimePoint now) const;
  bool takes_too_slowly(TimePoint now);

  bool taking_requests() const { return taking_ && !pipeline_.closing(); }
  /// A whole request that waits for those before it.
  bool holding_request() const { return reader_->state() == RequestReader::State::complete; }
  /// No further request for now.
  bool paused() const { return pipeline_.full() || holding_request(); }
  bool between_requests() const;
  Response internal_error() const;
  Response too_many_answers() const;

  /// Runs `step`; an exception ends this connection and goes no further.
  template <class Step>
  void guard(Step&& step);
  void log_exception(std::string_view event) const;

  const std::unique_ptr<Transport> transport_;
  Peer peer_;
  ConnectionHost& host_;
  InputBuffer input_{bounds::read_buffer_bytes_max};
  std::size_t read_bytes_ = bounds::read_buffer_bytes_min;
  /// Never empty; one for each message.
  std::optional<RequestReader> reader_;
  Pipeline pipeline_;
  ResponseWriter writer_;

  // Of the request being read, once it is admitted:
  Route route_;
  bool safe_ = true;
  bool waits_ = false;
  std::uint64_t body_limit_bytes_ = 0;
  bool continue_wanted_ = false;
  BodyShare body_;
  /// From its header on.
  std::unique_ptr<RequestNotes> notes_;

  // Of the body that is being made while it is sent:
  std::optional<BodyPiece> piece_;
  /// A piece has been asked for and has not come; since when.
  bool awaiting_piece_ = false;
  /// Of the piece that was asked for last. One with another number belongs to a body that has
  /// ended.
  std::uint64_t piece_number_ = 0;
  bool asking_ = false;
  TimePoint piece_asked_;
  /// Of a source that works.
  bool waiting_for_turn_ = false;
  bool its_turn_ = false;
  /// A piece is with the writer: the next one is asked for when it has left.
  bool piece_unwritten_ = false;

  /// What there is to write waits for the peer to take it.
  bool writing_ = false;
  /// What there is to write is held back, to leave with others' answers.
  bool held_ = false;
  /// It is among those who wait for the next round.
  bool going_on_ = false;
  bool pumping_ = false;
  bool closed_ = false;
  bool lingering_ = false;
  bool draining_ = false;
  /// False once the last request has been taken.
  bool taking_ = true;
  /// The peer has sent all it will send.
  bool peer_finished_ = false;
  /// The peer asked for the end, so nothing of it is on its way.
  bool peer_closes_ = false;

  /// When the present step began: the clock is read once for all that a step notes.
  TimePoint now_;
  Phase phase_ = Phase::none;
  TimePoint phase_since_;
  TimePoint last_arrival_;
  /// What the peer has taken of its answers since then: of each span of `deadlines.write` while
  /// something is being written.
  TimePoint taking_since_;
  std::uint64_t taken_bytes_ = 0;
  /// When it was seen last that it had taken something, and how much that was.
  TimePoint took_last_;
  std::uint64_t seen_bytes_ = 0;
  std::uint64_t lingered_bytes_ = 0;
};

template <class Step>
void Connection::guard(Step&& step) {
  if (closed_) return;
  if (!handing_over()) now_ = std::chrono::steady_clock::now();  // else it is within a step
  try {
    step();
  } catch (...) {
    pumping_ = false;
    log_exception("connection failed");
    close();
  }
}

}  // namespace mentat_sync
