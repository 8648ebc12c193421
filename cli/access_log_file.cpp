// See access_log_file.hpp.
#include "cli/access_log_file.hpp"

#include <climits>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mentat_sync {
namespace {

constexpr std::size_t gather_bytes = 64 * 1024;
constexpr int patience_ms = 1'000;
constexpr std::chrono::minutes between_complaints{1};

std::string last_error() {
  return std::generic_category().message(errno);
}

/// Its owner's and his group's: it says who was there.
int open_to_append(const std::string& name) {
  return ::open(name.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
}

}  // namespace

Result<std::shared_ptr<AccessLogFile>> AccessLogFile::open(std::string name, Log log) {
  const int descriptor = name == "-" ? STDOUT_FILENO : open_to_append(name);
  if (descriptor < 0) {
    return Status{ErrorCode::io, "access log '" + name + "': " + last_error()};
  }
  return std::shared_ptr<AccessLogFile>{
      new AccessLogFile{std::move(name), descriptor, std::move(log)}};
}

AccessLogFile::~AccessLogFile() {
  write_gathered();
  if (name_ != "-") ::close(descriptor_);
}

void AccessLogFile::sink_it_(const spdlog::details::log_msg& message) {
  if (reopen_.exchange(false)) reopen();
  gathered_.append(message.payload.data(), message.payload.size()).append("\n");
  if (gathered_.size() >= gather_bytes || !more_ || !more_()) write_gathered();
}

void AccessLogFile::flush_() {
  if (reopen_.exchange(false)) reopen();
  write_gathered();
}

/// Goes on with the old file when there is no new one.
void AccessLogFile::reopen() {
  write_gathered();
  if (name_ == "-") return;
  const int descriptor = open_to_append(name_);
  if (descriptor < 0) return complain(last_error());
  ::close(std::exchange(descriptor_, descriptor));
  in_line_ = false;
}

void AccessLogFile::write_gathered() {
  if (gathered_.empty()) return;
  if (std::exchange(in_line_, false)) gathered_.insert(0, "\n");
  const std::size_t written = write_some(gathered_.data(), gathered_.size());
  const auto rest = gathered_.begin() + static_cast<std::ptrdiff_t>(written);
  if (written > 0) in_line_ = gathered_[written - 1] != '\n';
  lost_ += static_cast<std::uint64_t>(std::count(rest, gathered_.end(), '\n'));
  gathered_.clear();
}

/// In pieces that a pipe which is said to be writable takes without waiting.
std::size_t AccessLogFile::write_some(const char* bytes, std::size_t count) {
  std::size_t written = 0;
  while (written < count) {
    if (!wait_until_writable()) {
      complain("nobody takes it");
      break;
    }
    const std::size_t piece = std::min<std::size_t>(count - written, PIPE_BUF);
    const ssize_t done = ::write(descriptor_, bytes + written, piece);
    if (done > 0) written += static_cast<std::size_t>(done);
    if (done < 0 && errno != EINTR && errno != EAGAIN) {
      complain(last_error());
      break;
    }
  }
  return written;
}

bool AccessLogFile::wait_until_writable() const {
  pollfd wanted{descriptor_, POLLOUT, 0};
  return ::poll(&wanted, 1, hurry_ ? 0 : patience_ms) > 0;
}

void AccessLogFile::complain(const std::string& reason) {
  const auto now = std::chrono::steady_clock::now();
  if (!log_ || now < complain_after_) return;
  complain_after_ = now + between_complaints;
  log_(LogLevel::error, "access log cannot be written", {{"file", name_}, {"reason", reason}});
}

}  // namespace mentat_sync
