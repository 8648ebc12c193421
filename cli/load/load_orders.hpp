// LoadOrders: what a load test is told while it runs, by who hears of Ctrl-C and of the server's
// end.
//
// Thread-safety: all of it, from any thread. An order is not taken back.
#pragma once

#include <atomic>

namespace mentat_sync {

struct LoadOrders {
  /// Nothing more is begun; what was acknowledged is read again all the same.
  std::atomic<bool> stop{false};
  /// Besides: there is nobody left to ask. Given before `stop`.
  std::atomic<bool> server_gone{false};

  /// Only its user wants it to end.
  bool interrupted() const { return stop && !server_gone; }
};

}  // namespace mentat_sync
