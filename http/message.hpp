// Request and Response: what passes between a connection and the application.
//
// Thread-safety: value types.
#pragma once

#include "http/body_sink.hpp"
#include "http/body_source.hpp"
#include "storage/once.hpp"

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace mentat_sync {

namespace beast_http = boost::beast::http;

/// Method, target and headers, before the body is read.
using RequestHeader = beast_http::request_header<beast_http::fields>;
/// The whole of it.
struct Request : beast_http::request<beast_http::string_body> {
  using Message = beast_http::request<beast_http::string_body>;
  using Message::Message;
  /// When set, it has taken the body, and body() is empty.
  std::shared_ptr<BodySink> sink;
};

/// An answer. The connection adds Date, Server, Content-Length or Transfer-Encoding, and
/// Connection, and leaves the body away when the request was HEAD.
struct Response {
  unsigned status = 200;
  /// Static text, or empty when there is no body.
  std::string_view content_type = {};
  /// Further header lines, each with its CRLF: "ETag: \"x\"\r\n".
  std::string headers = {};
  std::string body = {};
  /// When set, the body is what this gives, and `body` is empty.
  std::shared_ptr<BodySource> source = {};
  /// Whether the source goes on until the peer leaves. It is ended when the peer does, or when the
  /// server drains.
  bool endless = false;
  /// Of a refusal: the end of its problem's type, static text. For whoever counts them.
  std::string_view problem = {};
  /// Whether the connection is to end after this answer.
  bool close = false;
};

/// Takes the answer to one request, from any thread.
using Respond = Once<Response, 48>;

}  // namespace mentat_sync
