// WatchedFile: a small file that is read at the start, and again whenever it changes.
//
// A thread of its own looks at the file's version once a second (one stat(2)), and at once when it
// is told to. So what is revoked in the file is refused about a second later, whether anybody sends
// a signal or not; a read that takes long delays no request and no signal.
//
// Thread-safety: reload() may be called from any thread. `take` is called by start() and then by
// the watching thread, never by two at a time.
// Ownership and lifetime: what `take` refers to must outlive it. The destructor ends the thread.
// Failures: of the first reading, a Status; of a later one an error in the log, and what was taken
// before stays.
#pragma once

#include "cli/guarded_file.hpp"
#include "storage/log.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace mentat_sync {

class WatchedFile {
 public:
  /// How often it is looked at.
  static constexpr std::chrono::seconds interval{1};

  struct Options {
    std::filesystem::path path;
    std::uint64_t max_bytes = 0;
    /// Makes use of what was read, or says why it cannot.
    std::function<Status(const GuardedFile&)> take;
    Log log;
  };

  static Result<std::unique_ptr<WatchedFile>> start(Options options);
  ~WatchedFile();
  WatchedFile(const WatchedFile&) = delete;
  WatchedFile& operator=(const WatchedFile&) = delete;

  /// Has it read now, even if it seems unchanged.
  void reload();

 private:
  explicit WatchedFile(Options options);

  Status read();
  void watch(const std::stop_token& stop);
  /// Whether there is something to read.
  bool has_changed(bool asked);

  const Options options_;
  /// Of the watching thread, once that runs: what was read last, or could not be.
  std::optional<FileVersion> seen_;

  /// Protects `asked_`.
  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool asked_ = false;
  std::jthread thread_;
};

}  // namespace mentat_sync
