// The handlers beyond 0.1: whole logs, have/want, and waiting for HEAD to move.
#include "http/answers.hpp"
#include "http/auth/access.hpp"
#include "http/conditional.hpp"
#include "http/event_source.hpp"
#include "http/handlers.hpp"
#include "http/json_body.hpp"
#include "http/log_answer.hpp"
#include "http/negotiation.hpp"
#include "http/problem.hpp"
#include "http/push_body.hpp"
#include "http/representations.hpp"
#include "http/responders.hpp"
#include "http/watch.hpp"
#include "http/wire/media_types.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace mentat_sync {
namespace {

Head head_of(const Outcome& outcome) {
  return {outcome.current_head, outcome.current_seq};
}

// --- Whole logs --------------------------------------------------------------------------------

Problem not_acceptable() {
  return {problems::not_acceptable, "A log can be had as " + std::string{log_media_type} + " or " +
                                        std::string{ndjson_media_type} +
                                        ", as it is, or coded as zstd or gzip."};
}

/// As for a PUT of one transaction, but for the status: the resource that is asked for is there.
Problem problem_of_push(const Outcome& outcome) {
  Problem problem = problem_of(outcome);
  if (outcome.verdict == Verdict::missing_chunks) {
    problem.kind = problems::missing_chunks_in_log;
    problem.detail =
        "The log names the chunks listed under missing, which are neither in it nor stored. Put "
        "them into it, each before its first use, or upload them first.";
  }
  return problem;
}

// --- Waiting -----------------------------------------------------------------------------------

/// Of an answer that a client was ready to wait for.
Response with_wait_applied(Response response, std::chrono::seconds wait) {
  response.headers.append("Preference-Applied: wait=")
      .append(std::to_string(wait.count()))
      .append("\r\n");
  return response;
}

Response watch_response(const RequestHeader& header, const Outcome& outcome,
                        std::chrono::seconds wait) {
  if (outcome.verdict == Verdict::unavailable) {
    return to_response(
        Problem{problems::unavailable, "Nothing can be watched at the moment. Try again later."});
  }
  if (!succeeded(outcome.verdict)) return to_response(problem_of(outcome));
  return with_wait_applied(head_response(header, head_of(outcome)), wait);
}

/// What of a request for HEAD decides its answer: kept while it waits, instead of all of it.
RequestHeader conditions_of(const RequestHeader& header) {
  RequestHeader kept;
  kept.method(header.method());
  for (const auto field : {beast_http::field::if_match, beast_http::field::if_none_match}) {
    const auto [first, last] = header.equal_range(field);
    for (auto line = first; line != last; ++line) kept.insert(field, line->value());
  }
  return kept;
}

}  // namespace

/// What is wrong by then with a request that was admitted and waits: a token may have been revoked,
/// or have expired. A function of its own, for it is called when the request is gone, and on any
/// thread; empty when nobody needs credentials.
Handlers::AccessAgain Handlers::access_again(const Route& route,
                                             const RequestHeader& header) const {
  if (!options_.authenticator) return {};
  RequestHeader credentials;
  const auto [first, last] = header.equal_range(beast_http::field::authorization);
  for (auto line = first; line != last; ++line) credentials.insert(line->name(), line->value());
  return [authenticator = options_.authenticator, route, credentials = std::move(credentials)] {
    return problem_with_access(*authenticator, credentials, route);
  };
}

void Handlers::pull(const Route& route, const Request& request, Respond&& respond) {
  const auto form = accepted_log_form(request);
  const auto coding = accepted_coding(request);
  if (!form || !coding) return respond(to_response(not_acceptable()));
  const auto encoder = std::make_shared<LogEncoder>(*form);
  ReadLog query;
  query.taker = encoder->writer.get();
  query.user = route.user;
  query.from = route.from;
  query.max_transactions = route.max_transactions;
  query.max_bytes = route.max_bytes;
  query.with_chunks = route.with_chunks;
  query.piece_bytes = bounds::log_first_piece_bytes;
  query.split_chunks = true;
  store_.read(query, answer_read<LogPiece>(std::move(respond), [this, query, encoder, form = *form,
                                                                coding = *coding](LogPiece& piece) {
                if (!piece.found) return to_response(from_not_found());
                return log_answer(store_, query, std::move(piece), std::move(encoder->bytes), form,
                                  coding);
              }));
}

