// What tests of races share: clients on threads of their own, and a line that they start from.
//
// Thread-safety: each StartLine belongs to one thread.
// Failures: an HttpError in a client fails the test, and the others go on.
#pragma once

#include "support/http_client.hpp"

#include <gtest/gtest.h>

#include <barrier>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace mentat_sync {

/// A client's part in a barrier; one that fails leaves it, so that the others need not wait.
class StartLine {
 public:
  explicit StartLine(std::barrier<>& barrier) : barrier_(barrier) {}
  ~StartLine() { barrier_.arrive_and_drop(); }
  StartLine(const StartLine&) = delete;
  StartLine& operator=(const StartLine&) = delete;

  void wait() { barrier_.arrive_and_wait(); }

 private:
  std::barrier<>& barrier_;
};

/// Runs `work(index)` on a thread for each of `clients` and waits for all.
inline void in_parallel(std::size_t clients, const std::function<void(std::size_t)>& work) {
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < clients; ++i) {
    threads.emplace_back([&work, i] {
      try {
        work(i);
      } catch (const HttpError& error) {
        ADD_FAILURE() << "client " << i << ": " << error.what();
      }
    });
  }
}

}  // namespace mentat_sync
