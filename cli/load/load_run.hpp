// LoadRun: the load test itself: users, devices, connections and the ledger, on as many threads as
// the options say.
//
// Thread-safety: run() once, from one thread; stop() from any, also a signal's. Ownership: the
// options and the progress must outlive it. Failures: when the server cannot be reached at all, or
// prepared for (a log to read), a Status; all that goes wrong later is in the result.
#pragma once

#include "cli/load/load_options.hpp"
#include "cli/load/load_progress.hpp"
#include "cli/load/load_result.hpp"
#include "http/client/server_url.hpp"
#include "storage/result.hpp"

#include <atomic>

namespace mentat_sync {

class LoadRun {
 public:
  LoadRun(const LoadOptions& options, const ServerUrl& server, LoadProgress& progress)
      : options_(options), server_(server), progress_(progress) {}

  Result<LoadResult> run();
  /// What is measured ends now; what was acknowledged is verified all the same.
  void stop() { stopping_ = true; }

 private:
  const LoadOptions& options_;
  const ServerUrl& server_;
  LoadProgress& progress_;
  std::atomic<bool> stopping_{false};
};

}  // namespace mentat_sync