/// `request` was admitted with a PushSink as its sink.
void Handlers::push(const Request& request, Respond&& respond) {
  auto parsed = static_cast<PushSink&>(*request.sink).finish();
  if (const auto* problem = std::get_if<Problem>(&parsed)) return respond(to_response(*problem));
  gateway_.submit(std::get<Push>(std::move(parsed)),
                  [respond = std::move(respond)](const Outcome& outcome) {
                    if (!succeeded(outcome.verdict)) {
                      return respond(to_response(problem_of_push(outcome)));
                    }
                    const bool is_new = outcome.verdict == Verdict::applied;
                    respond(pushed_answer(head_of(outcome), is_new));
                  });
}

void Handlers::missing(const Route& route, const Request& request, Respond&& respond) {
  auto body = parse_missing_body(request.body());
  if (const auto* problem = std::get_if<Problem>(&body)) return respond(to_response(*problem));
  gateway_.submit(FindMissing{route.user, std::get<MissingBody>(std::move(body)).chunks},
                  answer_command_by(std::move(respond), [](const Outcome& outcome) {
                    return missing_answer(outcome.missing);
                  }));
}

/// A chunk that only its lease keeps is told of after the lease has been renewed, on disk.
void Handlers::chunk_whose_lease_is_due(const Route& route, Request&& request, Chunk chunk,
                                        Respond&& respond) {
  gateway_.submit(
      FindMissing{route.user, {route.chunk}},
      answer_command_by(std::move(respond), [id = route.chunk, request = std::move(request),
                                             chunk = std::move(chunk)](const Outcome& outcome) {
        Chunk renewed = outcome.missing.empty() ? chunk : Chunk{};
        return chunk_response(request, id, renewed);
      }));
}

Withdraw Handlers::await_head(const Route& route, const Request& request, Respond&& respond) {
  const std::chrono::seconds wait = *preferred_wait(request);
  auto watch = std::make_shared<Watch>(gateway_, route.user);
  store_.read(
      ReadHead{route.user}, [watch, user = route.user, wait, conditions = conditions_of(request),
                             again = access_again(route, request),
                             respond = std::move(respond)](Result<Head> head) mutable {
        if (!head.ok()) return respond(to_response(problem_of(head.status())));
        const bool waits = evaluate_read(conditions, tag_of(*head)) == Precondition::not_modified;
        if (!waits) return respond(with_wait_applied(head_response(conditions, *head), wait));
        const auto wait_ms = static_cast<std::uint64_t>(std::chrono::milliseconds{wait}.count());
        watch->ask(
            {user, head->head, wait_ms, head->seq},
            [wait, conditions = std::move(conditions), again = std::move(again),
             respond = std::move(respond)](const Outcome& outcome) {
              const auto problem = again ? again() : std::nullopt;
              respond(problem ? to_response(*problem) : watch_response(conditions, outcome, wait));
            });
      });
  return [watch] { watch->withdraw(); };
}

void Handlers::events(const Route& route, const Request& request, Respond&& respond) {
  std::function<bool()> may_hear;
  if (auto again = access_again(route, request)) {
    may_hear = [again = std::move(again)] { return !again(); };
  }
  store_.read(ReadHead{route.user},
              answer_read<Head>(std::move(respond), [this, user = route.user, may_hear,
                                                     last = std::string{request["Last-Event-ID"]}](
                                                        const Head& head) {
                return event_stream(std::make_shared<EventSource>(
                    gateway_, user, head, knows(last, head), options_.event_heartbeat, may_hear));
              }));
}

}  // namespace mentat_sync
