// Strings as they were sent are kept, and sent again.
#include "load/lying_server.hpp"

#include <algorithm>

namespace mentat_sync {
namespace {

const std::string root = "00000000-0000-0000-0000-000000000000";

std::string between(const std::string& text, const std::string& begin, char end) {
  const auto at = text.find(begin);
  if (at == text.npos) return {};
  const auto from = at + begin.size();
  return text.substr(from, text.find(end, from) - from);
}

std::string parent_in(const std::string& transaction) {
  return between(transaction, "\"parent\":\"", '"');
}

std::string ok(const std::string& body) {
  return answer(200, "", body);
}

}  // namespace

LyingServer::LyingServer(Lie lie)
    : lie_(lie),
      head_(root),
      server_(std::vector<ScriptedServer::Script>(
          10, [this](ScriptedConnection& connection) { serve(connection); })) {}

void LyingServer::serve(ScriptedConnection& connection) {
  for (std::string request; !(request = connection.receive()).empty();) {
    const auto method = request.substr(0, request.find(' '));
    const auto target = between(request, " ", ' ');
    // Behind "/0.1/" and the user.
    const auto path = target.substr(std::min(target.size(), std::size_t{5} + 36));
    const auto body = request.substr(std::min(request.size(), request.find("\r\n\r\n") + 4));
    connection.send(answer_to(method, path, body));
  }
}

std::string LyingServer::answer_to(const std::string& method, const std::string& path,
                                   const std::string& body) {
  const auto slash = path.find('/', 1);
  const auto kind = path.substr(0, slash);
  const auto id = slash == path.npos ? "" : path.substr(slash + 1);
  if (method == "PUT") return put(kind, id, body);
  if (method != "GET") return answer(405, "", "");
  if (kind == "/head") {
    const bool lies = lie_ == Lie::turns_head_back && heads_moved_ >= 10;
    return ok("{\"head\":\"" + (lies ? root : head_) + "\"}");
  }
  if (kind.starts_with("/transactions") && id.empty()) return list(kind);
  return get(kind, id);
}

std::string LyingServer::put(const std::string& kind, const std::string& id,
                             const std::string& body) {
  const bool late = heads_moved_ >= 10;
  if (late && lie_ == Lie::refuses_for_chunks && kind == "/transactions")
    return answer(404, "", "");
  if (late && kind == "/head") {
    if (lie_ == Lie::denies_transactions) return answer(404, "", "");
    if (lie_ == Lie::forgets_transactions_in_silence) return answer(409, "", "");
    if (lie_ == Lie::forgets_transactions) {
      return answer(409, "", R"({"type":"urn:mentat-sync:problem:head-unknown"})");
    }
  }
  if (kind == "/chunks") {
    if (is_busy()) return answer(503, "Retry-After: 0\r\n", "");
    chunks_[id] = body;
  } else if (kind == "/transactions") {
    transactions_[id] = body;
  } else {
    const bool forgets = lie_ == Lie::forgets_heads && late;
    if (!forgets) head_ = between(body, "\"head\":\"", '"');
    ++heads_moved_;
    return answer(204, "", "");
  }
  return answer(201, "", "");
}

bool LyingServer::is_busy() {
  constexpr int too_many = 3;
  return lie_ == Lie::is_busy_for_good || (lie_ == Lie::is_busy_at_first && ++uploads_ <= too_many);
}

std::string LyingServer::get(const std::string& kind, const std::string& id) const {
  const auto& things = kind == "/chunks" ? chunks_ : transactions_;
  const auto found = things.find(id);
  if (found == things.end()) return answer(404, "", "");
  auto body = found->second;
  if (kind == "/chunks") {
    if (lie_ == Lie::loses_chunks) return answer(404, "", "");
    if (lie_ == Lie::changes_chunks) body.back() = static_cast<char>(body.back() ^ 1);
  } else if (lie_ == Lie::changes_parents) {
    body.replace(body.find(parent_in(body)), 36, id);
  }
  return ok(body);
}

std::string LyingServer::list(const std::string& query) const {
  std::vector<std::string> ids;
  for (auto id = head_; id != root && transactions_.contains(id);
       id = parent_in(transactions_.at(id))) {
    ids.push_back(id);
  }
  std::reverse(ids.begin(), ids.end());
  if (lie_ == Lie::lists_in_another_order && ids.size() > 1) std::swap(ids[0], ids[1]);
  if (lie_ == Lie::lists_a_foreign_transaction) {
    ids.push_back("6f8c1f3e-2a55-4c1b-9d6e-0c9a4b7d2e10");
  }
  const auto from = between(query + "&", "from=", '&');
  const auto found = std::find(ids.begin(), ids.end(), from);
  if (found != ids.end()) ids.erase(ids.begin(), found + 1);
  std::string json = "{\"transactions\":[";
  for (const auto& id : ids) json += (json.back() == '[' ? "\"" : ",\"") + id + "\"";
  return ok(json + "]}");
}

}  // namespace mentat_sync
