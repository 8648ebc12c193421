// Requests are put together by hand (they are short and ours), answers are parsed by Beast.
#include "http/client/client_exchange.hpp"

#include "http/client/client_socket.hpp"
#include "http/client/problem_reader.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <openssl/err.h>
#include <openssl/sslerr.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace mentat_sync {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using IoCode = boost::system::error_code;
using Kind = ClientError::Kind;
using AnswerParser = beast::http::response_parser<beast::http::buffer_body>;

constexpr unsigned first_refusal = 400;
constexpr unsigned not_modified = 304;
constexpr unsigned service_unavailable = 503;

/// What a server's alert says of the client's certificate; empty: something else failed. TLS 1.3
/// tells it only after the handshake.
std::string_view certificate_complaint(const IoCode& error) {
  if (error.category() != asio::error::get_ssl_category()) return {};
  switch (ERR_GET_REASON(static_cast<unsigned long>(error.value()))) {
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
      return "the server serves only clients that show a certificate (--client-certificate)";
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
      return "the server does not accept this client's certificate (--client-certificate)";
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
      return "this client's certificate has expired (--client-certificate)";
    default:
      return {};
  }
}

std::string sentence(const ServerUrl& server, std::string_view what, const IoCode& error) {
  if (const auto complaint = certificate_complaint(error); !complaint.empty()) {
    return (server.to_string() + ": ").append(complaint);
  }
  return server.to_string() + ": " + std::string{what} + ": " + error.message();
}

ClientError error_of(const ServerUrl& server, std::string_view what, const IoCode& error) {
  if (error == asio::error::operation_aborted) return {Kind::interrupted, "interrupted"};
  if (error == asio::error::timed_out) {
    return {Kind::timed_out, server.to_string() + ": " + std::string{what} + " took too long"};
  }
  if (error == asio::error::eof || error == beast::http::error::end_of_stream ||
      error == beast::http::error::partial_message) {
    return {Kind::broken, server.to_string() + ": the server ended the connection before its " +
                              "answer was whole"};
  }
  return {Kind::broken, sentence(server, what, error)};
}

/// Seconds, as this API sends them; a date is no number and counts as the shortest rest.
std::chrono::milliseconds rest_before_retry(const std::string& retry_after) {
  std::int64_t seconds = 1;
  std::from_chars(retry_after.data(), retry_after.data() + retry_after.size(), seconds);
  const std::int64_t longest = bounds::client_overload_rest_max.count();
  return std::chrono::seconds{std::clamp<std::int64_t>(seconds, 0, longest)};
}

}  // namespace

struct ClientExchange::State {
  State(ServerUrl url, ClientOptions settings)
      : server(std::move(url)), options(std::move(settings)), socket(options.interrupter) {}

  std::string header_of(const ClientRequest& request) const;
  std::optional<ClientError> connect();
  std::optional<ClientError> secure();
  /// Nothing when the header has come. `answered`: whether another connection would be in vain.
  std::optional<ClientError> attempt(const ClientRequest& request, bool& answered);
  IoCode read_header();
  void new_parser();
  ClientAnswer answer() const;

  const ServerUrl server;
  const ClientOptions options;
  ClientSocket socket;
  /// Of https; made when it is needed first.
  ClientTlsContext tls_context;
  beast::flat_buffer buffer{bounds::client_read_bytes};
  std::optional<AnswerParser> parser;
  /// Whether the connection can carry another request once the answer is read.
  bool reusable = false;
};

std::string ClientExchange::State::header_of(const ClientRequest& request) const {
  std::string header{request.method};
  header.append(" ").append(server.prefix()).append(request.target).append(" HTTP/1.1\r\nHost: ");
  header.append(server.authority()).append("\r\nUser-Agent: ").append(options.user_agent);
  header.append("\r\n").append(request.headers);
  if (!options.token.empty()) {
    header.append("Authorization: Bearer ").append(options.token).append("\r\n");
  }
  if (!request.content_type.empty()) {
    header.append("Content-Type: ").append(request.content_type);
    header.append("\r\nContent-Length: ").append(std::to_string(request.body.size()));
    header.append("\r\n");
  }
  return header.append("\r\n");
}

std::optional<ClientError> ClientExchange::State::connect() {
  IoCode error;
  buffer.clear();
  socket.connect(server, options.connect_timeout, error);
  if (!error) return server.encrypted() ? secure() : std::nullopt;
  socket.close();
  if (error == asio::error::operation_aborted) return ClientError{Kind::interrupted, "interrupted"};
  return ClientError{Kind::unreachable, sentence(server, "cannot connect", error)};
}

std::optional<ClientError> ClientExchange::State::secure() {
  if (!tls_context) {
    auto made = make_client_tls_context(options);
    if (!made) return ClientError{Kind::unreachable, made.status().message()};
    tls_context = *made;
  }
  IoCode error;
  socket.secure(*tls_context, server.host(), options.connect_timeout, error);
  if (!error) return std::nullopt;
  const std::string fault = socket.certificate_fault();
  socket.close();
  if (error == asio::error::operation_aborted) return ClientError{Kind::interrupted, "interrupted"};
  if (fault.empty()) return ClientError{Kind::unreachable, sentence(server, "TLS failed", error)};
  return ClientError{Kind::unreachable,
                     server.to_string() + ": the server's certificate is not trusted: " + fault};
}

