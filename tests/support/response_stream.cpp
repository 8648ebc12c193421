// A decoder of chunked bodies of its own, so that a cut-off body can be told from a whole one.
#include "support/response_stream.hpp"

#include <algorithm>
#include <utility>

namespace mentat_sync {
namespace {

constexpr std::size_t crlf = 2;

}  // namespace

ResponseStream::ResponseStream(std::uint16_t port, const HttpRequest& request) : connection_(port) {
  connection_.send(to_wire(request));
  header_ = connection_.receive_header();
  set_framing();
}

void ResponseStream::set_framing() {
  if (header_.header("Transfer-Encoding") == "chunked") {
    framing_ = Framing::chunked;
  } else if (header_.has("Content-Length")) {
    framing_ = Framing::length;
    left_ = std::stoul(header_.header("Content-Length"));
    ended_ = whole_ = left_ == 0;
  }
}

std::optional<std::string> ResponseStream::read(std::chrono::milliseconds timeout) {
  const auto until = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    if (std::string body = decode(); !body.empty()) return body;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    if (ended_ || left.count() <= 0) return {};
    const auto bytes = connection_.read_raw(left);
    if (!bytes) return {};
    raw_ += *bytes;
    if (!bytes->empty()) continue;
    closed_ = ended_ = true;
    whole_ = whole_ || framing_ == Framing::connection;
  }
}

std::string ResponseStream::read_to_end(std::chrono::milliseconds timeout) {
  std::string all;
  while (auto piece = read(timeout)) all += *piece;
  if (!ended_) throw HttpError("the body does not end");
  return all;
}

std::string ResponseStream::decode() {
  std::string body;
  if (framing_ == Framing::connection) return std::exchange(raw_, {});
  if (framing_ == Framing::length) {
    body = raw_.substr(0, left_);
    left_ -= body.size();
    raw_.erase(0, body.size());
    if (left_ == 0) ended_ = whole_ = true;
    return body;
  }
  while (!whole_ && decode_chunk(body)) {
  }
  return body;
}

bool ResponseStream::decode_chunk(std::string& body) {
  if (left_ == 0) {
    const auto line = raw_.find("\r\n");
    if (line == std::string::npos) return false;
    const auto size = std::stoul(raw_.substr(0, line), nullptr, 16);
    if (size == 0 && raw_.size() < line + 2 * crlf) return false;
    raw_.erase(0, line + crlf);
    if (size == 0) {
      raw_.erase(0, crlf);
      ended_ = whole_ = true;
      return false;
    }
    left_ = size + crlf;
  }
  const std::size_t taken = std::min(left_, raw_.size());
  const std::size_t payload = left_ > crlf ? std::min(taken, left_ - crlf) : 0;
  body.append(raw_, 0, payload);
  raw_.erase(0, taken);
  left_ -= taken;
  return taken > 0;
}

}  // namespace mentat_sync
