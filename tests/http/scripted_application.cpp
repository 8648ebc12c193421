// See scripted_application.hpp.
#include "scripted_application.hpp"

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <utility>

namespace mentat_sync {
namespace {

constexpr std::uint64_t body_limit_bytes = 8 * 1024 * 1024;
constexpr std::chrono::seconds patience{20};

std::size_t number_after(const std::string& target, std::string_view prefix) {
  return std::stoul(target.substr(prefix.size()));
}

struct KeepingSink final : BodySink {
  explicit KeepingSink(std::uint64_t byte_costs) : costs(byte_costs) {}
  void take(std::string_view bytes) override { content += bytes; }
  std::uint64_t held_bytes() const override { return costs * content.size(); }

  std::string content;
  /// Bytes held for each that it was sent.
  const std::uint64_t costs;
};

Response answer_to(const std::string& target, Request& request) {
  if (target == "/echo" || target == "/small") return text(std::move(request.body()));
  if (target == "/sink" || target == "/costly-sink") {
    return text(request.body() + std::static_pointer_cast<KeepingSink>(request.sink)->content);
  }
  if (target == "/end") {
    Response response = text("end");
    response.close = true;
    return response;
  }
  if (target.starts_with("/big/")) return text(std::string(number_after(target, "/big/"), 'b'));
  if (target.starts_with("/status/")) {
    Response response = text("body");
    response.status = static_cast<unsigned>(number_after(target, "/status/"));
    return response;
  }
  if (target == "/sigterm") {
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    return text(sigismember(&blocked, SIGTERM) ? "blocked" : "open");
  }
  return text(target);
}

}  // namespace

Response text(std::string body) {
  return {.content_type = "text/plain", .headers = {}, .body = std::move(body)};
}

ScriptedApplication::ScriptedApplication() : worker_([this] { work(); }) {}

ScriptedApplication::~ScriptedApplication() {
  {
    const std::lock_guard lock{mutex_};
    ending_ = true;
  }
  changed_.notify_all();
  worker_.join();
  for (Pending& pending : pending_) pending.respond(text("late"));
}

Admission ScriptedApplication::admit(const RequestHeader& header, const Peer& peer) const {
  Admission admission;
  const auto method = header.method();
  admission.safe = method == beast_http::verb::get || method == beast_http::verb::head;
  admission.body_limit_bytes = header.target() == "/small" ? 16 : body_limit_bytes;
  admission.waits = header.target().starts_with("/later-wait");
  if (header.target() == "/sink") admission.sink = std::make_shared<KeepingSink>(1);
  if (header.target() == "/costly-sink") admission.sink = std::make_shared<KeepingSink>(10);
  if (header.target() == "/refused") admission.refusal = bad_request(403, "refused");
  if (header.target() == "/peer") {
    admission.refusal = bad_request(peer.encrypted ? 200 : 426, peer.certificate);
  }
  if (header.target() == "/address") {
    admission.refusal = bad_request(200, peer.address.to_string());
  }
  if (header.target() == "/admit-throws") throw std::runtime_error("admission");
  return admission;
}

Response ScriptedApplication::too_large(std::uint64_t limit_bytes) const {
  return bad_request(413, "limit " + std::to_string(limit_bytes));
}

Response ScriptedApplication::bad_request(unsigned status, std::string_view detail) const {
  Response response = text(std::string{detail});
  response.status = status;
  return response;
}

Withdraw ScriptedApplication::handle(const Route&, Request&& request, Respond&& respond) {
  const std::string target{request.target()};
  {
    const std::lock_guard lock{mutex_};
    handled_.push_back(target);
    if (target.starts_with("/later")) pending_.push_back({target, std::move(respond)});
    if (target.starts_with("/worker")) for_worker_.push_back({target, std::move(respond)});
  }
  changed_.notify_all();
  if (target == "/throw") throw std::runtime_error("handler");
  if (!respond) return withdrawal_of(target);
  Response response = answer_to(target, request);
  if (auto source = scripted_source(target, pieces_)) {
    response = Response{.content_type = "text/plain", .headers = {}, .body = {}};
    response.source = std::move(source);
    response.endless = target.starts_with("/endless");
  }
  respond(std::move(response));
  return {};
}

Withdraw ScriptedApplication::withdrawal_of(const std::string& target) {
  if (!target.starts_with("/later-wait")) return {};
  return [this, target] {
    const std::lock_guard lock{mutex_};
    withdrawn_.push_back(target);
  };
}

std::vector<ScriptedApplication::Pending> ScriptedApplication::take_pending(std::size_t count) {
  std::unique_lock lock{mutex_};
  if (!changed_.wait_for(lock, patience, [&] { return pending_.size() >= count; })) {
    throw std::runtime_error("the requests did not arrive");
  }
  return std::exchange(pending_, {});
}

std::vector<std::string> ScriptedApplication::handled() const {
  const std::lock_guard lock{mutex_};
  return handled_;
}

std::vector<std::string> ScriptedApplication::withdrawn() const {
  const std::lock_guard lock{mutex_};
  return withdrawn_;
}

void ScriptedApplication::work() {
  std::unique_lock lock{mutex_};
  for (;;) {
    changed_.wait(lock, [&] { return ending_ || !for_worker_.empty(); });
    if (for_worker_.empty()) return;
    // The last first, so that answers overtake each other.
    Pending pending = std::move(for_worker_.back());
    for_worker_.pop_back();
    lock.unlock();
    pending.respond(text(pending.target));
    pending.respond = nullptr;
    lock.lock();
  }
}

}  // namespace mentat_sync
