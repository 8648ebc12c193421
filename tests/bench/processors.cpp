// Pinning with sched_setaffinity(2).
#include "bench/processors.hpp"

#include <sched.h>
#include <thread>

namespace mentat_sync {

unsigned processor_count() {
  return std::thread::hardware_concurrency();
}

void pin_to(unsigned processor) {
  static const unsigned count = processor_count();
  if (count < 2) return;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processor % count, &set);
  sched_setaffinity(0, sizeof set, &set);
}

}  // namespace mentat_sync
