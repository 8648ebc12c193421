// The part of a connection that takes requests: from what has been read to the application.
#include "http/connection.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace mentat_sync {

/// One step with what has been read; false when it takes more input, or an answer, to go on.
bool Connection::take_step() {
  if (!taking_requests() || pipeline_.full()) return false;
  if (holding_request()) return dispatch();
  const std::size_t used = reader_->feed(input_.unread());
  input_.take(used);
  switch (reader_->state()) {
    case RequestReader::State::header:
    case RequestReader::State::body:
      if (used > 0) continue_wanted_ = false;
      return used > 0 && body_has_room();
    case RequestReader::State::admitting:
      admit();
      return true;
    case RequestReader::State::complete:
      return body_has_room();
    case RequestReader::State::too_large:
      refuse(host_.application.too_large(body_limit_bytes_));
      return false;
    case RequestReader::State::malformed:
      refuse(host_.application.bad_request(reader_->fault().status, reader_->fault().detail));
      return false;
  }
  return false;
}

/// Refuses the request being read when all bodies together take too much room. A small one that is
/// alone on its connection always has some: those are no more than there are connections.
bool Connection::body_has_room() {
  const std::uint64_t bytes = reader_->held_bytes();
  if (body_.grow_to(bytes)) return true;
  if (bytes <= bounds::body_reserve_bytes && pipeline_.empty()) {
    body_.overdraw_to(bytes);
    return true;
  }
  refuse(host_.application.bad_request(503, "The server has too many bodies to hold."));
  return false;
}

void Connection::admit() {
  begin_notes();
  const RequestScope scope{notes_->id};
  Admission admission = ask_for_admission();
  note_admission(admission);
  if (admission.refusal) return refuse(std::move(*admission.refusal));
  route_ = admission.route;
  safe_ = admission.safe;
  waits_ = admission.waits;
  body_limit_bytes_ = admission.body_limit_bytes;
  reader_->accept_body(body_limit_bytes_, std::move(admission.sink));
  if (reader_->state() == RequestReader::State::too_large) {
    return refuse(host_.application.too_large(body_limit_bytes_));
  }
  continue_wanted_ = reader_->body_follows() && reader_->expects_continue() && input_.size() == 0;
}

Admission Connection::ask_for_admission() const {
  try {
    return host_.application.admit(reader_->header(), peer_);
  } catch (...) {
    log_exception("admission failed");
    return {.refusal = internal_error(), .route = {}};
  }
}

/// Of a request whose header has been read, or of what is none.
void Connection::begin_notes() {
  const RequestHeader& header = reader_->header();
  notes_ = std::make_unique<RequestNotes>();
  notes_->id = request_id_of(header, host_.request_ids);
  notes_->header_read = now_;
  notes_->client = peer_.address;
  if (!host_.observer || !host_.observer->needs_text()) return;
  notes_->method = header.method_string();
  notes_->target = header.target();
  notes_->user_agent = header[beast_http::field::user_agent];
}

void Connection::note_admission(Admission& admission) {
  notes_->answer_headers = std::move(admission.answer_headers);
  if (admission.routed) {
    notes_->action = admission.route.action;
    notes_->user = admission.route.user;
  }
  if (!admission.client.is_unspecified()) notes_->client = admission.client;
}

bool Connection::dispatch() {
  if (safe_ && pipeline_.changes_pending()) return false;
  // Its answer could not leave before the other's: one watcher for a connection is enough.
  if (waits_ && pipeline_.news_pending()) return false;
  const bool keep_alive = reader_->keep_alive();
  const std::uint64_t body_bytes = reader_->body_bytes();
  peer_closes_ = !keep_alive && input_.size() == 0;
  notes_->request_bytes = body_bytes;
  const std::string id = notes_->id;
  const auto number =
      open_exchange({.safe = safe_, .waits = waits_, .request_bytes = body_bytes}, keep_alive);
  hand_over(number, id, reader_->take());
  begin_message();
  return true;
}

void Connection::hand_over(std::uint64_t number, std::string_view id, Request&& request) {
  const RequestScope scope{id};
  try {
    auto withdraw = host_.application.handle(route_, std::move(request),
                                             host_.mailbox->make_respond(weak_from_this(), number));
    if (withdraw) pipeline_.note_withdraw(number, std::move(withdraw));
  } catch (...) {
    log_exception("handler failed");
    pipeline_.answer(number, internal_error());
  }
}

/// Answers the request being read without working on it. If more of it may come, nothing that
/// follows could be told apart from it: then this answer is the last.
void Connection::refuse(Response response) {
  const bool unread =
      reader_->state() != RequestReader::State::admitting || reader_->body_follows();
  const bool keep_alive = !unread && reader_->keep_alive();
  peer_closes_ = !unread && !keep_alive && input_.size() == 0;
  const auto number = open_exchange({}, keep_alive);
  begin_message();
  pipeline_.answer(number, std::move(response));
}

/// The next one, after what was read.
void Connection::begin_message() {
  reader_.emplace(host_.header_bytes);
}

/// Adds the request being read to those that are to be answered.
std::uint64_t Connection::open_exchange(Pipeline::Exchange&& exchange, bool keep_alive) {
  const RequestHeader& header = reader_->header();
  if (!notes_) begin_notes();
  exchange.framing = {.head = header.method() == beast_http::verb::head,
                      .http_1_0 = header.version() == 10,
                      .keep_alive = keep_alive && !draining_,
                      .request_id = notes_->id,
                      .headers = notes_->answer_headers};
  exchange.notes = std::move(notes_);
  exchange.body = std::exchange(body_, BodyShare{host_.bodies});
  exchange.begun = now_;
  taking_ = exchange.framing.keep_alive;
  continue_wanted_ = false;
  phase_ = Phase::none;
  return pipeline_.open(std::move(exchange));
}

Response Connection::too_many_answers() const {
  return host_.application.bad_request(
      503, "The server has too many answers to hold that are not taken yet.");
}

Response Connection::internal_error() const {
  return host_.application.bad_request(500, "The server failed to work on this request.");
}

}  // namespace mentat_sync