void ClientExchange::State::new_parser() {
  parser.emplace();
  parser->header_limit(bounds::header_bytes);
  parser->body_limit(boost::none);  // whoever reads the body bounds it
}

/// Interim answers are passed over.
IoCode ClientExchange::State::read_header() {
  IoCode error;
  do {
    new_parser();
    beast::http::read_header(socket, buffer, *parser, error);
  } while (!error && parser->get().result_int() < 200);
  return error;
}

std::optional<ClientError> ClientExchange::State::attempt(const ClientRequest& request,
                                                          bool& answered) {
  using Clock = ClientSocket::Clock;
  answered = false;
  IoCode write_error;
  const auto header = header_of(request);
  socket.set_deadlines(options.idle_timeout, Clock::time_point::max());
  bool whole = socket.write_all(header, !request.body.empty(), write_error);
  if (whole) whole = socket.write_all(request.body, false, write_error);
  const bool give_up =
      write_error == asio::error::timed_out || write_error == asio::error::operation_aborted;
  if (give_up) {
    answered = true;
    return error_of(server, "sending the request", write_error);
  }

  const auto patience = options.answer_timeout + request.server_waits;
  socket.set_deadlines(patience, Clock::now() + patience);
  // After a failed write too: the server may have refused the request before it was sent.
  const auto error = read_header();
  answered = !error || (parser && parser->got_some()) || buffer.size() != 0 ||
             error == asio::error::timed_out || error == asio::error::operation_aborted;
  // Why the server ended the connection is more to the point than that it did.
  const bool told = !write_error || !certificate_complaint(error).empty();
  if (error) return error_of(server, "waiting for the answer", told ? error : write_error);
  reusable = whole && parser->keep_alive();
  socket.set_deadlines(request.body_idle_timeout.value_or(options.idle_timeout),
                       Clock::time_point::max());
  return std::nullopt;
}

ClientAnswer ClientExchange::State::answer() const {
  using beast::http::field;
  const auto& message = parser->get();
  return {message.result_int(), std::string{message[field::content_type]},
          std::string{message[field::content_encoding]}, std::string{message[field::retry_after]},
          std::string{message[field::link]}};
}

ClientExchange::ClientExchange(ServerUrl server, ClientOptions options)
    : state_(std::make_unique<State>(std::move(server), std::move(options))) {}
ClientExchange::~ClientExchange() = default;
ClientExchange::ClientExchange(ClientExchange&&) noexcept = default;
ClientExchange& ClientExchange::operator=(ClientExchange&&) noexcept = default;

Reply<ClientAnswer> ClientExchange::begin(const ClientRequest& request) {
  State& state = *state_;
  const bool kept_open = state.reusable && state.parser && state.parser->is_done();
  if (!kept_open) state.socket.close();
  for (bool kept = state.socket.is_open();; kept = false) {
    if (!kept) {
      if (auto error = state.connect()) return *error;
    }
    bool answered = false;
    auto error = state.attempt(request, answered);
    if (!error) return state.answer();
    state.socket.close();
    state.parser.reset();
    state.reusable = false;
    if (!kept || answered) return *error;
  }
}

Reply<std::size_t> ClientExchange::read_some(char* data, std::size_t size) {
  State& state = *state_;
  if (!state.parser || !state.socket.is_open()) {
    return ClientError{Kind::broken, "no answer is being read"};
  }
  while (!state.parser->is_done()) {
    auto& body = state.parser->get().body();
    body.data = data;
    body.size = size;
    IoCode error;
    beast::http::read_some(state.socket, state.buffer, *state.parser, error);
    const std::size_t count = size - body.size;
    if (error && error != beast::http::error::need_buffer) {
      state.socket.close();
      return error_of(state.server, "reading the answer", error);
    }
    if (count != 0) return count;
  }
  return std::size_t{0};
}

Reply<std::string> ClientExchange::read_rest(std::uint64_t max_bytes) {
  std::string text;
  for (;;) {
    const std::size_t room = std::min<std::uint64_t>(bounds::client_read_bytes, max_bytes + 1);
    const auto before = text.size();
    text.resize(before + room);
    auto count = read_some(text.data() + before, room);
    if (!count) return count.error();
    text.resize(before + *count);
    if (*count == 0) return text;
    if (text.size() > max_bytes) {
      state_->socket.close();
      return ClientError{Kind::broken, state_->server.to_string() +
                                           ": the answer is longer than it may be: " +
                                           std::to_string(max_bytes) + " bytes"};
    }
  }
}

Reply<ClientAnswer> ClientExchange::succeed(const ClientRequest& request) {
  for (unsigned retries = 0;; ++retries) {
    auto answer = begin(request);
    if (!answer) return answer;
    if (answer->status < 300 || answer->status == not_modified) return answer;
    auto body = read_rest(bounds::client_answer_bytes);
    if (!body) return body.error();
    const bool repeat = answer->status == service_unavailable && !answer->retry_after.empty() &&
                        retries < state_->options.overload_retries;
    if (!repeat) return read_problem(answer->status, answer->content_type, *body);
    const Interrupter never;
    const auto& interrupter = state_->options.interrupter ? *state_->options.interrupter : never;
    if (interrupter.wait_for(rest_before_retry(answer->retry_after))) {
      return ClientError{Kind::interrupted, "interrupted"};
    }
  }
}

}  // namespace mentat_sync
