// LoadConnection: one kept connection of a load test, on which one request at a time is asked and
// answered.
//
// It connects when a request needs it, and again when the server has closed it. Nothing is
// allocated for a request, and no timer is set: expire() is called for all now and then.
//
// Thread-safety: its loop's thread. Ownership: loop, target and read room must outlive it, and it
// must outlive who awaits it. An answer's body is valid until whoever awaited it awaits anything.
// Failures: values in the Answer.
#pragma once

#include "cli/load/answer_parser.hpp"
#include "cli/load/event_loop.hpp"
#include "cli/load/load_socket.hpp"

#include <algorithm>
#include <chrono>
#include <coroutine>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mentat_sync {

struct Answer {
  enum class Failure : std::uint8_t {
    none,
    /// Nothing was sent.
    not_connected,
    /// Nothing was sent; tls_fault() says more.
    not_secured,
    connection_lost,
    timeout,
    malformed,
    /// By interrupt(), or it had been called before: nothing was sent then.
    interrupted,
  };

  Failure failure = Failure::none;
  /// 0 after a failure.
  unsigned status = 0;
  std::string_view body;
  /// It says Preference-Applied.
  bool waited = false;
  /// When to ask again, if it says so in seconds.
  std::optional<std::chrono::seconds> retry_after;
  EventLoop::Clock::time_point began;
  EventLoop::Clock::time_point ended;
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
};

/// "timeout", "connection lost": as errors are counted.
std::string_view name_of(Answer::Failure failure);

class LoadConnection final : private EventLoop::Source {
 public:
  using Clock = EventLoop::Clock;

  /// `room`: for what is read, of all connections of the thread.
  LoadConnection(EventLoop& loop, const LoadTarget& target, std::span<char> room,
                 Clock::duration timeout)
      : loop_(loop), target_(target), room_(room), timeout_(timeout) {}

  class Exchange {
   public:
    explicit Exchange(LoadConnection& connection) : connection_(connection) {}
    bool await_ready() const noexcept { return connection_.done_; }
    void await_suspend(std::coroutine_handle<> waiting) { connection_.waiting_ = waiting; }
    const Answer& await_resume() const noexcept { return connection_.answer_; }

   private:
    LoadConnection& connection_;
  };

  /// The head of a request, to be written into: "GET /0.1/…"; end_head() completes it.
  std::string& begin_head(std::string_view method);
  void end_head();
  /// `fields`: each with its line's end.
  void end_head_with(std::string_view fields);
  void end_head(std::size_t body_bytes, std::string_view content_type);

  /// Sends what the head was made of, and `body`, which must stay until it is answered. Done when
  /// the answer has come whole.
  Exchange exchange(std::string_view body = {});
  /// The same, but done when the answer's header has come; then next_piece() for what follows.
  Exchange open_stream();
  /// Done when more of the stream has come, or when it has ended (a failure).
  Exchange next_piece();
  /// The next ones may take longer.
  void set_timeout(Clock::duration timeout) { timeout_ = timeout; }
  /// What is under way has until then, at most.
  void hurry(Clock::time_point deadline) { deadline_ = std::min(deadline_, deadline); }

  /// Ends what has taken too long.
  void expire(Clock::time_point now);
  /// What would begin is interrupted, until allow().
  void refuse() { refusing_ = true; }
  /// That, and what is under way.
  void interrupt();
  void allow() { refusing_ = false; }
  void close();

  /// The last request's.
  const Answer& last() const { return answer_; }
  const std::string& tls_fault() const { return tls_fault_; }
  std::uint64_t opened() const { return opened_; }
  bool is_connected() const { return step_ != Step::closed && step_ != Step::connecting; }

 private:
  enum class Step : std::uint8_t { closed, connecting, idle, sending, waiting };

  void on_ready(bool hung_up) override;
  void begin();
  void connect();
  void go_on_connecting();
  void send();
  void receive();
  bool feed(std::string_view bytes);
  std::string_view parse(std::string_view input);
  void on_end();
  bool answered();
  void complete();
  void fail(Answer::Failure failure);
  void finish();

  EventLoop& loop_;
  const LoadTarget& target_;
  const std::span<char> room_;
  Clock::duration timeout_;
  LoadSocket socket_;
  Step step_ = Step::closed;
  bool streaming_ = false;
  bool refusing_ = false;
  bool hung_up_ = false;
  /// Sending had to wait, so input may have been told of that nobody has read.
  bool blocked_ = false;
  bool done_ = false;
  std::coroutine_handle<> waiting_;

  std::string head_;
  std::string_view unsent_head_;
  std::string_view unsent_body_;
  Clock::time_point deadline_;
  std::optional<AnswerParser> parser_;
  /// Of an answer that comes in pieces: what the parser wants to see again.
  std::string rest_;
  std::string body_;
  Answer answer_;
  std::string tls_fault_;
  std::uint64_t opened_ = 0;
};

}  // namespace mentat_sync
