// make_gateway: a Gateway to a directory.
//
// Thread-safety: as Gateway.
// Ownership and lifetime: holds the directory's handle; destroy it before the actor system. The
// directory may end earlier: commands are then answered `unavailable`, on the caller's thread.
#pragma once

#include "actors/counters.hpp"
#include "actors/gateway.hpp"
#include "actors/interfaces.hpp"

#include <memory>

namespace mentat_sync {

/// `counters` are the directory's; null: it counts by itself.
std::unique_ptr<Gateway> make_gateway(DirectoryActor directory,
                                      std::shared_ptr<ActorCounters> counters = nullptr);

}  // namespace mentat_sync
