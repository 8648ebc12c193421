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
#include "storage/bounds.hpp"
#include "storage/store.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace mentat_sync {

struct HandlerOptions {
  std::uint64_t max_chunk_bytes = bounds::chunk_bytes_default;
  std::uint64_t max_push_bytes = bounds::push_bytes_default;
};

class Handlers final : public Application {
 public:
  Handlers(Store& store, Gateway& gateway, HandlerOptions options);

  Admission admit(const RequestHeader& header, const Peer& peer) const override;
  Response too_large(std::uint64_t limit_bytes) const override;
  Response bad_request(unsigned status, std::string_view detail) const override;
  void handle(Route route, Request request, Respond respond) override;

 private:
  std::uint64_t body_limit_bytes(Action action) const;

  void summary(const Route& route, Respond respond);
  void get_head(const Route& route, Request request, Respond respond);
  void list(const Route& route, Respond respond);
  void get_transaction(const Route& route, Respond respond);
  void get_chunk(const Route& route, Request request, Respond respond);

  void delete_user(const Route& route, Respond respond);
  void put_head(const Route& route, const Request& request, Respond respond);
  void put_transaction(const Route& route, const Request& request, Respond respond);
  void put_chunk(const Route& route, Request request, Respond respond);

  // Beyond 0.1; in log_handlers.cpp.
  void events(const Route& route, const Request& request, Respond respond);
  void pull(const Route& route, const Request& request, Respond respond);
  void push(const Route& route, const Request& request, Respond respond);
  void missing(const Route& route, const Request& request, Respond respond);
  void await_head(const Route& route, const Request& request, std::chrono::seconds wait,
                  Respond respond);
  void chunk_whose_lease_is_due(const Route& route, Request request, Chunk chunk, Respond respond);

  Store& store_;
  Gateway& gateway_;
  HandlerOptions options_;
};

}  // namespace mentat_sync
