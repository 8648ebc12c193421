// Request by request: which query or command it is, and how that is answered.
#include "http/handlers.hpp"

#include "http/admission.hpp"
#include "http/answers.hpp"
#include "http/conditional.hpp"
#include "http/json_body.hpp"
#include "http/problem.hpp"
#include "http/refusals.hpp"

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
                 "/head, /transactions or /chunks/ and an id; without a slash at the end."};
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
    default:
      return ProblemKind{.status = status};
  }
}

Admission refused(const Problem& problem) {
  Admission admission;
  admission.refusal = to_response(problem);
  return admission;
}

/// Answers a query: with `make`'s answer, or that the store failed.
template <class T, class Make>
ReadHandler<T> answer_read(Respond respond, Make make) {
  return [respond = std::move(respond), make = std::move(make)](Result<T> result) {
    respond(result.ok() ? make(*result) : to_response(problem_of(result.status())));
  };
}

/// Answers a command: with `success`, or why it was refused.
OutcomeHandler answer_command(Respond respond, unsigned success) {
  return [respond = std::move(respond), success](Outcome outcome) {
    respond(succeeded(outcome.verdict) ? Response{.status = success}
                                       : to_response(problem_of(outcome)));
  };
}

Response head_response(const RequestHeader& header, const Head& head) {
  switch (evaluate_read(header, tag_of(head))) {
    case Precondition::not_modified:
      return head_not_modified(head);
    case Precondition::failed:
      return to_response(Problem{.kind = problems::precondition_failed,
                                 .detail = "HEAD is at current_head, not where If-Match wants it.",
                                 .current_head = head.head});
    case Precondition::holds:
      break;
  }
  return head_answer(head);
}

Response range_not_satisfiable(std::size_t size_bytes) {
  const std::string size = std::to_string(size_bytes);
  return to_response(Problem{.kind = problems::range_not_satisfiable,
                             .detail = "The chunk has " + size + " bytes.",
                             .headers = "Content-Range: bytes */" + size + "\r\n"});
}

Response chunk_response(const RequestHeader& header, const ChunkId& id, Chunk& chunk) {
  if (!chunk.found) {
    return to_response(
        Problem{problems::chunk_not_found, "No chunk is stored under this id, for this user."});
  }
  const std::string tag = tag_of(id);
  switch (evaluate_read(header, tag)) {
    case Precondition::not_modified:
      return chunk_not_modified(id);
    case Precondition::failed:
      return to_response(Problem{problems::precondition_failed,
                                 "If-Match names another entity tag than the chunk's id."});
    case Precondition::holds:
      break;
  }
  const RangeDecision range = evaluate_range(header, tag, chunk.bytes.size());
  if (range.kind == RangeDecision::Kind::unsatisfiable) {
    return range_not_satisfiable(chunk.bytes.size());
  }
  return chunk_answer(id, std::move(chunk.bytes), range);
}

}  // namespace

Handlers::Handlers(Store& store, Gateway& gateway, HandlerOptions options)
    : store_{store}, gateway_{gateway}, options_{options} {}

Admission Handlers::admit(const RequestHeader& header) const {
  if (const auto problem = problem_with_header(header)) return refused(*problem);
  const Routing routing = route(header.method(), header.target());
  const Route* found = std::get_if<Route>(&routing);
  if (found == nullptr) return refused(problem_of(routing));
  const std::uint64_t limit_bytes = body_limit_bytes(found->action);
  if (const auto problem = problem_with_length(header, limit_bytes)) return refused(*problem);
  return Admission{.refusal = std::nullopt,
                   .route = *found,
                   .body_limit_bytes = limit_bytes,
                   .safe = is_safe(found->action)};
}

std::uint64_t Handlers::body_limit_bytes(Action action) const {
  switch (action) {
    case Action::put_chunk:
      return options_.max_chunk_bytes;
    case Action::put_head:
    case Action::put_transaction:
      return bounds::json_body_bytes;
    default:
      return bounds::ignored_body_bytes;
  }
}

Response Handlers::too_large(std::uint64_t limit_bytes) const {
  return to_response(body_too_large(limit_bytes));
}

Response Handlers::bad_request(unsigned status, std::string_view detail) const {
  return to_response(Problem{kind_of_status(status), std::string{detail}});
}

void Handlers::handle(Route route, Request request, Respond respond) {
  switch (route.action) {
    case Action::root:
      return respond(sign_of_life());
    case Action::heartbeat:
      return respond(heartbeat_answer());
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
  }
}

void Handlers::summary(const Route& route, Respond respond) {
  store_.read(ReadSummary{route.user},
              answer_read<Summary>(std::move(respond),
                                   [](const Summary& summary) { return summary_answer(summary); }));
}

void Handlers::get_head(const Route& route, Request request, Respond respond) {
  store_.read(
      ReadHead{route.user},
      answer_read<Head>(std::move(respond), [request = std::move(request)](const Head& head) {
        return head_response(request, head);
      }));
}

void Handlers::list(const Route& route, Respond respond) {
  const ListTransactions query{route.user, route.from, route.limit};
  store_.read(
      query, answer_read<TransactionPage>(std::move(respond), [query](const TransactionPage& page) {
        if (page.from_found) return page_answer(query, page);
        return to_response(
            Problem{problems::from_not_found,
                    "\"from\" is no transaction that HEAD has reached. Begin with the "
                    "nil uuid, the root, or without \"from\"."});
      }));
}

void Handlers::get_transaction(const Route& route, Respond respond) {
  store_.read(ReadTransaction{route.user, route.transaction},
              answer_read<Transaction>(std::move(respond), [](const Transaction& transaction) {
                if (transaction.found) return transaction_answer(transaction);
                return to_response(Problem{problems::transaction_not_found,
                                           "HEAD has reached no transaction with this id."});
              }));
}

void Handlers::get_chunk(const Route& route, Request request, Respond respond) {
  store_.read(ReadChunk{route.user, route.chunk},
              answer_read<Chunk>(std::move(respond),
                                 [id = route.chunk, request = std::move(request)](Chunk& chunk) {
                                   return chunk_response(request, id, chunk);
                                 }));
}

void Handlers::delete_user(const Route& route, Respond respond) {
  gateway_.submit(DeleteUser{route.user}, answer_command(std::move(respond), 204));
}

void Handlers::put_head(const Route& route, const Request& request, Respond respond) {
  const auto body = parse_head_body(request.body());
  if (const auto* problem = std::get_if<Problem>(&body)) return respond(to_response(*problem));
  gateway_.submit(AdvanceHead{route.user, std::get<HeadBody>(body).head, if_match_heads(request)},
                  answer_command(std::move(respond), 204));
}

void Handlers::put_transaction(const Route& route, const Request& request, Respond respond) {
  auto body = parse_transaction_body(request.body());
  if (const auto* problem = std::get_if<Problem>(&body)) return respond(to_response(*problem));
  auto& [parent, chunks] = std::get<TransactionBody>(body);
  gateway_.submit(PutTransaction{route.user, route.transaction, parent, std::move(chunks)},
                  answer_command(std::move(respond), 201));
}

void Handlers::put_chunk(const Route& route, Request request, Respond respond) {
  gateway_.submit(PutChunk{route.user, route.chunk, std::move(request.body())},
                  answer_command(std::move(respond), 201));
}

}  // namespace mentat_sync
