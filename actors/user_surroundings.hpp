// UserSurroundings: what all user actors of a directory share. CAF counts who holds it, so that
// each of a million actors holds it by one pointer.
//
// Thread-safety: immutable.
// Ownership: the directory's and its actors'; the store must outlive their system.
#pragma once

#include "actors/caf_compat.hpp"
#include "actors/options.hpp"
#include "storage/store.hpp"

#include <utility>

namespace mentat_sync {

struct UserSurroundings final : caf::ref_counted {
  UserSurroundings(Store& the_store, ActorOptions the_options)
      : store(the_store), options(std::move(the_options)) {}

  Store& store;
  const ActorOptions options;
};

using SharedSurroundings = caf::intrusive_ptr<const UserSurroundings>;

}  // namespace mentat_sync
