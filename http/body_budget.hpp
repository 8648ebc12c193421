// BodyBudget: bounds the bytes of bodies that all connections of a server hold together: one for
// those of requests, from the first byte that arrives to the answer, one for those of answers,
// until they are written.
//
// A request's body is counted as it arrives, not by what its header announces: nobody can reserve
// room that he does not use. Who fills the budget must not keep others from their small requests:
// what overdraws it is counted, but never refused.
//
// Thread-safety: BodyBudget, from any thread; a BodyShare belongs to one.
// Ownership and lifetime: a share gives back what it holds when it ends; its budget must outlive
// it.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace mentat_sync {

class BodyBudget {
 public:
  explicit BodyBudget(std::uint64_t max_bytes) : max_bytes_(max_bytes) {}
  BodyBudget(const BodyBudget&) = delete;
  BodyBudget& operator=(const BodyBudget&) = delete;

  /// False when there is no room; nothing is taken then.
  bool take(std::uint64_t bytes) {
    if (held_bytes_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= max_bytes_) return true;
    give_back(bytes);
    return false;
  }
  /// Whether there is room or not.
  void overdraw(std::uint64_t bytes) { held_bytes_.fetch_add(bytes, std::memory_order_relaxed); }
  void give_back(std::uint64_t bytes) { held_bytes_.fetch_sub(bytes, std::memory_order_relaxed); }

  std::uint64_t held_bytes() const { return held_bytes_.load(std::memory_order_relaxed); }

 private:
  const std::uint64_t max_bytes_;
  std::atomic<std::uint64_t> held_bytes_{0};
};

/// What one body holds of a budget.
class BodyShare {
 public:
  BodyShare() = default;
  explicit BodyShare(BodyBudget& budget) : budget_(&budget) {}
  BodyShare(BodyShare&& other) noexcept
      : budget_(other.budget_), bytes_(std::exchange(other.bytes_, 0)) {}
  BodyShare& operator=(BodyShare&& other) noexcept {
    std::swap(budget_, other.budget_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~BodyShare() { release(); }

  /// False when the budget has no room for that many bytes.
  bool grow_to(std::uint64_t bytes) {
    if (bytes <= bytes_) return true;
    if (!budget_->take(bytes - bytes_)) return false;
    bytes_ = bytes;
    return true;
  }
  void overdraw_to(std::uint64_t bytes) {
    if (bytes <= bytes_) return;
    budget_->overdraw(bytes - bytes_);
    bytes_ = bytes;
  }
  void shrink_to(std::uint64_t bytes) {
    if (bytes < bytes_) budget_->give_back(std::exchange(bytes_, bytes) - bytes);
  }
  void release() {
    if (bytes_ > 0) budget_->give_back(std::exchange(bytes_, 0));
  }

 private:
  BodyBudget* budget_ = nullptr;
  std::uint64_t bytes_ = 0;
};

}  // namespace mentat_sync
