// AccessLogFile: where the lines of the access log end, a file that others may move away, or
// standard output. A sink of spdlog.
//
// Lines are gathered, and written when no more wait. A pipe that nobody reads is given up after a
// second: it may hold up neither the server's end nor more than its own lines.
//
// Thread-safety: the logging thread's, but for reopen_soon(), refuse_to_wait() and lost(), which
// any thread may call.
// Ownership and lifetime: owns the file, but not standard output.
// Failures: what cannot be written is counted, and said at most once a minute.
#pragma once

#include "storage/log.hpp"
#include "storage/result.hpp"

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace mentat_sync {

class AccessLogFile final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  /// `name` "-": standard output.
  static Result<std::shared_ptr<AccessLogFile>> open(std::string name, Log log);
  ~AccessLogFile() override;

  /// Whether more lines wait, which are worth waiting for; set before the first line.
  void gather_while(std::function<bool()> more) { more_ = std::move(more); }
  /// Before the next line, or flush: what had the name may be another file by now.
  void reopen_soon() { reopen_ = true; }
  /// The process is about to end.
  void refuse_to_wait() { hurry_ = true; }
  /// Lines that could not be written.
  std::uint64_t lost() const { return lost_.load(std::memory_order_relaxed); }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override;

 private:
  AccessLogFile(std::string name, int descriptor, Log log)
      : name_(std::move(name)), descriptor_(descriptor), log_(std::move(log)) {}

  void reopen();
  void write_gathered();
  /// How much was written before something went wrong.
  std::size_t write_some(const char* bytes, std::size_t count);
  bool wait_until_writable() const;
  void complain(const std::string& reason);

  const std::string name_;
  int descriptor_;
  Log log_;
  std::function<bool()> more_;
  std::string gathered_;
  bool in_line_ = false;
  std::chrono::steady_clock::time_point complain_after_{};
  std::atomic<bool> reopen_{false};
  std::atomic<bool> hurry_{false};
  std::atomic<std::uint64_t> lost_{0};
};

}  // namespace mentat_sync
