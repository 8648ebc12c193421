// Handlers: the 0.1 API. Translates a routed request into a query or a command, and the answer into
// HTTP; holds no state of its own.
//
// Reads take the way: handler → store's snapshot → answer, on the thread of the connection.
// Writes take the way: handler → gateway → user actor → store's writer → answer.
//
// Thread-safety: as Application.
// Ownership and lifetime: the store and the gateway must outlive it.
// Source: docs/protocol.md.
#pragma once

#include "actors/gateway.hpp"
#include "http/application.hpp"
#include "storage/bounds.hpp"
#include "storage/store.hpp"

#include <cstdint>

namespace mentat_sync {

struct HandlerOptions {
  std::uint64_t max_chunk_bytes = bounds::chunk_bytes_default;
};

class Handlers final : public Application {
 public:
  Handlers(Store& store, Gateway& gateway, HandlerOptions options);

  Admission admit(const RequestHeader& header) const override;
  Response too_large(std::uint64_t limit_bytes) const override;
  Response bad_request(unsigned status, std::string_view detail) const override;
  void handle(Route route, Request request, Respond respond) override;

 private:
  Store& store_;
  Gateway& gateway_;
  HandlerOptions options_;
};

}  // namespace mentat_sync
