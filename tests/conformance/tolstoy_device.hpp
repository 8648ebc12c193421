// TolstoyDevice: behaves on the wire as Mentat's sync client: a connection for each request, PUT
// bodies in chunks without a length, random uuids as chunk ids, one JSON datom in each; PUT
// statuses compared exactly, GET statuses not looked at.
//
// Thread-safety: one thread for each device.
// Failures: TolstoyError where the original ends with one; HttpError below it.
// Source: mozilla/mentat, tolstoy/src/remote_client.rs, tx_uploader.rs and syncer.rs.
#pragma once

#include "support/sync_client.hpp"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

class TolstoyError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A transaction as the wire knows it.
struct TolstoyTransaction {
  std::string uuid;
  std::vector<nlohmann::json> datoms;
};

/// RemoteClient of the original.
class TolstoyRemote {
 public:
  TolstoyRemote(std::uint16_t port, std::string user);

  std::string head();
  void set_head(std::string_view uuid);
  std::vector<TolstoyTransaction> transactions_after(std::string_view uuid);
  void put_transaction(std::string_view uuid, std::string_view parent,
                       const std::vector<std::string>& chunks);
  void put_chunk(std::string_view uuid, const nlohmann::json& datom);

  /// Requests made so far.
  std::size_t requests() const { return requests_; }

 private:
  nlohmann::json get(const std::string& path);
  void put(const std::string& path, const std::string& body, unsigned expected_status);
  HttpResponse send(const std::string& wire);

  std::uint16_t port_;
  std::string user_;
  std::size_t requests_ = 0;
};

enum class SyncReport { no_changes, remote_fast_forward, local_fast_forward, merged };

/// A local store and its Syncer; a datom's value stands for the change.
class TolstoyDevice {
 public:
  /// A new store holds the bootstrap transaction alone.
  TolstoyDevice(std::uint16_t port, std::string user);

  /// Commits a local transaction of these values.
  void transact(const std::vector<std::string>& values);

  /// One round of the original's Syncer::sync().
  SyncReport sync();

  /// Every value in the order of the local log, the bootstrap's left out.
  std::vector<std::string> values() const;
  std::size_t requests() const { return remote_.requests(); }
  TolstoyRemote& remote() { return remote_; }

 private:
  void upload(const std::string& remote_head);
  SyncReport download();
  /// Where the transactions begin that the remote does not have.
  std::size_t first_unsynced() const;

  TolstoyRemote remote_;
  std::vector<TolstoyTransaction> log_;  // An empty uuid: not yet uploaded.
  std::string known_head_{root_id};
};

/// Datoms of Mentat's bootstrap transaction.
inline constexpr std::size_t bootstrap_datoms = 95;

}  // namespace mentat_sync
