// Steps of one request: connect when need be, send, wait, receive. Each goes as far as it can and
// is tried again when the loop says that the socket is ready.
#include "cli/load/load_connection.hpp"

#include "cli/load/load_bounds.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace mentat_sync {

std::string_view name_of(Answer::Failure failure) {
  switch (failure) {
    case Answer::Failure::none:
      return "none";
    case Answer::Failure::not_connected:
      return "not connected";
    case Answer::Failure::not_secured:
      return "TLS failed";
    case Answer::Failure::connection_lost:
      return "connection lost";
    case Answer::Failure::timeout:
      return "timeout";
    case Answer::Failure::malformed:
      return "malformed answer";
    case Answer::Failure::interrupted:
      return "interrupted";
  }
  return "";
}

std::string& LoadConnection::begin_head(std::string_view method) {
  head_.assign(method).append(" ").append(target_.path());
  return head_;
}

void LoadConnection::end_head() {
  head_.append(target_.common_head()).append("\r\n");
}

void LoadConnection::end_head_with(std::string_view fields) {
  head_.append(target_.common_head()).append(fields).append("\r\n");
}

void LoadConnection::end_head(std::size_t body_bytes, std::string_view content_type) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), body_bytes).ptr;
  head_.append(target_.common_head()).append("Content-Type: ").append(content_type);
  head_.append("\r\nContent-Length: ");
  head_.append(digits.data(), end).append("\r\n\r\n");
}

LoadConnection::Exchange LoadConnection::exchange(std::string_view body) {
  streaming_ = false;
  const bool copied = target_.tls() || body.size() <= load_bounds::copied_body_bytes;
  if (copied) head_.append(body);
  unsent_head_ = head_;
  unsent_body_ = copied ? std::string_view{} : body;
  begin();
  return Exchange{*this};
}

LoadConnection::Exchange LoadConnection::open_stream() {
  streaming_ = true;
  unsent_head_ = head_;
  unsent_body_ = {};
  begin();
  return Exchange{*this};
}

LoadConnection::Exchange LoadConnection::next_piece() {
  done_ = false;
  answer_.failure = Answer::Failure::none;
  deadline_ = Clock::now() + timeout_;
  if (refusing_) {
    fail(Answer::Failure::interrupted);
  } else if (step_ != Step::waiting || parser_->whole()) {
    fail(Answer::Failure::connection_lost);
  } else {
    parser_->forget_body();
    // What TLS has read already is not told again.
    receive();
  }
  return Exchange{*this};
}

void LoadConnection::begin() {
  done_ = false;
  answer_ = {};
  answer_.began = Clock::now();
  answer_.bytes_sent = unsent_head_.size() + unsent_body_.size();
  deadline_ = answer_.began + timeout_;
  if (refusing_) {
    answer_.failure = Answer::Failure::interrupted;
    return finish();
  }
  parser_.emplace(body_);
  rest_.clear();
  blocked_ = false;
  if (step_ == Step::closed) return connect();
  step_ = Step::sending;
  send();
}

void LoadConnection::connect() {
  if (!socket_.open(target_)) return fail(Answer::Failure::not_connected);
  ++opened_;
  hung_up_ = false;
  step_ = Step::connecting;
  loop_.watch(socket_.descriptor(), *this);
}

void LoadConnection::on_ready(bool hung_up) {
  if (step_ != Step::connecting) hung_up_ = hung_up_ || hung_up;
  switch (step_) {
    case Step::closed:
      return;
    case Step::connecting:
      return go_on_connecting();
    case Step::sending:
      send();
      // A refusal comes before all was sent.
      if (step_ == Step::sending && blocked_ && !target_.tls()) receive();
      return;
    // When nothing was asked, the server can only have closed.
    case Step::idle:
    case Step::waiting:
      return receive();
  }
}

void LoadConnection::go_on_connecting() {
  const auto state = socket_.connect();
  if (state == LoadSocket::State::blocked) return;
  if (state != LoadSocket::State::done) {
    tls_fault_ = socket_.tls_fault();
    return fail(tls_fault_.empty() ? Answer::Failure::not_connected : Answer::Failure::not_secured);
  }
  step_ = Step::sending;
  send();
}

