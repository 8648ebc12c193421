// Turns: who has work for a loop of about a millisecond, a piece of an answer to make, does it one
// at a time, in the order of asking, and everything else that the loop has to do comes in between.
//
// Thread-safety: none; it belongs to the loop's thread.
// Ownership and lifetime: whoever waits is not kept alive by it. The io_context must run no longer
// than this lives.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <deque>
#include <memory>
#include <utility>

namespace mentat_sync {

class TurnTaker {
 public:
  virtual ~TurnTaker() = default;
  /// Once for each time that it was put behind the others. Throws nothing.
  virtual void on_turn() = 0;
};

class Turns {
 public:
  explicit Turns(boost::asio::io_context& io) : io_(io) {}
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;

  void wait(std::weak_ptr<TurnTaker> taker) {
    if (!posted_) post();
    waiting_.push_back(std::move(taker));
  }

 private:
  /// What is posted runs after all that is ready now: the next turn is one round of the loop away.
  void post() {
    boost::asio::post(io_, [this] { give(); });
    posted_ = true;
  }

  void give() {
    posted_ = false;
    std::shared_ptr<TurnTaker> taker;
    while (!taker && !waiting_.empty()) {
      taker = waiting_.front().lock();
      waiting_.pop_front();
    }
    if (!waiting_.empty()) post();
    if (taker) taker->on_turn();
  }

  boost::asio::io_context& io_;
  bool posted_ = false;
  std::deque<std::weak_ptr<TurnTaker>> waiting_;
};

}  // namespace mentat_sync
