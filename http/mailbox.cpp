// See mailbox.hpp.
#include "http/mailbox.hpp"

#include <boost/asio/post.hpp>

#include <cassert>
#include <exception>
#include <utility>

namespace mentat_sync {
namespace {

/// The mailbox whose loop runs on this thread.
thread_local const Mailbox* mailbox_here = nullptr;

void hand(Answerable& to, Mailbox::Answer&& answer) {
  to.take_answer(answer.number, std::move(answer.response));
}
void hand(Answerable& to, Mailbox::Piece&& asked) {
  to.take_piece(asked.number, std::move(asked.piece));
}

/// The function in a Respond or a TakePiece. `Content`: what comes by it.
template <class Content>
class Ticket {
 public:
  Ticket(std::shared_ptr<Mailbox> mailbox, std::weak_ptr<Answerable> to, std::uint64_t number)
      : mailbox_(std::move(mailbox)), to_(std::move(to)), number_(number) {}
  Ticket(Ticket&&) noexcept = default;
  Ticket& operator=(Ticket&&) = delete;

  ~Ticket() {
    if (!mailbox_) return;
    // A handler that throws lets go of it too: that is answered where the exception is caught.
    const bool thrown_away = std::uncaught_exceptions() > exceptions_;
    assert(thrown_away && "a Respond was destroyed uncalled");
    if (thrown_away) return;
    try {
      deliver(Content::if_dropped(number_));
    } catch (const std::exception&) {
      // Out of memory: the answer deadline ends the connection.
    }
  }

  template <class Value>
  void operator()(Value&& value) {
    deliver(Content{number_, std::forward<Value>(value)});
  }

 private:
  void deliver(Content&& content) {
    assert(mailbox_ && "a Respond was called twice");
    const auto mailbox = std::exchange(mailbox_, nullptr);
    // On another thread `to_` must not even be locked: the last owner of a connection is its loop.
    if (mailbox->is_here()) {
      if (const auto to = to_.lock(); to && to->handing_over())
        return hand(*to, std::move(content));
    }
    mailbox->deliver({std::move(to_), std::move(content)});
  }

  /// null: it has been called, or moved elsewhere.
  std::shared_ptr<Mailbox> mailbox_;
  std::weak_ptr<Answerable> to_;
  std::uint64_t number_;
  int exceptions_ = std::uncaught_exceptions();
};

}  // namespace

Mailbox::~Mailbox() {
  if (is_here()) mailbox_here = nullptr;  // another one may come to lie in its place
}

void Mailbox::deliver(Delivery delivery) {
  const std::lock_guard lock{mutex_};
  if (io_ == nullptr) return;
  deliveries_.push_back(std::move(delivery));
  if (posted_) return;
  // Under the lock, so that close() cannot return, and the io_context go, in between.
  boost::asio::post(*io_, [self = shared_from_this()] { self->hand_out(); });
  posted_ = true;
}

void Mailbox::close() {
  std::vector<Delivery> dropped;  // destroyed after the lock is released
  const std::lock_guard lock{mutex_};
  io_ = nullptr;
  dropped.swap(deliveries_);
}

void Mailbox::settle_here() {
  mailbox_here = this;
}

bool Mailbox::is_here() const {
  return mailbox_here == this;
}

Respond Mailbox::make_respond(std::weak_ptr<Answerable> to, std::uint64_t number) {
  return Ticket<Answer>{shared_from_this(), std::move(to), number};
}

TakePiece Mailbox::make_take_piece(std::weak_ptr<Answerable> to, std::uint64_t number) {
  return Ticket<Piece>{shared_from_this(), std::move(to), number};
}

void Mailbox::hand_out() {
  std::vector<Delivery> deliveries;
  {
    const std::lock_guard lock{mutex_};
    posted_ = false;
    deliveries.swap(deliveries_);
  }
  std::vector<std::shared_ptr<Answerable>> waiting;
  waiting.reserve(deliveries.size());
  for (Delivery& delivery : deliveries) {
    auto to = delivery.to.lock();
    if (!to) continue;
    std::visit([&](auto& content) { hand(*to, std::move(content)); }, delivery.content);
    if (waiting.empty() || waiting.back() != to) waiting.push_back(std::move(to));
  }
  // Only now, so that the answers of a burst leave each connection in one write.
  for (const auto& connection : waiting) connection->answers_taken();
}

}  // namespace mentat_sync