void LoadConnection::send() {
  while (!unsent_head_.empty() || !unsent_body_.empty()) {
    const auto attempt = socket_.write(unsent_head_, unsent_body_);
    if (attempt.state == LoadSocket::State::blocked) {
      blocked_ = true;
      return;
    }
    if (attempt.state != LoadSocket::State::done) {
      // It may have refused what was sent, and said so before it closed.
      step_ = Step::waiting;
      return receive();
    }
    const auto of_head = std::min(attempt.bytes, unsent_head_.size());
    unsent_head_.remove_prefix(of_head);
    unsent_body_.remove_prefix(attempt.bytes - of_head);
  }
  step_ = Step::waiting;
  // What has come meanwhile was told while nobody listened.
  if (std::exchange(blocked_, false)) receive();
}

void LoadConnection::receive() {
  for (;;) {
    const auto attempt = socket_.read(room_.data(), room_.size());
    if (attempt.state == LoadSocket::State::blocked) return;
    if (attempt.state != LoadSocket::State::done) return on_end();
    // Nobody has asked for that.
    if (step_ == Step::idle) return close();
    answer_.bytes_received += attempt.bytes;
    if (!feed({room_.data(), attempt.bytes})) return;
    // What comes after a read that was not full is told anew; of TLS it is not.
    if (!target_.tls() && !hung_up_ && attempt.bytes < room_.size()) return;
  }
}

/// What is left of it.
std::string_view LoadConnection::parse(std::string_view input) {
  for (;;) {
    input.remove_prefix(parser_->feed(input));
    const bool interim = parser_->whole() && parser_->status() / 100 == 1;
    if (!interim || parser_->malformed()) return input;
    parser_.emplace(body_);
  }
}

/// Whether to read on.
bool LoadConnection::feed(std::string_view bytes) {
  const bool again = !rest_.empty();
  if (again) rest_.append(bytes);
  const auto left = parse(again ? std::string_view{rest_} : bytes);
  const bool surplus = parser_->whole() && !left.empty();
  if (parser_->malformed() || surplus) {
    fail(Answer::Failure::malformed);
    return false;
  }
  if (!parser_->whole()) {
    parser_->keep();
    rest_ = std::string{left};
  }
  return !answered();
}

/// Whether whoever waits has been told.
bool LoadConnection::answered() {
  const bool first = answer_.status == 0;
  const bool news = first ? parser_->has_header() : !parser_->body().empty();
  if (!parser_->whole() && !(streaming_ && news)) return false;
  complete();
  return true;
}

void LoadConnection::on_end() {
  if (step_ == Step::idle) return close();
  if (parser_->begun() && !parser_->whole()) {
    parser_->end();
    if (parser_->whole() && !parser_->malformed()) return complete();
  }
  fail(Answer::Failure::connection_lost);
}

void LoadConnection::complete() {
  answer_.status = parser_->status();
  answer_.body = parser_->body();
  answer_.waited = parser_->waited();
  answer_.retry_after = parser_->retry_after();
  if (!streaming_ || parser_->whole()) {
    // Who answers before all was sent will not understand what follows.
    const bool all_sent = unsent_head_.empty() && unsent_body_.empty();
    if (parser_->kept_alive() && all_sent && !hung_up_) {
      step_ = Step::idle;
    } else {
      close();
    }
  }
  finish();
}

void LoadConnection::fail(Answer::Failure failure) {
  close();
  answer_.failure = failure;
  answer_.status = 0;
  answer_.body = {};
  finish();
}

void LoadConnection::finish() {
  answer_.ended = Clock::now();
  done_ = true;
  if (const auto waiting = std::exchange(waiting_, nullptr)) waiting.resume();
}

void LoadConnection::expire(Clock::time_point now) {
  const bool busy = step_ == Step::connecting || step_ == Step::sending || step_ == Step::waiting;
  if (!busy || !waiting_ || now < deadline_) return;
  fail(step_ == Step::connecting ? Answer::Failure::not_connected : Answer::Failure::timeout);
}

void LoadConnection::interrupt() {
  refusing_ = true;
  if (waiting_) fail(Answer::Failure::interrupted);
}

void LoadConnection::close() {
  socket_.close();
  step_ = Step::closed;
}

}  // namespace mentat_sync
