// See pipeline.hpp.
#include "http/pipeline.hpp"

#include "storage/bounds.hpp"

#include <algorithm>
#include <utility>

namespace mentat_sync {
namespace {

/// As nginx has it: the client went away before it was answered.
constexpr unsigned status_of_abandoned = 499;

std::uint64_t weight_of(const Response& response) {
  const std::uint64_t held = response.source ? response.source->held_bytes() : 0;
  return response.headers.size() + response.body.size() + held;
}

}  // namespace

std::uint64_t Pipeline::open(Exchange&& exchange) {
  request_bytes_ += exchange.request_bytes;
  if (!exchange.safe) ++changes_pending_;
  if (waiting_.full()) waiting_.set_capacity(waiting_.empty() ? 1 : 2 * waiting_.size());
  waiting_.push_back({.exchange = std::move(exchange)});
  return first_number_ + waiting_.size() - 1;
}

Pipeline::Waiting* Pipeline::unanswered(std::uint64_t number) {
  if (number < first_number_ || number - first_number_ >= waiting_.size()) return nullptr;
  Waiting& waiting = waiting_[number - first_number_];
  return waiting.answered ? nullptr : &waiting;
}

void Pipeline::note_withdraw(std::uint64_t number, Withdraw withdraw) {
  if (auto* waiting = unanswered(number)) waiting->withdraw = std::move(withdraw);
}

bool Pipeline::make_room(std::uint64_t number, const Response& response) {
  const std::uint64_t weight = weight_of(response);
  const std::uint64_t bytes = answers_bytes() + weight;
  if (answers_ == nullptr || bytes <= bounds::answer_reserve_bytes) return true;
  if (share_.grow_to(bytes)) return true;
  const Waiting* const waiting = unanswered(number);
  if (waiting == nullptr) return true;
  const bool tells_outcome = !waiting->exchange.safe;
  refused_ = !tells_outcome || weight > bounds::answer_reserve_bytes;
  return !refused_;
}

bool Pipeline::answer(std::uint64_t number, Response&& response) {
  Waiting* const found = unanswered(number);
  if (found == nullptr) return false;
  Waiting& waiting = *found;
  waiting.answered = true;
  if (!waiting.exchange.safe) --changes_pending_;
  request_bytes_ -= waiting.exchange.request_bytes;
  waiting.exchange.body.release();
  response_bytes_ += weight_of(response);
  count_answers();
  // Without chunks, nothing but the end of the connection tells where such a body ends.
  if (response.source && waiting.exchange.framing.http_1_0) response.close = true;
  closing_ = closing_ || response.close;
  waiting.response = std::move(response);
  return true;
}

void Pipeline::gather(ResponseWriter& writer, DateClock& clock) {
  while (!stream_ && !waiting_.empty() && waiting_.front().answered) {
    const bool is_last = waiting_.front().response.close;
    gather_first(writer, clock.now());
    waiting_.pop_front();
    ++first_number_;
    if (!is_last) continue;
    // Nothing may follow an answer that says that it is the last.
    first_number_ += waiting_.size();
    abandon_waiting();
  }
  // What a burst took is given back.
  if (waiting_.empty() && waiting_.capacity() > 1) waiting_.set_capacity(0);
}

/// It stays where it is: to move all that is known of it elsewhere costs more than to write it.
void Pipeline::gather_first(ResponseWriter& writer, std::string_view date) {
  auto& [exchange, answered, response, withdraw] = waiting_.front();
  const std::uint64_t weight = weight_of(response);
  std::unique_ptr<RequestNotes> notes = std::move(exchange.notes);
  if (notes) {
    notes->status = response.status;
    notes->problem = response.problem;
    notes->response_bytes = exchange.framing.head ? 0 : response.body.size();
  }
  const bool streams = response.source && !exchange.framing.head;
  if (streams) {
    stream_ = Stream{response.source, !exchange.framing.http_1_0, response.endless, nullptr};
    response_bytes_ -= weight;
    stream_bytes_ = weight;
  } else {
    gathered_bytes_ += weight;
  }
  ++gathered_;
  writer.append(std::move(response), exchange.framing, date);
  if (streams) {
    stream_->notes = std::move(notes);
  } else {
    tell(std::move(notes), false);
  }
}

void Pipeline::note_streamed(std::size_t bytes) {
  if (stream_->notes) stream_->notes->response_bytes += bytes;
  if (bytes <= stream_bytes_) return;
  stream_bytes_ = bytes;
  count_answers();
}

void Pipeline::end_stream() {
  tell(std::move(stream_->notes), false);
  stream_.reset();
  // Its last piece is still to be written.
  const std::uint64_t bytes = std::exchange(stream_bytes_, 0);
  gathered_bytes_ += bytes;
  response_bytes_ += bytes;
}

void Pipeline::abandon(std::unique_ptr<RequestNotes> unfinished) {
  if (stream_) tell(std::move(stream_->notes), !stream_->endless);
  stream_.reset();
  abandon_waiting();
  tell(std::move(unfinished), true);
  share_.release();
}

void Pipeline::abandon_waiting() {
  changes_pending_ = 0;
  // Taken out first: to withdraw one may answer it, which finds it here no more.
  for (Waiting& waiting : std::exchange(waiting_, decltype(waiting_){})) {
    tell(std::move(waiting.exchange.notes), true);
    if (!waiting.answered && waiting.withdraw) waiting.withdraw();
  }
}

void Pipeline::tell(std::unique_ptr<RequestNotes> notes, bool aborted) const {
  if (!observer_ || !notes) return;
  if (aborted && notes->status == 0) notes->status = status_of_abandoned;
  observer_->on_request(notes->observed(std::chrono::steady_clock::now(), aborted));
}

void Pipeline::written() {
  response_bytes_ -= gathered_bytes_;
  gathered_bytes_ = 0;
  gathered_ = 0;
  refused_ = false;
  const std::uint64_t bytes = answers_bytes();
  share_.shrink_to(bytes > bounds::answer_reserve_bytes ? bytes : 0);
}

/// What is there counts, whether there is room or not.
void Pipeline::count_answers() {
  if (answers_ != nullptr && answers_bytes() > bounds::answer_reserve_bytes) {
    share_.overdraw_to(answers_bytes());
  }
}

void Pipeline::close_after_last() {
  if (!waiting_.empty()) waiting_.back().exchange.framing.keep_alive = false;
}

bool Pipeline::waiting_for_news() const {
  if (stream_) return stream_->endless;
  return gathered_ == 0 && !waiting_.empty() && !waiting_.front().answered &&
         waiting_.front().exchange.waits;
}

bool Pipeline::news_pending() const {
  if (stream_ && stream_->endless) return true;
  return std::ranges::any_of(waiting_, [](const Waiting& waiting) {
    return waiting.answered ? waiting.response.endless : waiting.exchange.waits;
  });
}

bool Pipeline::full() const {
  return waiting_.size() + gathered_ >= bounds::pipelined_requests ||
         request_bytes_ >= bounds::pipelined_request_bytes ||
         response_bytes_ >= bounds::pipelined_response_bytes || refused_;
}

std::optional<Pipeline::TimePoint> Pipeline::oldest_unanswered() const {
  const auto unanswered =
      std::find_if(waiting_.begin(), waiting_.end(), [](const Waiting& w) { return !w.answered; });
  if (unanswered == waiting_.end()) return std::nullopt;
  return unanswered->exchange.begun;
}

}  // namespace mentat_sync
