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

void hand(Answerable& to, Mailbox::Content content) {
  if (auto* asked = std::get_if<Mailbox::Piece>(&content)) {
    return to.take_piece(asked->number, std::move(asked->piece));
  }
  auto& answer = std::get<Mailbox::Answer>(content);
  to.take_answer(answer.number, std::move(answer.response));
}

/// What the copies of one Respond or TakePiece share.
class Ticket {
 public:
  /// `if_dropped` is delivered when nothing else is.
  Ticket(std::shared_ptr<Mailbox> mailbox, std::weak_ptr<Answerable> to,
         Mailbox::Content if_dropped)
      : mailbox_(std::move(mailbox)), to_(std::move(to)), if_dropped_(std::move(if_dropped)) {}

  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;

  ~Ticket() {
    if (delivered_) return;
    // A handler that throws lets go of it too: that is answered where the exception is caught.
    const bool thrown_away = std::uncaught_exceptions() > exceptions_;
    assert(thrown_away && "a Respond was destroyed uncalled");
    if (thrown_away) return;
    try {
      deliver(std::move(if_dropped_));
    } catch (const std::exception&) {
      // Out of memory: the answer deadline ends the connection.
    }
  }

  void deliver(Mailbox::Content content) {
    assert(!delivered_ && "a Respond was called twice");
    delivered_ = true;
    // On another thread `to_` must not even be locked: the last owner of a connection is its loop.
    if (mailbox_->is_here()) {
      if (const auto to = to_.lock(); to && to->handing_over()) {
        return hand(*to, std::move(content));
      }
    }
    mailbox_->deliver({to_, std::move(content)});
  }

 private:
  std::shared_ptr<Mailbox> mailbox_;
  std::weak_ptr<Answerable> to_;
  Mailbox::Content if_dropped_;
  int exceptions_ = std::uncaught_exceptions();
  bool delivered_ = false;
};

}  // namespace

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
  auto ticket = std::make_shared<Ticket>(shared_from_this(), std::move(to), Answer{number, {}});
  return [ticket = std::move(ticket), number](Response response) {
    ticket->deliver(Answer{number, std::move(response)});
  };
}

TakePiece Mailbox::make_take_piece(std::weak_ptr<Answerable> to, std::uint64_t number) {
  auto ticket = std::make_shared<Ticket>(shared_from_this(), std::move(to),
                                         Piece{number, {{}, BodyPiece::Then::failed}});
  return [ticket = std::move(ticket), number](BodyPiece piece) {
    ticket->deliver(Piece{number, std::move(piece)});
  };
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
    hand(*to, std::move(delivery.content));
    if (waiting.empty() || waiting.back() != to) waiting.push_back(std::move(to));
  }
  // Only now, so that the answers of a burst leave each connection in one write.
  for (const auto& connection : waiting) connection->answers_taken();
}

}  // namespace mentat_sync
