// Writes the answers straight into strings: all that varies in them is ids and numbers.
#include "http/answers.hpp"

#include "http/joined.hpp"

#include <array>
#include <cassert>
#include <cstdint>
#include <string_view>
#include <utility>

namespace mentat_sync {
namespace {

constexpr std::string_view json_type = "application/json";
constexpr std::string_view head_caching = "Cache-Control: no-cache\r\n";
constexpr std::string_view chunk_caching =
    "Cache-Control: private, max-age=31536000, immutable\r\n";
/// A browser must not take what some client stored for a page or a script.
constexpr std::string_view chunk_headers =
    "Cache-Control: private, max-age=31536000, immutable\r\n"
    "X-Content-Type-Options: nosniff\r\nAccept-Ranges: bytes\r\n";

std::array<char, Uuid::text_chars> text_of(const TransactionId& id) {
  return id.uuid.text();
}
std::string_view text_of(const ChunkId& id) {
  return id.text();
}

template <class Id>
void append_array(std::string& out, const std::vector<Id>& ids) {
  std::string_view before = "[\"";
  for (const Id& id : ids) {
    append(out, before, text_of(id), "\"");
    before = ",\"";
  }
  out += ids.empty() ? "[]" : "]";
}

std::string totals(std::uint64_t count, std::uint64_t bytes) {
  return joined("{\"count\":", Digits{count}, ",\"bytes\":", Digits{bytes}, "}");
}

Response json(std::string body) {
  return Response{.content_type = json_type, .body = std::move(body)};
}

/// The line, and `further` ones behind it.
template <class Id>
std::string etag_lines(const Id& id, std::string_view further = {}) {
  return joined("ETag: \"", text_of(id), "\"\r\n", further);
}

std::string next_link(const ListTransactions& query, const TransactionId& last) {
  return joined("Link: </0.1/", query.user.uuid.text(), "/transactions?from=", text_of(last),
                "&limit=", Digits{query.limit}, ">; rel=\"next\"\r\n");
}

std::string content_range(const RangeDecision& range, std::uint64_t size_bytes) {
  return joined("Content-Range: bytes ", Digits{range.first}, "-", Digits{range.last}, "/",
                Digits{size_bytes}, "\r\n");
}

}  // namespace

std::string tag_of(const Head& head) {
  return head.head.to_string();
}

Response head_answer(const Head& head) {
  Response response = json(joined("{\"head\":\"", text_of(head.head), "\"}"));
  response.headers = etag_lines(head.head, head_caching);
  return response;
}

Response summary_answer(const Summary& summary) {
  return json(
      joined("{\"head\":\"", text_of(summary.head), "\",\"seq\":", Digits{summary.seq},
             ",\"transactions\":", totals(summary.transaction_count, summary.transaction_bytes),
             ",\"chunks\":", totals(summary.chunk_count, summary.chunk_bytes), "}"));
}

Response page_answer(const ListTransactions& query, const TransactionPage& page) {
  constexpr std::size_t quoted_uuid_chars = Uuid::text_chars + 3;
  std::string body;
  body.reserve(100 + page.transactions.size() * quoted_uuid_chars);
  append(body, "{\"from\":\"", text_of(query.from), "\",\"limit\":", Digits{query.limit},
         ",\"transactions\":");
  append_array(body, page.transactions);
  body.push_back('}');
  Response response = json(std::move(body));
  if (page.more && !page.transactions.empty()) {
    response.headers = next_link(query, page.transactions.back());
  }
  return response;
}

Response transaction_answer(const Transaction& transaction) {
  constexpr std::size_t chunk_chars = 68;
  std::string body;
  body.reserve(150 + transaction.chunks.size() * chunk_chars);
  append(body, "{\"id\":\"", text_of(transaction.id), "\",\"seq\":", Digits{transaction.seq},
         ",\"parent\":\"", text_of(transaction.parent), "\",\"chunks\":");
  append_array(body, transaction.chunks);
  body.push_back('}');
  return json(std::move(body));
}

Response chunk_answer(const ChunkId& id, std::string bytes, const RangeDecision& range) {
  assert(range.kind != RangeDecision::Kind::unsatisfiable);
  Response response{.content_type = "application/octet-stream"};
  response.headers = etag_lines(id, chunk_headers);
  if (range.kind == RangeDecision::Kind::part) {
    response.status = 206;
    response.headers.append(content_range(range, bytes.size()));
    bytes.erase(range.last + 1);
    bytes.erase(0, range.first);
  }
  response.body = std::move(bytes);
  return response;
}

Response missing_answer(const std::vector<ChunkId>& missing) {
  std::string body{"{\"missing\":"};
  append_array(body, missing);
  body.push_back('}');
  return json(std::move(body));
}

Response pushed_answer(const Head& head, bool is_new) {
  Response response =
      json(joined("{\"head\":\"", text_of(head.head), "\",\"seq\":", Digits{head.seq}, "}"));
  response.status = is_new ? 201 : 200;
  response.headers = etag_lines(head.head);
  return response;
}

Response event_stream(std::shared_ptr<BodySource> source) {
  Response response{.content_type = "text/event-stream"};
  // The second line keeps nginx, in front of this server, from holding events back.
  response.headers = "Cache-Control: no-store\r\nX-Accel-Buffering: no\r\n";
  response.source = std::move(source);
  response.endless = true;
  return response;
}

Response head_not_modified(const Head& head) {
  return Response{.status = 304, .headers = etag_lines(head.head, head_caching)};
}

Response chunk_not_modified(const ChunkId& id) {
  return Response{.status = 304, .headers = etag_lines(id, chunk_caching)};
}

}  // namespace mentat_sync
