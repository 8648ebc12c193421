// Responders: what a handler gives a query or a command to take its result, so that the request is
// answered whatever it is.
//
// Thread-safety: what they return may be called on any thread, once.
#pragma once

#include "http/message.hpp"
#include "http/problem.hpp"
#include "http/refusals.hpp"
#include "storage/outcome.hpp"
#include "storage/store.hpp"

#include <utility>

namespace mentat_sync {

/// Answers a query: with `make`'s answer, or that the store failed.
template <class T, class Make>
ReadHandler<T> answer_read(Respond&& respond, Make make) {
  return [respond = std::move(respond), make = std::move(make)](Result<T>&& result) {
    respond(result.ok() ? make(*result) : to_response(problem_of(result.status())));
  };
}

/// Answers a command: with `make`'s answer when it succeeded, or why it was refused.
template <class Make>
OutcomeHandler answer_command_by(Respond&& respond, Make make) {
  return [respond = std::move(respond), make = std::move(make)](const Outcome& outcome) {
    respond(succeeded(outcome.verdict) ? make(outcome) : to_response(problem_of(outcome)));
  };
}

/// Answers a command: with `success`, or why it was refused.
inline OutcomeHandler answer_command(Respond&& respond, unsigned success) {
  return answer_command_by(std::move(respond),
                           [success](const Outcome&) { return Response{.status = success}; });
}

}  // namespace mentat_sync
