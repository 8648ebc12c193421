// ClientError and Reply: how a request to a server fails.
//
// An expected outcome (a conflict, a chunk that is not there) is a value of the request's own reply
// where the function says so; everything else is a ClientError.
//
// Thread-safety: value types.
// Source: RFC 9457 for what a server's refusal carries; its types stand in docs/protocol.md.
#pragma once

#include "storage/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace mentat_sync {

struct ClientError {
  enum class Kind {
    /// No such host, or nobody listens there. Nothing was sent.
    unreachable,
    /// It took longer than ClientOptions allow. A change may have been applied: repeat it.
    timed_out,
    /// The connection ended, or the answer is malformed or cut off. As timed_out.
    broken,
    /// The server answered with another status than success; the fields below say more.
    refused,
    /// ClientOptions::interrupter said so.
    interrupted,
    /// The caller's own function (a sink) did not want more.
    stopped,
  };

  Kind kind = Kind::broken;
  /// A sentence for a person.
  std::string message = {};

  // Of a refusal.
  unsigned http_status = 0;
  /// What follows "urn:mentat-sync:problem:" in the type: "base-not-head". Empty when the answer
  /// was no problem of this API.
  std::string type = {};
  std::string title = {};
  std::string detail = {};
  /// The extensions.
  std::optional<TransactionId> current_head = {};
  std::vector<ChunkId> missing = {};
  std::optional<std::uint64_t> limit = {};
};

/// Of a request that has nothing to say but that it is done.
struct Done {};

/// What a request brought, or why it brought nothing.
template <class T>
class [[nodiscard]] Reply {
 public:
  Reply(T value) : content_(std::move(value)) {}
  Reply(ClientError error) : content_(std::move(error)) {}

  bool ok() const { return std::holds_alternative<T>(content_); }
  explicit operator bool() const { return ok(); }

  /// Only when ok().
  T& value() & { return std::get<T>(content_); }
  const T& value() const& { return std::get<T>(content_); }
  T&& value() && { return std::get<T>(std::move(content_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// Only when not ok().
  const ClientError& error() const { return std::get<ClientError>(content_); }

 private:
  std::variant<T, ClientError> content_;
};

}  // namespace mentat_sync
