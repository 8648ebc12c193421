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

/// What the copies of one Respond share.
class Ticket {
 public:
  Ticket(std::shared_ptr<Mailbox> mailbox, std::weak_ptr<Answerable> to, std::uint64_t number)
      : mailbox_(std::move(mailbox)), to_(std::move(to)), number_(number) {}

  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;

  ~Ticket() {
    if (answered_) return;
    // A handler that throws lets go of it too: that is answered where the exception is caught.
    const bool thrown_away = std::uncaught_exceptions() > exceptions_;
    assert(thrown_away && "a Respond was destroyed uncalled");
    if (thrown_away) return;
    try {
      answer(std::nullopt);
    } catch (const std::exception&) {
      // Out of memory: the answer deadline ends the connection.
    }
  }

  void answer(std::optional<Response> response) {
    assert(!answered_ && "a Respond was called twice");
    answered_ = true;
    // On another thread `to_` must not even be locked: the last owner of a connection is its loop.
    if (mailbox_->is_here()) {
      if (const auto to = to_.lock(); to && to->handing_over()) {
        return to->take_answer(number_, std::move(response));
      }
    }
    mailbox_->deliver({to_, number_, std::move(response)});
  }

 private:
  std::shared_ptr<Mailbox> mailbox_;
  std::weak_ptr<Answerable> to_;
  std::uint64_t number_;
  int exceptions_ = std::uncaught_exceptions();
  bool answered_ = false;
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
  auto ticket = std::make_shared<Ticket>(shared_from_this(), std::move(to), number);
  return [ticket = std::move(ticket)](Response response) { ticket->answer(std::move(response)); };
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
    to->take_answer(delivery.number, std::move(delivery.response));
    if (waiting.empty() || waiting.back() != to) waiting.push_back(std::move(to));
  }
  // Only now, so that the answers of a burst leave each connection in one write.
  for (const auto& connection : waiting) connection->answers_taken();
}

}  // namespace mentat_sync
