// LoadRun: the load test itself: users, devices, connections and the ledger, on as many threads as
// the options say.
//
// Thread-safety: run() once, from one thread; stop() and give_up() from any, also a signal's.
// Ownership: the options and the progress must outlive it. Failures: when the server cannot be
// reached at all, or prepared for (a log to read), a Status; all that goes wrong later is in the
// result. What stop() ends early has a result, however little is in it.
#pragma once

#include "cli/load/load_options.hpp"
#include "cli/load/load_orders.hpp"
#include "cli/load/load_progress.hpp"
#include "cli/load/load_result.hpp"
#include "http/client/server_url.hpp"
#include "storage/result.hpp"

namespace mentat_sync {

class LoadRun {
 public:
  LoadRun(const LoadOptions& options, const ServerUrl& server, LoadProgress& progress)
      : options_(options), server_(server), progress_(progress) {}

  Result<LoadResult> run();
  /// What is prepared or measured ends now; what was acknowledged is verified all the same.
  void stop() { orders_.stop = true; }
  /// The server has ended for good: nothing more is asked, and nothing verified.
  void give_up() {
    orders_.server_gone = true;
    orders_.stop = true;
  }

 private:
  const LoadOptions& options_;
  const ServerUrl& server_;
  LoadProgress& progress_;
  LoadOrders orders_;
};

}  // namespace mentat_sync
