// See watched_file.hpp.
#include "cli/watched_file.hpp"

#include <exception>
#include <utility>

namespace mentat_sync {

WatchedFile::WatchedFile(Options options) : options_{std::move(options)} {}

WatchedFile::~WatchedFile() = default;

Result<std::unique_ptr<WatchedFile>> WatchedFile::start(Options options) {
  std::unique_ptr<WatchedFile> file{new WatchedFile{std::move(options)}};
  if (Status status = file->read(); !status.ok()) return status;
  file->thread_ = std::jthread{[&self = *file](const std::stop_token& stop) { self.watch(stop); }};
  return file;
}

void WatchedFile::reload() {
  const std::lock_guard lock{mutex_};
  asked_ = true;
  wake_.notify_one();
}

Status WatchedFile::read() {
  // Looked at before it is read: a change in between is seen the next time.
  seen_ = version_of(options_.path);
  const auto content = read_guarded_file(options_.path, options_.max_bytes);
  if (!content.ok()) return content.status();
  seen_ = content->version;
  return options_.take(*content);
}

bool WatchedFile::has_changed(bool asked) {
  return asked || version_of(options_.path) != seen_;
}

void WatchedFile::watch(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    bool asked = false;
    {
      std::unique_lock lock{mutex_};
      wake_.wait_for(lock, stop, interval, [this] { return asked_; });
      asked = std::exchange(asked_, false);
    }
    if (stop.stop_requested() || !has_changed(asked)) continue;
    const auto before = seen_;
    Status status;
    try {
      status = read();
    } catch (const std::exception& error) {  // want of memory, for one
      status = Status{ErrorCode::io, error.what()};
    }
    if (status.ok()) {
      const auto* event = seen_ == before ? "file unchanged" : "file read again";
      options_.log(LogLevel::info, event, {{"file", options_.path.string()}});
    } else {
      options_.log(LogLevel::error, "file not read again, what it held before stays in force",
                   {{"file", options_.path.string()}, {"reason", status.message()}});
    }
  }
}

}  // namespace mentat_sync
