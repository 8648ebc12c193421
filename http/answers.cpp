// Writes the answers straight into strings: all that varies in them is ids and numbers.
#include "http/answers.hpp"

#include "storage/bounds.hpp"

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

void append_number(std::string& out, std::uint64_t number) {
  out.append(std::to_string(number));
}

void append_quoted(std::string& out, const TransactionId& id) {
  out.push_back('"');
  id.uuid.append_to(out);
  out.push_back('"');
}

void append_quoted(std::string& out, const ChunkId& id) {
  out.push_back('"');
  out.append(id.text());
  out.push_back('"');
}

template <class Id>
void append_array(std::string& out, const std::vector<Id>& ids) {
  out.push_back('[');
  for (const Id& id : ids) {
    if (&id != &ids.front()) out.push_back(',');
    append_quoted(out, id);
  }
  out.push_back(']');
}

void append_totals(std::string& out, std::uint64_t count, std::uint64_t bytes) {
  out.append("{\"count\":");
  append_number(out, count);
  out.append(",\"bytes\":");
  append_number(out, bytes);
  out.push_back('}');
}

Response json(std::string body) {
  return Response{.content_type = json_type, .body = std::move(body)};
}

/// The line, and `further` ones behind it.
template <class Id>
std::string etag_lines(const Id& id, std::string_view further = {}) {
  std::string lines;
  lines.reserve(bounds::chunk_id_chars + further.size() + 10);  // no id is longer
  lines.append("ETag: ");
  append_quoted(lines, id);
  lines.append("\r\n").append(further);
  return lines;
}

std::string next_link(const ListTransactions& query, const TransactionId& last) {
  std::string line{"Link: </0.1/"};
  query.user.uuid.append_to(line);
  line.append("/transactions?from=");
  last.uuid.append_to(line);
  line.append("&limit=");
  append_number(line, query.limit);
  line.append(">; rel=\"next\"\r\n");
  return line;
}

std::string content_range(const RangeDecision& range, std::uint64_t size_bytes) {
  std::string line{"Content-Range: bytes "};
  append_number(line, range.first);
  line.push_back('-');
  append_number(line, range.last);
  line.push_back('/');
  append_number(line, size_bytes);
  line.append("\r\n");
  return line;
}

}  // namespace

std::string tag_of(const Head& head) {
  return head.head.to_string();
}

Response head_answer(const Head& head) {
  std::string body;
  body.reserve(Uuid::text_chars + 11);
  body.append("{\"head\":");
  append_quoted(body, head.head);
  body.push_back('}');
  Response response = json(std::move(body));
  response.headers = etag_lines(head.head, head_caching);
  return response;
}

Response summary_answer(const Summary& summary) {
  std::string body{"{\"head\":"};
  append_quoted(body, summary.head);
  body.append(",\"seq\":");
  append_number(body, summary.seq);
  body.append(",\"transactions\":");
  append_totals(body, summary.transaction_count, summary.transaction_bytes);
  body.append(",\"chunks\":");
  append_totals(body, summary.chunk_count, summary.chunk_bytes);
  body.push_back('}');
  return json(std::move(body));
}

Response page_answer(const ListTransactions& query, const TransactionPage& page) {
  constexpr std::size_t quoted_uuid_chars = Uuid::text_chars + 3;
  std::string body;
  body.reserve(100 + page.transactions.size() * quoted_uuid_chars);
  body.append("{\"from\":");
  append_quoted(body, query.from);
  body.append(",\"limit\":");
  append_number(body, query.limit);
  body.append(",\"transactions\":");
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
  body.append("{\"id\":");
  append_quoted(body, transaction.id);
  body.append(",\"seq\":");
  append_number(body, transaction.seq);
  body.append(",\"parent\":");
  append_quoted(body, transaction.parent);
  body.append(",\"chunks\":");
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
  std::string body{"{\"head\":"};
  append_quoted(body, head.head);
  body.append(",\"seq\":");
  append_number(body, head.seq);
  body.push_back('}');
  Response response = json(std::move(body));
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
