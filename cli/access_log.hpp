// AccessLog: one line for each request, to a file or to standard output.
//
// Requests never wait for it: lines go through a bounded queue (bounds::access_log_lines) to a
// thread of its own. When that falls behind, the oldest are dropped, and counted.
//
// Thread-safety: on_request(), reopen() and dropped() from any thread.
// Ownership and lifetime: must outlive the server that tells it. The destructor writes what is
// queued, unless nobody takes it.
// Failures: open() says what is wrong with the file. Later ones are logged and counted.
#pragma once

#include "cli/access_log_options.hpp"
#include "http/request_observer.hpp"
#include "storage/log.hpp"
#include "storage/result.hpp"

#include <cstdint>
#include <memory>

namespace mentat_sync {

class AccessLog final : public RequestObserver {
 public:
  static Result<std::unique_ptr<AccessLog>> open(const AccessLogOptions& options, const Log& log);
  ~AccessLog() override;

  bool needs_text() const override { return true; }
  void on_request(const ObservedRequest& observed) noexcept override;

  /// Another program has moved the file away: begins a new one.
  void reopen();
  /// Lines that were not written, since the start.
  std::uint64_t dropped() const;

 private:
  class Impl;
  explicit AccessLog(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace mentat_sync
