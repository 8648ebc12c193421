// Each call: a request, and what its answers mean.
#include "http/client/client.hpp"

#include "http/client/client_exchange.hpp"
#include "http/client/json_answers.hpp"
#include "http/client/log_receiver.hpp"
#include "http/wire/media_types.hpp"

#include <algorithm>
#include <utility>

namespace mentat_sync {
namespace {

using Kind = ClientError::Kind;

constexpr std::string_view octets_media_type = "application/octet-stream";
constexpr unsigned not_modified = 304;
constexpr unsigned created = 201;

std::string log_target(const std::string& path, const PullRequest& request) {
  std::string target = path + "/log?from=" + request.from.to_string();
  if (request.limit) target += "&limit=" + std::to_string(*request.limit);
  if (request.max_bytes) target += "&max_bytes=" + std::to_string(*request.max_bytes);
  if (!request.with_chunks) target += "&chunks=false";
  return target;
}

PushResult refused_push(ClientError refusal) {
  PushResult result;
  if (refusal.type == "base-not-head" && refusal.current_head) {
    result.outcome = PushResult::Outcome::conflict;
    result.head = *refusal.current_head;
  } else if (!refusal.missing.empty()) {
    result.outcome = PushResult::Outcome::missing;
    result.missing = refusal.missing;
  }
  result.refusal = std::move(refusal);
  return result;
}

}  // namespace

struct Client::State {
  State(ServerUrl server, UserId user, ClientOptions settings)
      : options(settings),
        path("/0.1/" + user.to_string()),
        exchange(std::move(server), std::move(settings)) {}

  /// The body of a success; `answer` is filled when asked for.
  Reply<std::string> fetch(const ClientRequest& request, ClientAnswer* answer = nullptr,
                           std::uint64_t max_bytes = bounds::client_answer_bytes) {
    auto begun = exchange.succeed(request);
    if (!begun) return begun.error();
    if (answer) *answer = *begun;
    return exchange.read_rest(max_bytes);
  }

  ClientRequest get(std::string_view rest) const { return {.target = path + std::string{rest}}; }
  ClientRequest send(std::string_view method, std::string_view rest, std::string_view media_type,
                     std::string_view body) const {
    return {.method = method,
            .target = path + std::string{rest},
            .content_type = media_type,
            .body = body};
  }
  Reply<Done> change(const ClientRequest& request) {
    auto body = fetch(request);
    if (!body) return body.error();
    return Done{};
  }

