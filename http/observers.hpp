// Observers: tells several observers of requests, in their order.
//
// Thread-safety: as RequestObserver; add() before the server starts.
// Ownership and lifetime: those added must outlive it.
// Failures: none.
#pragma once

#include "http/request_observer.hpp"

#include <algorithm>
#include <vector>

namespace mentat_sync {

class Observers final : public RequestObserver {
 public:
  void add(RequestObserver& observer) { observers_.push_back(&observer); }

  bool needs_text() const override {
    return std::ranges::any_of(observers_, &RequestObserver::needs_text);
  }
  void on_request(const ObservedRequest& observed) noexcept override {
    for (RequestObserver* observer : observers_) observer->on_request(observed);
  }

 private:
  std::vector<RequestObserver*> observers_;
};

}  // namespace mentat_sync
