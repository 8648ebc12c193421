// See scripted_source.hpp.
#include "scripted_source.hpp"

#include <chrono>
#include <functional>
#include <stdexcept>
#include <thread>
#include <utility>

namespace mentat_sync {

using Then = BodyPiece::Then;

class ScriptedSource final : public BodySource {
 public:
  /// `make`: the piece of a number, or nothing when the test makes it.
  using Make = std::function<BodyPiece(std::size_t)>;

  ScriptedSource(AskedPieces& pieces, Make make, bool elsewhere, bool works)
      : pieces_(pieces), make_(std::move(make)), elsewhere_(elsewhere), works_(works) {
    ++pieces_.sources_;
  }
  ~ScriptedSource() override { --pieces_.sources_; }

  bool works() const override { return works_; }

  void next(TakePiece take) override {
    ++pieces_.count_;
    if (make_ && !elsewhere_) return take(make_(number_++));
    if (make_) {
      std::thread{[take = std::move(take), piece = make_(number_++)] { take(piece); }}.join();
      return;
    }
    const std::lock_guard lock{pieces_.mutex_};
    pieces_.asked_.push_back(std::move(take));
    pieces_.changed_.notify_all();
  }

 private:
  AskedPieces& pieces_;
  const Make make_;
  const bool elsewhere_;
  const bool works_;
  std::size_t number_ = 0;
};

namespace {

std::size_t number_in(const std::string& target) {
  return std::stoul(target.substr(target.rfind('/') + 1));
}

ScriptedSource::Make numbered(std::size_t count) {
  return [count](std::size_t number) -> BodyPiece {
    return {std::to_string(number) + ";", number + 1 == count ? Then::end : Then::more};
  };
}

ScriptedSource::Make big(std::size_t count) {
  return [count](std::size_t number) -> BodyPiece {
    return {std::string(big_piece_bytes, static_cast<char>('a' + number % 26)),
            number + 1 == count ? Then::end : Then::more};
  };
}

BodyPiece among_empty_ones(std::size_t number) {
  if (number == 1) return {"a", Then::more};
  if (number == 4) return {"b", Then::more};
  return {"", number == 6 ? Then::end : Then::more};
}

BodyPiece half(std::size_t number) {
  return {number == 0 ? "half" : "", number == 0 ? Then::more : Then::failed};
}

BodyPiece half_then_throw(std::size_t number) {
  if (number > 0) throw std::runtime_error("the piece cannot be made");
  return {"half", Then::more};
}

}  // namespace

std::shared_ptr<BodySource> scripted_source(const std::string& target, AskedPieces& pieces) {
  const bool works = target.starts_with("/work");
  const auto make = [&](ScriptedSource::Make piece, bool elsewhere = false) {
    return std::make_shared<ScriptedSource>(pieces, std::move(piece), elsewhere, works);
  };
  if (target == "/stream-later" || target == "/endless-later") return make({});
  if (target == "/stream-empty") return make(among_empty_ones);
  if (target == "/stream-fail") return make(half);
  if (target == "/stream-throw") return make(half_then_throw);
  if (target == "/endless") return make(big(0));
  if (target == "/work-empty") return make(among_empty_ones);
  if (target.starts_with("/stream/") || target.starts_with("/work/"))
    return make(numbered(number_in(target)));
  if (target.starts_with("/stream-worker/")) return make(numbered(number_in(target)), true);
  if (target.starts_with("/stream-big/")) return make(big(number_in(target)));
  return nullptr;
}

AskedPieces::~AskedPieces() {
  for (const TakePiece& take : asked_) take({{}, Then::end});
}

TakePiece AskedPieces::take_asked() {
  std::unique_lock lock{mutex_};
  const bool asked =
      changed_.wait_for(lock, std::chrono::seconds{20}, [this] { return !asked_.empty(); });
  if (!asked) throw std::runtime_error("no piece was asked for");
  TakePiece take = std::move(asked_.front());
  asked_.erase(asked_.begin());
  return take;
}

}  // namespace mentat_sync