  ClientOptions options;
  std::string path;
  ClientExchange exchange;
};

Client::Client(ServerUrl server, UserId user, ClientOptions options)
    : state_(std::make_unique<State>(std::move(server), user, std::move(options))) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Reply<TransactionId> Client::head() {
  auto body = state_->fetch(state_->get("/head"));
  if (!body) return body.error();
  return read_head_answer(*body);
}

Reply<Summary> Client::summary() {
  auto body = state_->fetch(state_->get(""));
  if (!body) return body.error();
  return read_summary_answer(*body);
}

Reply<AwaitedHead> Client::await_head(const TransactionId& known, std::chrono::seconds wait) {
  auto request = state_->get("/head");
  request.headers = "If-None-Match: \"" + known.to_string() +
                    "\"\r\nPrefer: wait=" + std::to_string(wait.count()) + "\r\n";
  request.server_waits = wait;
  ClientAnswer answer;
  auto body = state_->fetch(request, &answer);
  if (!body) return body.error();
  if (answer.status == not_modified) return AwaitedHead{false, known};
  auto head = read_head_answer(*body);
  if (!head) return head.error();
  return AwaitedHead{*head != known, *head};
}

Reply<TransactionPage> Client::list(const TransactionId& from, std::uint32_t limit) {
  ClientAnswer answer;
  auto body = state_->fetch(
      state_->get("/transactions?from=" + from.to_string() + "&limit=" + std::to_string(limit)),
      &answer);
  if (!body && body.error().type == "from-not-found") return TransactionPage{};
  if (!body) return body.error();
  auto page = read_page_answer(*body);
  if (page) page->more = answer.link.find("rel=\"next\"") != std::string::npos;
  return page;
}

Reply<Transaction> Client::transaction(const TransactionId& id) {
  auto body = state_->fetch(state_->get("/transactions/" + id.to_string()));
  if (!body && body.error().type == "transaction-not-found") return Transaction{};
  if (!body) return body.error();
  return read_transaction_answer(*body);
}

Reply<Chunk> Client::chunk(const ChunkId& id) {
  auto body =
      state_->fetch(state_->get("/chunks/" + id.to_string()), nullptr, bounds::chunk_bytes_max);
  if (!body && body.error().type == "chunk-not-found") return Chunk{};
  if (!body) return body.error();
  return Chunk{.found = true, .bytes = std::move(*body)};
}

Reply<Done> Client::put_chunk(const ChunkId& id, std::string_view bytes) {
  return state_->change(state_->send("PUT", "/chunks/" + id.to_string(), octets_media_type, bytes));
}

Reply<Done> Client::put_transaction(const TransactionId& id, const TransactionId& parent,
                                    const std::vector<ChunkId>& chunks) {
  const auto body = transaction_request(parent, chunks);
  return state_->change(
      state_->send("PUT", "/transactions/" + id.to_string(), json_media_type, body));
}

Reply<AdvanceResult> Client::advance_head(const TransactionId& head) {
  const auto body = head_request(head);
  const auto done = state_->change(state_->send("PUT", "/head", json_media_type, body));
  if (done) return AdvanceResult{.advanced = true, .current_head = head, .conflict = {}};
  const auto& error = done.error();
  if (error.kind != Kind::refused || !error.current_head) return error;
  return AdvanceResult{
      .advanced = false, .current_head = *error.current_head, .conflict = error.type};
}

Reply<Done> Client::remove() {
  auto request = state_->get("");
  request.method = "DELETE";
  return state_->change(request);
}

Reply<std::vector<ChunkId>> Client::missing(const std::vector<ChunkId>& ids) {
  std::vector<ChunkId> all;
  for (std::size_t begin = 0; begin < ids.size(); begin += bounds::find_missing_chunks) {
    const auto end = std::min(ids.size(), begin + bounds::find_missing_chunks);
    const auto question = missing_request({ids.begin() + static_cast<std::ptrdiff_t>(begin),
                                           ids.begin() + static_cast<std::ptrdiff_t>(end)});
    auto body = state_->fetch(state_->send("POST", "/missing", json_media_type, question));
    if (!body) return body.error();
    auto some = read_missing_answer(*body);
    if (!some) return some.error();
    all.insert(all.end(), some->begin(), some->end());
  }
  return all;
}

Reply<LogTrailer> Client::pull(const PullRequest& request, const LogSink& sink) {
  ClientRequest get{.target = log_target(state_->path, request)};
  get.headers = "Accept: " + std::string{log_media_type} + "\r\nAccept-Encoding: zstd, gzip\r\n";
  const auto answer = state_->exchange.succeed(get);
  if (!answer) return answer.error();
  if (!answer->content_type.starts_with(log_media_type)) {
    return ClientError{Kind::broken,
                       "the server's answer is no log but '" + answer->content_type + "'"};
  }
  return receive_log(state_->exchange, answer->content_encoding, state_->options.max_item_bytes,
                     sink);
}

Reply<PushResult> Client::push(PushBody& body) {
  ClientAnswer answer;
  const auto text =
      state_->fetch(state_->send("POST", "/log", log_media_type, body.finish()), &answer);
  if (!text && text.error().kind == Kind::refused && text.error().http_status < 500) {
    return refused_push(text.error());
  }
  if (!text) return text.error();
  const auto head = read_push_answer(*text);
  if (!head) return head.error();
  const bool is_new = answer.status == created;
  return PushResult{
      .outcome = is_new ? PushResult::Outcome::pushed : PushResult::Outcome::already_there,
      .head = head->head,
      .seq = head->seq,
      .missing = {},
      .refusal = {}};
}

}  // namespace mentat_sync
