// Pipeline: the requests of one connection that are being worked on or answered, in their order.
//
// Answers may come in any order; they leave in the order of the requests. Its bounds are what a
// connection looks at before it takes another request.
//
// Thread-safety: none; it belongs to one connection.
// Source: RFC 9112 section 9.3.2 (pipelining).
#pragma once

#include "http/application.hpp"
#include "http/body_budget.hpp"
#include "http/message.hpp"
#include "http/request_notes.hpp"
#include "http/response_writer.hpp"

#include <boost/circular_buffer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace mentat_sync {

class Pipeline {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  struct Exchange {
    /// Whether it changes nothing; see Admission::safe.
    bool safe = true;
    /// See Admission::waits.
    bool waits = false;
    Framing framing = {};
    std::size_t request_bytes = 0;
    TimePoint begun = {};
    /// What its body holds of the budget until it is answered.
    BodyShare body = {};
    /// What `framing` refers to, and what is told of it; may be null.
    std::unique_ptr<RequestNotes> notes = {};
  };

  /// `observer`, if any, is told of each request with notes. What the answers hold beyond a small
  /// reserve is counted in `answers`, if any.
  explicit Pipeline(RequestObserver* observer = nullptr, BodyBudget* answers = nullptr)
      : observer_(observer),
        answers_(answers),
        share_(answers == nullptr ? BodyShare{} : BodyShare{*answers}) {}

  /// Adds a request behind the others; returns its number.
  std::uint64_t open(Exchange&& exchange);

  /// How to take it back if the connection ends before it is answered.
  void note_withdraw(std::uint64_t number, Withdraw withdraw);

  /// Takes room for an answer: to be asked before answer(). False when all answers together take
  /// too much: then it is another, small one that is to be given. What tells the outcome of a
  /// change always has room, unless it is large.
  bool make_room(std::uint64_t number, const Response& response);

  /// False when this request was answered before, or no answer to it is wanted any more.
  bool answer(std::uint64_t number, Response&& response);

  /// Moves the answers whose turn it is to `writer`. After one with a body that is still to be made
  /// (stream()) nothing more moves until end_stream().
  void gather(ResponseWriter& writer, DateClock& clock);
  /// What was gathered has been written.
  void written();

  /// Makes the last answer say that the connection ends, unless it has been gathered already.
  void close_after_last();

  /// The body that is being made and sent.
  struct Stream {
    std::shared_ptr<BodySource> source;
    bool chunked = true;
    bool endless = false;
    std::unique_ptr<RequestNotes> notes = {};
  };
  const std::optional<Stream>& stream() const { return stream_; }
  /// Bytes of it have been handed over.
  void note_streamed(std::size_t bytes);
  void end_stream();

  /// The connection has ended: no answer will be handed over any more. `unfinished`: of a request
  /// that was still being read, if any.
  void abandon(std::unique_ptr<RequestNotes> unfinished = {});

  /// Nothing to be answered or written.
  bool empty() const { return waiting_.empty() && gathered_ == 0 && !stream_; }
  /// A bound is reached: no further request for now.
  bool full() const;
  /// An answer ends the connection: no further request at all.
  bool closing() const { return closing_; }
  /// Whether the next answer is one that waits for something to happen.
  bool waiting_for_news() const;
  /// Whether a change is still being worked on.
  bool changes_pending() const { return changes_pending_ > 0; }
  /// Whether some answer, the next or a later one, waits for something to happen, or will when its
  /// turn comes, for it has no end.
  bool news_pending() const;
  /// Since when the longest unanswered request has been worked on.
  std::optional<TimePoint> oldest_unanswered() const;

 private:
  struct Waiting {
    Exchange exchange;
    bool answered = false;
    Response response = {};
    /// For when the connection ends first.
    Withdraw withdraw = {};
  };

  void gather_first(ResponseWriter& writer, std::string_view date);
  /// The one with this number, if it is still to be answered.
  Waiting* unanswered(std::uint64_t number);
  void abandon_waiting();
  /// What its answers hold.
  std::uint64_t answers_bytes() const { return response_bytes_ + stream_bytes_; }
  void count_answers();
  void tell(std::unique_ptr<RequestNotes> notes, bool aborted) const;

  RequestObserver* observer_;
  BodyBudget* answers_;
  BodyShare share_;
  /// As large as it must be: most connections have one at a time.
  boost::circular_buffer<Waiting> waiting_;
  /// The number of the first of waiting_.
  std::uint64_t first_number_ = 0;
  bool closing_ = false;
  std::size_t changes_pending_ = 0;
  std::optional<Stream> stream_;
  std::size_t gathered_ = 0;
  std::uint64_t gathered_bytes_ = 0;
  std::uint64_t request_bytes_ = 0;
  /// Of answers that wait or are gathered; the one being made and sent is counted by itself, for it
  /// does not keep the connection from taking requests.
  std::uint64_t response_bytes_ = 0;
  std::uint64_t stream_bytes_ = 0;
  /// An answer found no room. It was made all the same, which is work: the next request waits until
  /// the refusal is written.
  bool refused_ = false;
};

}  // namespace mentat_sync
