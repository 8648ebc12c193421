// What each answer may be, and what it teaches.
#include "collected_model.hpp"

#include <algorithm>

namespace mentat_sync {
namespace {

using Wrong = CollectedModel::Wrong;

/// The server's clock counts whole milliseconds.
constexpr std::chrono::milliseconds coarseness{20};

std::string got(const HttpResponse& response) {
  return ", got " + std::to_string(response.status) + " " + response.body.substr(0, 300);
}

std::vector<std::string> missing_of(const HttpResponse& response) {
  return response.json().value("missing", std::vector<std::string>{});
}

bool is_of_type(const HttpResponse& response, std::string_view type) {
  return response.json().value("type", "").ends_with(type);
}

}  // namespace

Wrong CollectedModel::put_chunk(const std::string& id, const std::string& bytes,
                                Clock::time_point begun, const HttpResponse& response) {
  const auto known = chunks_.find(id);
  const bool same = known != chunks_.end() && known->second.bytes == bytes;
  if (response.status == 409) {
    if (known == chunks_.end() || same) return "nothing else is under " + id + got(response);
    return {};
  }
  if (response.status != 201) return "a PUT of a chunk" + got(response);
  if (!same && surely_there(id)) return id + " has other bytes, and was lost" + got(response);
  chunks_[id] = {bytes, begun};
  return {};
}

Wrong CollectedModel::put_transaction(const std::string& id, const Transaction& content,
                                      Clock::time_point begun, const HttpResponse& response) {
  if (committed(id)) {
    const auto there = std::ranges::find(log_, id, &decltype(log_)::value_type::first);
    const unsigned status = there->second == content ? 201 : 409;
    if (response.status != status) return "a committed transaction is lost" + got(response);
    return {};
  }
  const auto known = pending_.find(id);
  const bool same = known != pending_.end() && known->second.content == content;
  const bool sure = surely_pending(id);
  if (response.status == 201) {
    if (sure && !same) return id + " was there with other content, and was lost";
    if (same) return {};
    if (!may_be_known(content.parent)) return "its parent cannot be there" + got(response);
    const auto absent = std::ranges::find_if_not(
        content.chunks, [this](const auto& chunk) { return may_be_there(chunk); });
    if (absent != content.chunks.end()) return *absent + " cannot be there";
    const auto parent = pending_.find(content.parent);
    pending_[id] = {content, begun,
                    parent == pending_.end() ? content.parent : parent->second.base};
    return {};
  }
  if (sure && same) return id + " was there, and was lost" + got(response);
  if (is_of_type(response, "transaction-differs")) {
    if (known == pending_.end() || same) return "nothing else is under " + id + got(response);
    return {};
  }
  // Refused as a new one: whatever was there is gone.
  if (sure) return id + " is lost" + got(response);
  pending_.erase(id);
  return refused_transaction(content, response);
}

Wrong CollectedModel::refused_transaction(const Transaction& content,
                                          const HttpResponse& response) {
  if (response.status == 404) return learn_missing(missing_of(response));
  if (!is_of_type(response, "unknown-parent")) return "a PUT of a transaction" + got(response);
  if (surely_known(content.parent)) return "the parent is lost" + got(response);
  pending_.erase(content.parent);
  return {};
}

Wrong CollectedModel::put_head(const std::string& id, const HttpResponse& response) {
  const auto chain = chain_to(id);
  if (response.status == 409) {
    const bool must = chain && !chain->empty() && surely_pending(id) && !may_have_children(id);
    if (must) return "HEAD can move to " + id + got(response);
    if (response.json().value("current_head", "") != head_)
      return "HEAD is " + head_ + got(response);
    return {};
  }
  if (response.status != 204) return "a PUT of HEAD" + got(response);
  if (!chain || chain->empty()) return "HEAD cannot move to " + id;
  for (const auto& step : *chain) commit(step, pending_.at(step).content);
  return {};
}

Wrong CollectedModel::push(
    const std::map<std::string, std::string>& brought,
    const std::vector<std::pair<std::string, std::vector<std::string>>>& transactions,
    Clock::time_point begun, const HttpResponse& response) {
  if (response.status == 422) return learn_missing(missing_of(response));
  if (response.status == 409) {
    const bool may_differ = std::ranges::any_of(brought, [this](const auto& chunk) {
      return may_be_there(chunk.first) && chunks_.at(chunk.first).bytes != chunk.second;
    });
    if (!may_differ || !is_of_type(response, "chunk-differs")) return "a push" + got(response);
    return {};
  }
  if (response.status != 201 && response.status != 200) return "a push" + got(response);
  for (const auto& [id, bytes] : brought) {
    if (surely_there(id) && chunks_.at(id).bytes != bytes) return id + " was lost";
    chunks_[id] = {bytes, begun};
  }
  for (const auto& [id, chunks] : transactions) commit(id, {head_, chunks});
  if (response.json().value("head", "") != head_) return "HEAD is " + head_ + got(response);
  return {};
}

Wrong CollectedModel::get_chunk(const std::string& id, bool tells, Clock::time_point begun,
                                const HttpResponse& response) {
  if (response.status == 404) return learn_missing({id});
  if (response.status != 200) return "a GET of a chunk" + got(response);
  if (!may_be_there(id)) return id + " was never stored, or came back" + got(response);
  if (!tells && response.body != chunks_.at(id).bytes) return id + " has other bytes";
  if (tells) chunks_.at(id).told = begun;
  return {};
}

Wrong CollectedModel::missing(const std::vector<std::string>& ids, Clock::time_point begun,
                              const HttpResponse& response) {
  if (response.status != 200) return "a question for what is missing" + got(response);
  const auto absent = missing_of(response);
  if (auto wrong = learn_missing(absent)) return wrong;
  for (const auto& id : ids) {
    if (std::ranges::count(absent, id) > 0) continue;
    if (!may_be_there(id)) return id + " was never stored, or came back";
    chunks_.at(id).told = begun;
  }
  return {};
}

Wrong CollectedModel::pulled(const HttpResponse& response) const {
  const auto log = read_log(response.body);
  if (const auto wrong = wrong_with(log)) return wrong;
  if (log.header["head"] != head_) return "HEAD is not " + head_;
  if (log.transactions.size() != log_.size()) return "the log has another length";
  for (std::size_t i = 0; i < log_.size(); ++i) {
    if (log.transactions[i]["id"] != log_[i].first) return log_[i].first + " is lost";
    if (log.transactions[i]["chunks"] != log_[i].second.chunks) return "other chunks";
  }
  for (const auto& id : committed_chunks_) {
    if (log.bytes_of(id) != chunks_.at(id).bytes) return id + " is lost, or differs";
  }
  return {};
}

bool CollectedModel::committed(const std::string& id) const {
  return std::ranges::count(log_, id, &decltype(log_)::value_type::first) > 0;
}

bool CollectedModel::surely_there(const std::string& chunk) const {
  if (committed_chunks_.contains(chunk)) return true;
  const auto known = chunks_.find(chunk);
  if (known == chunks_.end()) return false;
  if (Clock::now() < known->second.told + rules_.lease - coarseness) return true;
  return std::ranges::any_of(pending_, [&](const auto& entry) {
    return std::ranges::count(entry.second.content.chunks, chunk) > 0 &&
           surely_pending(entry.first);
  });
}

/// At the time of the answer, for it may have been collected while the request was under way.
bool CollectedModel::surely_pending(const std::string& id) const {
  const auto known = pending_.find(id);
  if (known == pending_.end() || known->second.base != head_) return false;
  return Clock::now() < known->second.stored + rules_.abandoned_after - coarseness;
}

bool CollectedModel::surely_known(const std::string& id) const {
  return id == root_id || committed(id) || surely_pending(id);
}

bool CollectedModel::may_be_known(const std::string& id) const {
  return id == root_id || committed(id) || pending_.contains(id);
}

std::optional<std::vector<std::string>> CollectedModel::chain_to(std::string id) const {
  std::vector<std::string> chain;
  while (id != head_) {
    const auto known = pending_.find(id);
    if (known == pending_.end()) return {};
    chain.push_back(id);
    id = known->second.content.parent;
  }
  std::ranges::reverse(chain);
  return chain;
}

bool CollectedModel::may_have_children(const std::string& id) const {
  return std::ranges::any_of(pending_,
                             [&](const auto& entry) { return entry.second.content.parent == id; });
}

void CollectedModel::commit(const std::string& id, const Transaction& content) {
  log_.emplace_back(id, content);
  committed_chunks_.insert(content.chunks.begin(), content.chunks.end());
  pending_.erase(id);
  head_ = id;
}

Wrong CollectedModel::learn_missing(const std::vector<std::string>& ids) {
  for (const auto& id : ids) {
    if (surely_there(id)) return id + " must be there, and is missing";
    chunks_.erase(id);
  }
  return {};
}

}  // namespace mentat_sync
