// Makes the message types known to CAF; apart from the header because it needs all of them
// complete.
#include "actors/messages.hpp"

#include "actors/interfaces.hpp"

namespace mentat_sync {

void init_messages() {
  MENTAT_SYNC_INIT_MESSAGE_TYPES();
}

void add_messages(caf::actor_system_config& config) {
#define MENTAT_SYNC_ADD(type) compat::add_type<type>(config, "mentat_sync::" #type);
  MENTAT_SYNC_WIRE_MESSAGES(MENTAT_SYNC_ADD)
#undef MENTAT_SYNC_ADD
}

}  // namespace mentat_sync
