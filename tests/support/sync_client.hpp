// SyncClient: the 0.1 API of one user as the tests call it, and the ids they call it with.
//
// Thread-safety: one thread for each client; the id functions may be called from any.
// Failures: HttpError (see http_client.hpp). An answer of any status is a value.
// Source: docs/protocol.md.
#pragma once

#include "support/http_client.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

/// The media type of a log in one piece.
inline constexpr std::string_view log_type = "application/vnd.mentat-sync.log+cbor-seq";

/// The transaction before every first one.
inline constexpr std::string_view root_id = "00000000-0000-0000-0000-000000000000";

/// A random uuid in lower case.
std::string new_uuid();
/// 64 hexadecimal digits in lower case.
std::string sha256_hex(std::string_view bytes);

/// The bodies of the two JSON requests.
std::string head_body(std::string_view head);
std::string transaction_body(std::string_view parent, const std::vector<std::string>& chunks);

class SyncClient {
 public:
  SyncClient(std::uint16_t port, std::string user);

  const std::string& user() const { return user_; }
  std::uint16_t port() const { return http_.port(); }
  /// The target of `path` ("/head", or nothing for the user itself) below this user.
  std::string target(std::string_view path) const;

  HttpResponse request(std::string method, std::string_view path, std::string body = {},
                       HttpHeaders headers = {});
  HttpResponse get(std::string_view path, HttpHeaders headers = {});
  HttpResponse put(std::string_view path, std::string body, HttpHeaders headers = {});

  HttpResponse put_chunk(std::string_view chunk, std::string bytes);
  HttpResponse get_chunk(std::string_view chunk);
  HttpResponse put_transaction(std::string_view transaction, std::string_view parent,
                               const std::vector<std::string>& chunks);
  HttpResponse get_transaction(std::string_view transaction);
  HttpResponse put_head(std::string_view head);
  HttpResponse delete_user();

  /// A log in one piece; `query` from its "?" on.
  HttpResponse pull(std::string_view query = {}, HttpHeaders headers = {});
  HttpResponse push(std::string log);
  /// The answer to which of `chunks` are not there.
  HttpResponse missing(const std::vector<std::string>& chunks);

  /// What GET answers, as values; these expect it to be well-formed and throw HttpError if not.
  std::string head();
  nlohmann::json summary();
  /// All committed transactions after `from`, by one request.
  std::vector<std::string> transactions(std::string_view from = root_id);

  /// Uploads a chunk of its own and a transaction of it after `parent`; returns the transaction.
  std::string add_transaction(std::string_view parent);
  /// add_transaction(), then HEAD to it.
  std::string commit_transaction(std::string_view parent);

 private:
  nlohmann::json get_json(std::string_view path);

  HttpClient http_;
  std::string user_;
};

}  // namespace mentat_sync
