// See access_log.hpp. The queue and its thread are spdlog's.
#include "cli/access_log.hpp"

#include "cli/access_log_file.hpp"
#include "cli/access_log_line.hpp"
#include "storage/bounds.hpp"

#include <spdlog/async.h>
#include <spdlog/async_logger.h>

#include <atomic>
#include <csignal>
#include <exception>
#include <pthread.h>
#include <string>
#include <utility>

namespace mentat_sync {
namespace {

/// Signals are for the program's main thread.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

}  // namespace

class AccessLog::Impl {
 public:
  Impl(AccessLogFormat format, std::shared_ptr<AccessLogFile> file)
      : format_(format),
        file_(std::move(file)),
        pool_(std::make_shared<spdlog::details::thread_pool>(bounds::access_log_lines, 1,
                                                             block_signals)),
        logger_(std::make_shared<spdlog::async_logger>(
            "access", file_, pool_, spdlog::async_overflow_policy::overrun_oldest)) {
    file_->gather_while([pool = pool_.get()] { return pool->queue_size() > 0; });
  }

  ~Impl() {
    file_->refuse_to_wait();
    logger_.reset();
    pool_.reset();  // works off the queue, and joins
  }

  void write(const ObservedRequest& request) noexcept {
    try {
      const auto now = WallClock::now();
      const std::string line =
          format_ == AccessLogFormat::json ? json_line(request, now) : combined_line(request, now);
      logger_->log(spdlog::level::info, spdlog::string_view_t{line.data(), line.size()});
    } catch (const std::exception&) {  // memory
      unwritten_.fetch_add(1, std::memory_order_relaxed);
    }
  }

  void reopen() {
    file_->reopen_soon();
    logger_->flush();
  }

  std::uint64_t dropped() const {
    return pool_->overrun_counter() + file_->lost() + unwritten_.load(std::memory_order_relaxed);
  }

 private:
  const AccessLogFormat format_;
  std::shared_ptr<AccessLogFile> file_;
  std::shared_ptr<spdlog::details::thread_pool> pool_;
  std::shared_ptr<spdlog::async_logger> logger_;
  std::atomic<std::uint64_t> unwritten_{0};
};

AccessLog::AccessLog(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

AccessLog::~AccessLog() = default;

Result<std::unique_ptr<AccessLog>> AccessLog::open(const AccessLogOptions& options,
                                                   const Log& log) {
  auto file = AccessLogFile::open(options.file, log);
  if (!file) return file.status();
  return std::unique_ptr<AccessLog>{
      new AccessLog{std::make_unique<Impl>(options.format, std::move(*file))}};
}

void AccessLog::on_request(const ObservedRequest& observed) noexcept {
  impl_->write(observed);
}

void AccessLog::reopen() {
  impl_->reopen();
}

std::uint64_t AccessLog::dropped() const {
  return impl_->dropped();
}

}  // namespace mentat_sync
