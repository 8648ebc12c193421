// The wire and the decisions of Mentat's sync client.
#include "tolstoy_device.hpp"

#include <algorithm>
#include <utility>

namespace mentat_sync {
namespace {

using nlohmann::json;

/// As serde reads a uuid, and stricter: we promise lower case.
std::string uuid_of(const json& value) {
  const auto text = value.get<std::string>();
  const bool valid = text.size() == 36 && std::count(text.begin(), text.end(), '-') == 4 &&
                     text.find_first_not_of("0123456789abcdef-") == std::string::npos;
  if (!valid) throw TolstoyError("no uuid: " + text);
  return text;
}

std::vector<std::string> uuids_of(const json& values) {
  std::vector<std::string> uuids;
  for (const auto& value : values) uuids.push_back(uuid_of(value));
  return uuids;
}

/// Parses as serde does: every field of the structure must be there and have its type.
template <class Read>
auto parsed(const json& body, Read read) {
  try {
    return read(body);
  } catch (const json::exception& error) {
    throw TolstoyError(std::string{"cannot deserialise: "} + error.what());
  }
}

json datom(std::size_t entity, const std::string& value) {
  return {{"partitions", nullptr},    {"e", entity},       {"a", 10},
          {"v", {{"String", value}}}, {"tx", 268'435'456}, {"added", true}};
}

/// The first datom of an uploaded transaction carries the partitions.
json partitions() {
  return {{":db.part/db", {{"start", 0}, {"end", 65'535}, {"next_entid_to_allocate", 41}}}};
}

TolstoyTransaction bootstrap() {
  TolstoyTransaction transaction;
  for (std::size_t i = 0; i < bootstrap_datoms; ++i) {
    transaction.datoms.push_back(datom(i, ":db/bootstrap-" + std::to_string(i)));
  }
  return transaction;
}

}  // namespace

TolstoyRemote::TolstoyRemote(std::uint16_t port, std::string user)
    : port_(port), user_(std::move(user)) {}

HttpResponse TolstoyRemote::send(const std::string& wire) {
  ++requests_;
  HttpConnection connection{port_};
  connection.send(wire);
  return connection.receive();
}

json TolstoyRemote::get(const std::string& path) {
  const auto response = send("GET /0.1/" + user_ + path +
                             " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) + "\r\n\r\n");
  return json::parse(response.body, nullptr, /*allow_exceptions=*/false);
}

void TolstoyRemote::put(const std::string& path, const std::string& body,
                        unsigned expected_status) {
  const auto response =
      send("PUT /0.1/" + user_ + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) +
           "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" +
           chunked_body(body, body.size()));
  if (response.status == expected_status) return;
  throw TolstoyError("bad put response to " + path + ": " + std::to_string(response.status) + " " +
                     response.body);
}

std::string TolstoyRemote::head() {
  return parsed(get("/head"), [](const json& body) { return uuid_of(body.at("head")); });
}

void TolstoyRemote::set_head(std::string_view uuid) {
  put("/head", head_body(uuid), 204);
}

std::vector<TolstoyTransaction> TolstoyRemote::transactions_after(std::string_view uuid) {
  const auto ids = parsed(get("/transactions?from=" + std::string{uuid}), [](const json& body) {
    body.at("limit").get<std::int64_t>();
    uuid_of(body.at("from"));
    return uuids_of(body.at("transactions"));
  });
  std::vector<TolstoyTransaction> transactions;
  for (const auto& id : ids) {
    const auto chunks = parsed(get("/transactions/" + id), [](const json& body) {
      uuid_of(body.at("parent"));
      uuid_of(body.at("id"));
      body.at("seq").get<std::int64_t>();
      return uuids_of(body.at("chunks"));
    });
    TolstoyTransaction transaction{.uuid = id, .datoms = {}};
    for (const auto& chunk : chunks) {
      transaction.datoms.push_back(parsed(get("/chunks/" + chunk), [](const json& body) {
        for (const char* field : {"e", "a", "tx"}) body.at(field).get<std::int64_t>();
        body.at("added").get<bool>();
        return body;
      }));
    }
    transactions.push_back(std::move(transaction));
  }
  return transactions;
}

void TolstoyRemote::put_transaction(std::string_view uuid, std::string_view parent,
                                    const std::vector<std::string>& chunks) {
  put("/transactions/" + std::string{uuid}, transaction_body(parent, chunks), 201);
}

void TolstoyRemote::put_chunk(std::string_view uuid, const json& datom) {
  put("/chunks/" + std::string{uuid}, datom.dump(), 201);
}

TolstoyDevice::TolstoyDevice(std::uint16_t port, std::string user)
    : remote_(port, std::move(user)), log_{bootstrap()} {}

void TolstoyDevice::transact(const std::vector<std::string>& values) {
  TolstoyTransaction transaction;
  for (const auto& value : values) transaction.datoms.push_back(datom(65'536, value));
  log_.push_back(std::move(transaction));
}

std::size_t TolstoyDevice::first_unsynced() const {
  const auto found =
      std::find_if(log_.begin(), log_.end(), [](const auto& entry) { return entry.uuid.empty(); });
  return static_cast<std::size_t>(found - log_.begin());
}

SyncReport TolstoyDevice::sync() {
  const std::string remote_head = remote_.head();
  if (remote_head != root_id && remote_head != known_head_) return download();
  if (first_unsynced() == log_.size()) return SyncReport::no_changes;
  upload(remote_head);
  return SyncReport::remote_fast_forward;
}

void TolstoyDevice::upload(const std::string& remote_head) {
  std::string parent = remote_head;
  std::vector<std::string> uuids;  // Mapped only once the whole upload has succeeded.
  const std::size_t start = first_unsynced();
  for (std::size_t i = start; i < log_.size(); ++i) {
    std::vector<std::string> chunks;
    for (auto part : log_[i].datoms) {
      if (chunks.empty()) part["partitions"] = partitions();
      chunks.push_back(new_uuid());
      remote_.put_chunk(chunks.back(), part);
    }
    uuids.push_back(new_uuid());
    remote_.put_transaction(uuids.back(), parent, chunks);
    parent = uuids.back();
  }
  remote_.set_head(parent);
  for (std::size_t i = start; i < log_.size(); ++i) log_[i].uuid = uuids[i - start];
  known_head_ = parent;
}

SyncReport TolstoyDevice::download() {
  auto incoming = remote_.transactions_after(known_head_);
  if (incoming.empty()) {
    throw TolstoyError("Remote specified non-root HEAD but gave no transactions");
  }
  for (const auto& transaction : incoming) {
    if (transaction.datoms.empty() || transaction.datoms[0].value("partitions", json{}).is_null()) {
      throw TolstoyError("Missing partition map in incoming transaction");
    }
  }
  known_head_ = incoming.back().uuid;
  if (log_[0].uuid.empty()) {  // The first sync adopts the remote's bootstrap for the local one.
    log_[0] = std::move(incoming.front());
    incoming.erase(incoming.begin());
  }
  const std::size_t unsynced = first_unsynced();
  const bool local_changes = unsynced < log_.size();
  log_.insert(log_.begin() + static_cast<std::ptrdiff_t>(unsynced), incoming.begin(),
              incoming.end());
  return local_changes ? SyncReport::merged : SyncReport::local_fast_forward;
}

std::vector<std::string> TolstoyDevice::values() const {
  std::vector<std::string> all;
  for (std::size_t i = 1; i < log_.size(); ++i) {
    for (const auto& part : log_[i].datoms) all.push_back(part["v"]["String"].get<std::string>());
  }
  return all;
}

}  // namespace mentat_sync
