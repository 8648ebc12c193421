// Rounds: what the connections of a loop do together. When a loop has done all that was ready,
// there is a round: the answers that are still held back leave, and then each connection that waits
// goes on, for one handler posted for all of them.
//
// When many go on, it pays to do more of the same at a time (decisions/0034). Answers leave in
// groups: whoever asks on many connections is woken by the first answer, and found awake by the
// others. And another round follows at once, up to a bound, before the loop asks the kernel what
// else has come. When few go on, each answer leaves alone, and the loop comes first.
//
// Thread-safety: none; it belongs to the loop's thread.
// Ownership and lifetime: it keeps who waits until they have been called, each of the loop's
// connections at most twice. The io_context must run no longer than this lives.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace mentat_sync {

class RoundTaker {
 public:
  virtual ~RoundTaker() = default;
  /// Time to send what was held back. Throws nothing, and holds nothing back itself.
  virtual void on_sending() = 0;
  /// Time to go on. Throws nothing.
  virtual void on_round() = 0;
};

class Rounds {
 public:
  /// So many who go on in one round are many, and so many answers are a group.
  static constexpr std::size_t crowd = 12;
  static constexpr std::size_t group = 8;
  /// Of so many who have gone on, a millisecond's work, all else that the loop has to do comes in
  /// between.
  static constexpr std::size_t at_a_time = 256;

  explicit Rounds(boost::asio::io_context& io) : io_(io) {}
  Rounds(const Rounds&) = delete;
  Rounds& operator=(const Rounds&) = delete;

  /// Whether many went on in the last round.
  bool crowded() const { return crowded_; }
  /// on_sending() is called once, when a group is held back or at the next round: perhaps before
  /// this returns. Not while this taker is held already.
  void hold(std::shared_ptr<RoundTaker> taker) {
    post_round();
    held_.push_back(std::move(taker));
    if (held_.size() >= group) send_held();
  }
  /// For who takes long, before it begins.
  void send_held() {
    sending_.swap(held_);
    for (const auto& taker : sending_) taker->on_sending();
    sending_.clear();
  }
  /// on_round() is called once, at the next round. Not while this taker waits already.
  void wait(std::shared_ptr<RoundTaker> taker) {
    post_round();
    waiting_.push_back(std::move(taker));
  }

 private:
  bool is_needed() const { return !held_.empty() || !waiting_.empty(); }

  void post_round() {
    if (posted_) return;
    boost::asio::post(io_, [this] { give_rounds(); });
    posted_ = true;
  }

  void give_rounds() {
    std::size_t gone_on = 0;
    do {
      gone_on += give_round();
    } while (crowded_ && gone_on < at_a_time && is_needed());
    posted_ = false;
    if (is_needed()) post_round();
  }

  /// Returns how many went on. Who waits again meanwhile has the next round.
  std::size_t give_round() {
    send_held();
    crowded_ = waiting_.size() >= crowd;
    called_.swap(waiting_);
    for (const auto& taker : called_) taker->on_round();
    const std::size_t count = called_.size();
    called_.clear();
    return count;
  }

  boost::asio::io_context& io_;
  /// Whoever waits is seen to.
  bool posted_ = false;
  bool crowded_ = false;
  std::vector<std::shared_ptr<RoundTaker>> held_;
  std::vector<std::shared_ptr<RoundTaker>> waiting_;
  // Those that are being called; kept for their room.
  std::vector<std::shared_ptr<RoundTaker>> sending_;
  std::vector<std::shared_ptr<RoundTaker>> called_;
};

}  // namespace mentat_sync
