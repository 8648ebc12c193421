// The protocol's rules, each written down once, with no thought for speed.
#include "log_model.hpp"

#include <algorithm>
#include <set>

namespace mentat_sync {
namespace {

using nlohmann::json;

template <class T>
bool contains(const std::vector<T>& all, const T& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

/// How many bytes the server's records take is its own business.
json without_record_bytes(json summary) {
  if (summary.contains("transactions") && summary["transactions"].is_object()) {
    summary["transactions"].erase("bytes");
  }
  return summary;
}

}  // namespace

std::optional<std::string> ExpectedAnswer::difference_from(const HttpResponse& response) const {
  const std::string got =
      "got " + std::to_string(response.status) + " " + response.body.substr(0, 300);
  if (!contains(statuses, response.status))
    return "expected " + nlohmann::json(statuses).dump() + ", " + got;
  if (response.status < 300) {
    if (json && without_record_bytes(response.json()) != *json) {
      return "expected " + json->dump() + ", " + got;
    }
    if (bytes && response.body != *bytes) return "expected '" + *bytes + "', " + got;
    if (log && comparable(read_log(response.body)) != *log) return "expected " + log->dump();
    return {};
  }
  const auto wanted = extensions.find(response.status);
  if (wanted == extensions.end()) return {};
  for (const auto& [key, value] : wanted->second.items()) {
    if (response.json().value(key, nlohmann::json{}) != value) {
      return "expected " + key + " = " + value.dump() + ", " + got;
    }
  }
  return {};
}

json comparable(const ReceivedLog& log) {
  json chunks = json::array();
  for (const auto& [id, bytes, after] : log.chunks) chunks.push_back({id, bytes, after});
  return {{"header", log.header},
          {"transactions", log.transactions},
          {"chunks", chunks},
          {"trailer", log.trailer}};
}

ExpectedAnswer LogModel::put_chunk(const std::string& id, const std::string& bytes) {
  if (id.size() == 64 && id != sha256_hex(bytes)) return {.statuses = {400}};
  const auto [entry, inserted] = chunks_.emplace(id, bytes);
  if (!inserted && entry->second != bytes) return {.statuses = {409}};
  return {.statuses = {201}, .bytes = ""};
}

ExpectedAnswer LogModel::put_transaction(const std::string& id, const std::string& parent,
                                         const std::vector<std::string>& chunks) {
  const Transaction wanted{parent, chunks};
  const auto found = transactions_.find(id);
  if (found != transactions_.end() && found->second == wanted) return {.statuses = {201}};
  ExpectedAnswer refusal;
  if (found != transactions_.end() || id == root_id || !known(parent)) {
    refusal.statuses.push_back(409);
  }
  if (const auto absent = missing(chunks); !absent.empty()) {
    refusal.statuses.push_back(404);
    refusal.extensions[404] = {{"missing", absent}};
  }
  if (!refusal.statuses.empty()) return refusal;
  transactions_.emplace(id, wanted);
  return {.statuses = {201}};
}

ExpectedAnswer LogModel::put_head(const std::string& id,
                                  const std::optional<std::string>& if_match) {
  ExpectedAnswer refusal;
  const json current{{"current_head", head_}};
  refusal.extensions = {{409, current}, {412, current}};
  if (if_match && *if_match != head_) refusal.statuses.push_back(412);
  if (!descends_from_head(id) || has_children(id)) refusal.statuses.push_back(409);
  if (!refusal.statuses.empty()) return refusal;
  head_ = id;
  return {.statuses = {204}, .bytes = ""};
}

ExpectedAnswer LogModel::delete_user() {
  *this = {};
  return {.statuses = {204}, .bytes = ""};
}

ExpectedAnswer LogModel::push(const LogPush& push) {
  if (is_replay(push)) return pushed(200);
  if (auto refusal = refusal_of(push); !refusal.statuses.empty()) return refusal;
  bool changes = !push.transactions.empty();
  for (const auto& [id, bytes] : push.chunks) changes |= chunks_.emplace(id, bytes).second;
  for (const auto& [id, chunks] : push.transactions) {
    transactions_.emplace(id, Transaction{head_, chunks});
    head_ = id;
  }
  return pushed(changes ? 201 : 200);
}

bool LogModel::is_replay(const LogPush& push) const {
  std::string parent = push.base;
  for (const auto& [id, chunks] : push.transactions) {
    if (id == root_id || !committed(id)) return false;
    if (transactions_.at(id) != Transaction{parent, chunks}) return false;
    parent = id;
  }
  return push.base != head_ && !push.transactions.empty() &&
         std::all_of(push.chunks.begin(), push.chunks.end(),
                     [this](const auto& chunk) { return bytes_of(chunk.first) == chunk.second; });
}

ExpectedAnswer LogModel::refusal_of(const LogPush& push) const {
  ExpectedAnswer refusal;
  for (const auto& [id, bytes] : push.chunks) {
    if (id.size() == 64 && id != sha256_hex(bytes)) refusal.statuses.push_back(400);
  }
  if (!refusal.statuses.empty()) return refusal;
  // Chunks alone move nothing, so that where HEAD is does not matter to them.
  if (push.transactions.empty() || push.base == head_) return refusal_at_head(push);
  return {.statuses = {409}, .extensions = {{409, {{"current_head", head_}}}}};
}

ExpectedAnswer LogModel::refusal_at_head(const LogPush& push) const {
  ExpectedAnswer refusal;
  const auto refused = [&refusal](unsigned status) { refusal.statuses.push_back(status); };
  auto stored = *this;
  for (const auto& [id, bytes] : push.chunks) {
    if (stored.chunks_.emplace(id, bytes).first->second != bytes) refused(409);
  }
  std::set<std::string> ids;
  std::vector<std::string> named;
  std::string parent = push.base;
  for (const auto& [id, chunks] : push.transactions) {
    const auto there = transactions_.find(id);
    const bool is_new = there == transactions_.end();
    if (!is_new && there->second != Transaction{parent, chunks}) refused(409);
    if (id == root_id || !ids.insert(id).second) refused(409);
    if (is_new) named.insert(named.end(), chunks.begin(), chunks.end());
    parent = id;
  }
  if (!push.transactions.empty() && has_children(parent)) refused(409);
  if (const auto absent = stored.missing(named); !absent.empty()) {
    refused(422);
    refusal.extensions[422] = {{"missing", absent}};
  }
  return refusal;
}

ExpectedAnswer LogModel::pushed(unsigned status) const {
  return {.statuses = {status}, .json = json{{"head", head_}, {"seq", seq_of(head_)}}};
}

ExpectedAnswer LogModel::get_chunk(const std::string& id) const {
  const auto found = chunks_.find(id);
  if (found == chunks_.end()) return {.statuses = {404}};
  return {.statuses = {200}, .bytes = found->second};
}

ExpectedAnswer LogModel::get_transaction(const std::string& id) const {
  if (id == root_id || !committed(id)) return {.statuses = {404}};
  const auto& [parent, chunks] = transactions_.at(id);
  return {.statuses = {200},
          .json = json{
              {"id", id}, {"seq", chain_to(id).size()}, {"parent", parent}, {"chunks", chunks}}};
}

ExpectedAnswer LogModel::get_head() const {
  return {.statuses = {200}, .json = json{{"head", head_}}};
}

ExpectedAnswer LogModel::get_summary() const {
  const std::size_t length = chain_to(head_).size();
  std::size_t bytes = 0;
  for (const auto& [id, content] : chunks_) bytes += content.size();
  return {.statuses = {200},
          .json = json{{"head", head_},
                       {"seq", length},
                       {"transactions", {{"count", length}}},
                       {"chunks", {{"count", chunks_.size()}, {"bytes", bytes}}}}};
}

ExpectedAnswer LogModel::list(const std::string& from, std::size_t limit) const {
  if (from != root_id && !committed(from)) return {.statuses = {404}};
  auto ids = chain_to(head_);
  if (from != root_id) ids.erase(ids.begin(), std::find(ids.begin(), ids.end(), from) + 1);
  ids.resize(std::min(ids.size(), limit));
  return {.statuses = {200}, .json = json{{"from", from}, {"limit", limit}, {"transactions", ids}}};
}

ExpectedAnswer LogModel::find_missing(const std::vector<std::string>& chunks) const {
  return {.statuses = {200}, .json = json{{"missing", missing(chunks)}}};
}

ExpectedAnswer LogModel::pull(const LogPull& pull) const {
  if (pull.from != root_id && !committed(pull.from)) return {.statuses = {404}};
  auto ids = chain_to(head_);
  ids.erase(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(seq_of(pull.from)));
  ReceivedLog log;
  log.header = {{"log", 1}, {"from", pull.from}, {"head", head_}};
  std::string next = pull.from;
  std::size_t bytes = 0;
  for (const auto& id : ids) {
    const std::size_t count = log.transactions.size();
    if (count > 0 && (count >= pull.limit || bytes >= pull.max_bytes)) break;
    const auto& [parent, chunks] = transactions_.at(id);
    for (const auto& chunk : chunks) {
      if (log.bytes_of(chunk)) continue;
      log.chunks.push_back({chunk, chunks_.at(chunk), count});
      bytes += chunks_.at(chunk).size();
    }
    log.transactions.push_back(
        {{"id", id}, {"seq", seq_of(id)}, {"parent", parent}, {"chunks", chunks}});
    next = id;
  }
  log.trailer = {{"next", next},
                 {"more", next != head_},
                 {"transactions", log.transactions.size()},
                 {"chunks", log.chunks.size()},
                 {"bytes", bytes}};
  return {.statuses = {200}, .log = comparable(log)};
}

std::size_t LogModel::seq_of(const std::string& id) const {
  return known(id) ? chain_to(id).size() : 0;
}

std::optional<std::string> LogModel::bytes_of(const std::string& chunk) const {
  const auto found = chunks_.find(chunk);
  if (found == chunks_.end()) return {};
  return found->second;
}

bool LogModel::has_children(const std::string& id) const {
  return std::any_of(transactions_.begin(), transactions_.end(),
                     [&id](const auto& entry) { return entry.second.parent == id; });
}

std::vector<std::string> LogModel::chain_to(std::string id) const {
  std::vector<std::string> chain;
  for (; id != root_id; id = transactions_.at(id).parent) chain.push_back(id);
  std::reverse(chain.begin(), chain.end());
  return chain;
}

bool LogModel::committed(const std::string& id) const {
  return contains(chain_to(head_), id);
}

bool LogModel::descends_from_head(const std::string& id) const {
  if (!transactions_.contains(id) || id == head_) return false;
  return head_ == root_id || contains(chain_to(id), head_);
}

std::vector<std::string> LogModel::missing(const std::vector<std::string>& chunks) const {
  std::vector<std::string> absent;
  for (const auto& id : chunks) {
    if (!chunks_.contains(id) && !contains(absent, id)) absent.push_back(id);
  }
  return absent;
}

}  // namespace mentat_sync
