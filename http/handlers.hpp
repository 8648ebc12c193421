// Handlers: the 0.1 API and what goes beyond it. Translates a routed request into a query or a
// command, and the answer into HTTP; holds no state of its own.
//
// Reads take the way: handler → store's snapshot → answer, on the thread of the connection.
// Writes take the way: handler → gateway → user actor → store's writer → answer.
// Watches take the way: handler → gateway → user actor, which answers when HEAD has moved.
//
// Thread-safety: as Application.
// Ownership and lifetime: the store and the gateway must outlive it, and answer before they go.
// Failures: every request is answered; what is refused, or fails, with a problem (problem.hpp).
// Source: docs/protocol.md.
#pragma once

#include "actors/gateway.hpp"
#include "http/application.hpp"
#include "http/auth/authenticator.hpp"
#include "http/cors.hpp"
#include "http/problem.hpp"
#include "http/published_limits.hpp"
#include "http/rate_limiter.hpp"
#include "http/trusted_proxies.hpp"
#include "storage/bounds.hpp"
#include "storage/store.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mentat_sync {

struct HandlerOptions {
  /// Those that handlers keep themselves (of one request, rates) and those that are only told.
  PublishedLimits limits;
  /// Who may say whom a request comes from.
  TrustedProxies trusted_proxies;
  /// Who may ask; none: whoever knows a user's uuid.
  std::shared_ptr<const Authenticator> authenticator;
  /// Which web pages may.
  CorsPolicy cors;
  /// How often an event stream says something when nothing happens.
  std::chrono::milliseconds event_heartbeat = bounds::event_heartbeat;
  /// What GET /metrics answers; none: 404.
  std::function<std::string()> metrics;
};

class Handlers final : public Application {
 public:
  Handlers(Store& store, Gateway& gateway, HandlerOptions options);

  Admission admit(const RequestHeader& header, const Peer& peer) const override;
  Response too_large(std::uint64_t limit_bytes) const override;
  Response bad_request(unsigned status, std::string_view detail) const override;
  Withdraw handle(const Route& route, Request&& request, Respond&& respond) override;

  // Requests refused for their rate, since the start.
  std::uint64_t refused_by_address_rate() const { return address_rate_.refused(); }
  std::uint64_t refused_by_user_rate() const { return user_rate_.refused(); }

 private:
  std::uint64_t body_limit_bytes(Action action) const;
  /// `admission` of what has been routed.
  std::optional<Problem> refuse_routed(const RequestHeader& header,
                                       const Admission& admission) const;

  void work_on(const Route& route, Request&& request, Respond&& respond);
  void operational(const Route& route, Respond&& respond);

  void summary(const Route& route, Respond&& respond);
  void get_head(const Route& route, Request&& request, Respond&& respond);
  void list(const Route& route, Respond&& respond);
  void get_transaction(const Route& route, Respond&& respond);
  void get_chunk(const Route& route, Request&& request, Respond&& respond);

  void delete_user(const Route& route, Respond&& respond);
  void put_head(const Route& route, const Request& request, Respond&& respond);
  void put_transaction(const Route& route, const Request& request, Respond&& respond);
  void put_chunk(const Route& route, Request&& request, Respond&& respond);

  // Beyond 0.1; in log_handlers.cpp.
  using AccessAgain = std::function<std::optional<Problem>()>;
  AccessAgain access_again(const Route& route, const RequestHeader& header) const;
  void events(const Route& route, const Request& request, Respond&& respond);
  void pull(const Route& route, const Request& request, Respond&& respond);
  void push(const Request& request, Respond&& respond);
  void missing(const Route& route, const Request& request, Respond&& respond);
  Withdraw await_head(const Route& route, const Request& request, Respond&& respond);
  void chunk_whose_lease_is_due(const Route& route, Request&& request, Chunk chunk,
                                Respond&& respond);

  Store& store_;
  Gateway& gateway_;
  const HandlerOptions options_;
  mutable RateLimiter address_rate_;
  mutable RateLimiter user_rate_;
};

}  // namespace mentat_sync
