// Mailbox: the way of an answer, or of a piece of one, from any thread to the loop whose connection
// waits for it.
//
// The first answer of a burst wakes the loop, the others travel with it. Answers that come after
// the loop has ended are dropped.
//
// Thread-safety: deliver() and the Respond made here may be called from any thread; the rest
// belongs to the loop's thread, close() to whoever ends the loop.
// Ownership and lifetime: shared by the loop and every outstanding Respond; the io_context must
// live until close() has returned.
#pragma once

#include "http/message.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

namespace mentat_sync {

/// Whoever waits for answers: a connection. Called on its loop's thread only.
class Answerable {
 public:
  virtual ~Answerable() = default;

  /// Whether it is handing over a request right now and looks at what was answered after that.
  virtual bool handing_over() const = 0;
  /// Takes an answer; nothing stands for a handler that ended without one.
  virtual void take_answer(std::uint64_t number, std::optional<Response>&& response) = 0;
  /// Takes a piece of a body: the one that it asked for with this number.
  virtual void take_piece(std::uint64_t number, BodyPiece piece) = 0;
  /// No further answer is at hand: time to go on.
  virtual void answers_taken() = 0;
};

class Mailbox : public std::enable_shared_from_this<Mailbox> {
 public:
  /// The answer to request `number`, or a piece of the body being sent; and what comes in its place
  /// when whoever was to give it lets go of that.
  struct Answer {
    std::uint64_t number = 0;
    std::optional<Response> response;
    static Answer if_dropped(std::uint64_t number) { return {number, std::nullopt}; }
  };
  struct Piece {
    std::uint64_t number = 0;
    BodyPiece piece;
    static Piece if_dropped(std::uint64_t number) {
      return {number, {{}, BodyPiece::Then::failed}};
    }
  };
  using Content = std::variant<Answer, Piece>;
  struct Delivery {
    std::weak_ptr<Answerable> to;
    Content content;
  };

  explicit Mailbox(boost::asio::io_context& io) : io_(&io) {}
  ~Mailbox();

  void deliver(Delivery delivery);
  /// From now on what is delivered is dropped.
  void close();

  /// Marks the calling thread as this mailbox's loop.
  void settle_here();
  bool is_here() const;

  /// A Respond for request `number` of `to`. One that is destroyed uncalled is a programming error;
  /// the client is answered all the same.
  Respond make_respond(std::weak_ptr<Answerable> to, std::uint64_t number);
  /// A TakePiece of `to`, likewise: uncalled, the body has failed.
  TakePiece make_take_piece(std::weak_ptr<Answerable> to, std::uint64_t number);

 private:
  void hand_out();

  /// Protects what follows: answers come from the actors' and the writer's threads. Held for a
  /// push_back and a post at most.
  std::mutex mutex_;
  boost::asio::io_context* io_;
  bool posted_ = false;
  std::vector<Delivery> deliveries_;
};

}  // namespace mentat_sync
