// A body that comes in one piece is not copied.
#include "cli/load/answer_parser.hpp"

#include <boost/asio/buffer.hpp>

#include <charconv>
#include <system_error>

namespace mentat_sync {

std::size_t AnswerParser::feed(std::string_view bytes) {
  std::size_t taken = 0;
  // It stops behind the header, and behind each chunk.
  while (taken < bytes.size() && !is_done()) {
    IoCode error;
    const auto count =
        put(boost::asio::const_buffer(bytes.data() + taken, bytes.size() - taken), error);
    taken += count;
    if (error == boost::beast::http::error::need_more) break;
    malformed_ = error.failed();
    if (malformed_ || count == 0) break;
  }
  return taken;
}

void AnswerParser::end() {
  IoCode error;
  put_eof(error);
  malformed_ = malformed_ || error.failed();
}

std::size_t AnswerParser::take(Text piece) {
  if (part_.empty() && collected_.empty()) {
    part_ = {piece.data(), piece.size()};
  } else {
    keep();
    collected_.append(piece.data(), piece.size());
  }
  return piece.size();
}

void AnswerParser::take_retry_after(Text value) {
  std::uint32_t seconds = 0;
  const char* end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, seconds);
  if (error == std::errc{} && stop == end) retry_after_ = std::chrono::seconds{seconds};
}

void AnswerParser::keep() {
  collected_.append(part_);
  part_ = {};
}

void AnswerParser::forget_body() {
  part_ = {};
  collected_.clear();
}

}  // namespace mentat_sync
