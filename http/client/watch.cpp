// One event stream after the other, each from where the last one ended.
#include "http/client/watch.hpp"

#include "http/client/client_exchange.hpp"
#include "http/client/event_stream_parser.hpp"
#include "http/client/json_answers.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace mentat_sync {
namespace {

using Kind = ClientError::Kind;

/// Whatever the server asks for: a client does not come back without a rest.
constexpr std::chrono::milliseconds rest_min{100};

class HeadWatch {
 public:
  HeadWatch(const ServerUrl& server, const UserId& user, const ClientOptions& options,
            const WatchHandlers& handlers, std::optional<Head> known)
      : exchange_(server, options),
        options_(options),
        handlers_(handlers),
        target_("/0.1/" + user.to_string() + "/events"),
        seen_(known) {}

  Reply<Done> run() {
    for (;;) {
      auto end = stream();
      if (end || !may_pass(end.error())) return end;
      if (handlers_.on_lost) handlers_.on_lost(end.error(), rest_);
      const Interrupter never;
      const auto& interrupter = options_.interrupter ? *options_.interrupter : never;
      if (interrupter.wait_for(rest_)) return ClientError{Kind::interrupted, "interrupted"};
      rest_ = std::min<std::chrono::milliseconds>(2 * rest_, bounds::client_reconnect_max);
    }
  }

 private:
  static bool may_pass(const ClientError& error) {
    const bool lost = error.kind == Kind::unreachable || error.kind == Kind::timed_out ||
                      error.kind == Kind::broken;
    return lost || (error.kind == Kind::refused && error.http_status >= 500);
  }

  /// One connection's worth; Done when the handler wants no more.
  Reply<Done> stream() {
    ClientRequest request{.target = target_, .headers = "Accept: text/event-stream\r\n"};
    if (!last_id_.empty()) request.headers += "Last-Event-ID: " + last_id_ + "\r\n";
    request.body_idle_timeout = bounds::client_event_silence;
    const auto answer = exchange_.succeed(request);
    if (!answer) return answer.error();
    if (!answer->content_type.starts_with("text/event-stream")) {
      return ClientError{Kind::stopped, "the server's answer is no event stream but '" +
                                            answer->content_type + "'"};
    }
    EventStreamParser parser{[this](const StreamEvent& event) { return take(event); }};
    auto end = read(parser);
    if (!parser.last_id().empty()) last_id_ = parser.last_id();
    return end;
  }

  Reply<Done> read(EventStreamParser& parser) {
    std::string buffer(bounds::KiB, '\0');
    for (;;) {
      const auto count = exchange_.read_some(buffer.data(), buffer.size());
      if (!count) return count.error();
      if (*count == 0) return ClientError{Kind::broken, "the server ended the event stream"};
      const auto status = parser.feed({buffer.data(), *count});
      if (!status.ok()) return ClientError{Kind::broken, status.message()};
      if (parser.stopped()) return Done{};
      rest_ = std::clamp<std::chrono::milliseconds>(parser.retry().value_or(bounds::event_retry),
                                                    rest_min, bounds::client_reconnect_max);
    }
  }

  /// Other events, and ones that a later version writes otherwise, are passed over.
  bool take(const StreamEvent& event) {
    if (event.type != "head") return true;
    const auto head = read_head_event(event.data);
    if (!head) return true;
    if (seen_ && seen_->head == head->head && seen_->seq == head->seq) return true;
    seen_ = *head;
    return handlers_.on_head(*head);
  }

  ClientExchange exchange_;
  const ClientOptions& options_;
  const WatchHandlers& handlers_;
  const std::string target_;
  /// As the server wrote it; it means something to the server alone.
  std::string last_id_;
  std::optional<Head> seen_;
  std::chrono::milliseconds rest_ = bounds::event_retry;
};

}  // namespace

Reply<Done> watch_head(const ServerUrl& server, const UserId& user, const ClientOptions& options,
                       const WatchHandlers& handlers, std::optional<Head> known) {
  return HeadWatch{server, user, options, handlers, known}.run();
}

}  // namespace mentat_sync
