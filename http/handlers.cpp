// Request by request: which query or command it is, and how that is answered.
#include "http/handlers.hpp"

#include "http/address_key.hpp"
#include "http/admission.hpp"
#include "http/answers.hpp"
#include "http/auth/access.hpp"
#include "http/conditional.hpp"
#include "http/field_list.hpp"
#include "http/json_body.hpp"
#include "http/negotiation.hpp"
#include "http/operational_answers.hpp"
#include "http/problem.hpp"
#include "http/push_body.hpp"
#include "http/representations.hpp"
#include "http/responders.hpp"
#include "http/wire/media_types.hpp"

#include <string>
#include <utility>
#include <variant>

namespace mentat_sync {
namespace {

bool is_safe(Action action) {
  switch (action) {
    case Action::delete_user:
    case Action::put_head:
    case Action::put_transaction:
    case Action::put_chunk:
    case Action::push:
    case Action::missing:  // it renews leases, and must see the changes before it
      return false;
    default:
      return true;
  }
}

/// Of a routing that found nothing to do.
Problem problem_of(const Routing& routing) {
  if (const auto* wrong_method = std::get_if<MethodNotAllowed>(&routing)) {
    const std::string allow{wrong_method->allow};
    return Problem{.kind = problems::method_not_allowed,
                   .detail = "Here, these methods are allowed: " + allow + ".",
                   .headers = "Allow: " + allow + "\r\n"};
  }
  if (const auto* malformed = std::get_if<MalformedTarget>(&routing)) {
    return Problem{problems::malformed_target, malformed->detail};
  }
  return Problem{problems::no_route,
                 "Paths of this API begin with /0.1/ and the user's id, a uuid, and go on with "
                 "/head, /transactions or /chunks/ and an id, /log, /missing or /events; without a "
                 "slash at the end."};
}

/// The kind of what is wrong with the HTTP itself, for those a connection finds.
ProblemKind kind_of_status(unsigned status) {
  switch (status) {
    case 400:
      return problems::malformed_request;
    case 408:
      return problems::request_timeout;
    case 431:
      return problems::header_too_large;
    case 503:
      return problems::overloaded;
    default:
      return ProblemKind{.status = status};
  }
}

/// Whether it is a long poll: of HEAD, by a client that says what it knows of it.
bool waits(const RequestHeader& header) {
  if (!has_line(header, beast_http::field::if_none_match)) return false;
  const auto wait = preferred_wait(header);
  return wait && wait->count() > 0;
}

Problem no_log() {
  const std::string type{log_media_type};
  return Problem{.kind = problems::unsupported_media_type,
                 .detail = "The body of a push is a log of Content-Type " + type + ".",
                 .headers = "Accept-Post: " + type + "\r\n"};
}

Response heartbeat(Store& store) {
  const auto statistics = store.statistics();
  return heartbeat_answer(statistics.ok() ? Status{} : statistics.status(), store.health());
}

/// The clock is looked at only where a rate is kept.
std::optional<RateLimiter::Clock::duration> refused_by(RateLimiter& rate,
                                                       const RateLimiter::Key& key) {
  return rate.limits() ? rate.refuse(key, RateLimiter::Clock::now()) : std::nullopt;
}

Problem too_many_requests(RateLimiter::Clock::duration wait, std::string_view of_whom) {
  return Problem{.kind = problems::too_many_requests,
                 .detail = "There were too many requests of " + std::string{of_whom} +
                           ". Nothing was done; repeat this one after Retry-After seconds.",
                 .headers = retry_after(std::chrono::ceil<std::chrono::seconds>(wait))};
}

}  // namespace

Handlers::Handlers(Store& store, Gateway& gateway, HandlerOptions options)
    : store_{store},
      gateway_{gateway},
      options_{std::move(options)},
      address_rate_{static_cast<std::uint32_t>(options_.limits.address_requests_per_second)},
      user_rate_{static_cast<std::uint32_t>(options_.limits.user_requests_per_second)} {}

Admission Handlers::admit(const RequestHeader& header, const Peer& peer) const {
  Admission admission;
  admission.client = options_.trusted_proxies.client_of(header, peer.address);
  if (const auto problem = problem_with_header(header, options_.limits.target_bytes)) {
    admission.refusal = to_response(*problem);
    return admission;
  }
  admission.answer_headers = options_.cors.answer_headers(header);
  // Before credentials are looked at: a browser asks without them.
  admission.refusal = options_.cors.preflight(header);
  if (admission.refusal) return admission;
  const Routing routing = route(header.method(), header.target());
  const Route* found = std::get_if<Route>(&routing);
  if (found == nullptr) {
    admission.refusal = to_response(problem_of(routing));
    return admission;
  }
  admission.route = *found;
  admission.routed = true;
  admission.body_limit_bytes = body_limit_bytes(found->action);
  admission.safe = is_safe(found->action);
  admission.waits =
      found->action == Action::events || (found->action == Action::get_head && waits(header));
  if (const auto problem = refuse_routed(header, admission)) {
    admission.refusal = to_response(*problem);
  } else if (found->action == Action::push) {
    admission.sink = std::make_shared<PushSink>(found->user);
  }
  return admission;
}

/// The address's rate comes before anything that costs, the user's after what tells whether this is
/// the user: else strangers could use it up.
std::optional<Problem> Handlers::refuse_routed(const RequestHeader& header,
                                               const Admission& admission) const {
  const Route& route = admission.route;
  if (scope_needed(route.action)) {
    if (const auto wait = refused_by(address_rate_, address_key(admission.client))) {
      return too_many_requests(*wait, "this address");
    }
    if (options_.authenticator) {
      auto problem = problem_with_access(*options_.authenticator, header, route);
      if (problem) return problem;
    }
    const bool is_of_user = !is_operational(route.action);
    const auto wait = is_of_user ? refused_by(user_rate_, route.user.uuid.bytes) : std::nullopt;
    if (wait) return too_many_requests(*wait, "this user");
  }
  if (route.action == Action::push && !is_log(header)) return no_log();
  return problem_with_length(header, admission.body_limit_bytes);
}

std::uint64_t Handlers::body_limit_bytes(Action action) const {
  switch (action) {
    case Action::put_chunk:
      return options_.limits.chunk_bytes;
    case Action::push:
      return options_.limits.push_body_bytes;
    case Action::put_head:
    case Action::put_transaction:
    case Action::missing:
      return options_.limits.json_body_bytes;
    default:
      return bounds::ignored_body_bytes;
  }
}

Response Handlers::too_large(std::uint64_t limit_bytes) const {
  return to_response(body_too_large(limit_bytes));
}

Response Handlers::bad_request(unsigned status, std::string_view detail) const {
  Problem problem{kind_of_status(status), std::string{detail}};
  if (status == problems::overloaded.status) {
    problem.headers = retry_after(bounds::overloaded_retry);
  }
  return to_response(problem);
}

Withdraw Handlers::handle(const Route& route, Request&& request, Respond&& respond) {
  if (route.action == Action::get_head && waits(request)) {
    return await_head(route, request, std::move(respond));
  }
  work_on(route, std::move(request), std::move(respond));
  return {};
}

void Handlers::work_on(const Route& route, Request&& request, Respond&& respond) {
  switch (route.action) {
    case Action::root:
    case Action::lb_heartbeat:
    case Action::heartbeat:
    case Action::version:
    case Action::limits:
    case Action::metrics:
      return operational(route, std::move(respond));
    case Action::summary:
      return summary(route, std::move(respond));
    case Action::delete_user:
      return delete_user(route, std::move(respond));
    case Action::get_head:
      return get_head(route, std::move(request), std::move(respond));
    case Action::put_head:
      return put_head(route, request, std::move(respond));
    case Action::list:
      return list(route, std::move(respond));
    case Action::get_transaction:
      return get_transaction(route, std::move(respond));
    case Action::put_transaction:
      return put_transaction(route, request, std::move(respond));
    case Action::get_chunk:
      return get_chunk(route, std::move(request), std::move(respond));
    case Action::put_chunk:
      return put_chunk(route, std::move(request), std::move(respond));
    case Action::events:
      return events(route, request, std::move(respond));
    case Action::pull:
      return pull(route, request, std::move(respond));
    case Action::push:
      return push(request, std::move(respond));
    case Action::missing:
      return missing(route, request, std::move(respond));
  }
}

void Handlers::operational(const Route& route, Respond&& respond) {
  switch (route.action) {
    case Action::lb_heartbeat:
      return respond(lb_heartbeat_answer());
    case Action::heartbeat:
      return respond(heartbeat(store_));
    case Action::version:
      return respond(version_answer());
    case Action::limits:
      return respond(limits_answer(options_.limits));
    case Action::metrics:
      if (!options_.metrics) return respond(to_response(problem_of(Routing{NoRoute{}})));
      return respond(metrics_answer(options_.metrics()));
    default:
      return respond(sign_of_life());
  }
}

void Handlers::summary(const Route& route, Respond&& respond) {
  store_.read(ReadSummary{route.user},
              answer_read<Summary>(std::move(respond),
                                   [](const Summary& summary) { return summary_answer(summary); }));
}

void Handlers::get_head(const Route& route, Request&& request, Respond&& respond) {
  if (!is_conditional(request)) {
    return store_.read(ReadHead{route.user}, answer_read<Head>(std::move(respond), head_answer));
  }
  store_.read(
      ReadHead{route.user},
      answer_read<Head>(std::move(respond), [request = std::move(request)](const Head& head) {
        return head_response(request, head);
      }));
}

void Handlers::list(const Route& route, Respond&& respond) {
  const ListTransactions query{route.user, route.from, route.limit};
  store_.read(
      query, answer_read<TransactionPage>(std::move(respond), [query](const TransactionPage& page) {
        if (page.from_found) return page_answer(query, page);
        return to_response(from_not_found());
      }));
}

void Handlers::get_transaction(const Route& route, Respond&& respond) {
  store_.read(ReadTransaction{route.user, route.transaction},
              answer_read<Transaction>(std::move(respond), [](const Transaction& transaction) {
                if (transaction.found) return transaction_answer(transaction);
                return to_response(Problem{problems::transaction_not_found,
                                           "HEAD has reached no transaction with this id."});
              }));
}

void Handlers::get_chunk(const Route& route, Request&& request, Respond&& respond) {
  if (request.method() == beast_http::verb::get && !is_conditional(request)) {
    return store_.read(ReadChunk{route.user, route.chunk},
                       answer_read<Chunk>(std::move(respond), [id = route.chunk](Chunk& chunk) {
                         return whole_chunk_response(id, chunk);
                       }));
  }
  store_.read(ReadChunk{route.user, route.chunk},
              [this, route, request = std::move(request),
               respond = std::move(respond)](Result<Chunk>&& chunk) mutable {
                if (!chunk.ok()) return respond(to_response(problem_of(chunk.status())));
                // Whoever asks by HEAD relies on its being there, and does not take it along.
                if (chunk->lease_is_due && request.method() == beast_http::verb::head) {
                  return chunk_whose_lease_is_due(route, std::move(request), *std::move(chunk),
                                                  std::move(respond));
                }
                respond(chunk_response(request, route.chunk, *chunk));
              });
}

void Handlers::delete_user(const Route& route, Respond&& respond) {
  gateway_.submit(DeleteUser{route.user}, answer_command(std::move(respond), 204));
}

void Handlers::put_head(const Route& route, const Request& request, Respond&& respond) {
  const auto body = parse_head_body(request.body());
  if (const auto* problem = std::get_if<Problem>(&body)) return respond(to_response(*problem));
  gateway_.submit(AdvanceHead{route.user, std::get<HeadBody>(body).head, if_match_heads(request)},
                  answer_command(std::move(respond), 204));
}

void Handlers::put_transaction(const Route& route, const Request& request, Respond&& respond) {
  auto body = parse_transaction_body(request.body());
  if (const auto* problem = std::get_if<Problem>(&body)) return respond(to_response(*problem));
  auto& [parent, chunks] = std::get<TransactionBody>(body);
  gateway_.submit(PutTransaction{route.user, route.transaction, parent, std::move(chunks)},
                  answer_command(std::move(respond), 201));
}

void Handlers::put_chunk(const Route& route, Request&& request, Respond&& respond) {
  gateway_.submit(PutChunk{route.user, route.chunk, std::move(request.body())},
                  answer_command(std::move(respond), 201));
}

}  // namespace mentat_sync
