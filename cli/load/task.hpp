// Task: a coroutine that is awaited by one other, or started and looked at from outside.
//
// It begins when it is awaited or started, and goes on on the thread of whoever resumes it. Frames
// are kept for the next coroutine of their size, so that none is allocated for an iteration.
//
// Thread-safety: one thread for each task, and its frame is freed there. Ownership: the task owns
// its frame; destroying one that waits destroys what it waits for as well.
// Failures: what a coroutine throws leaves the co_await of who awaits it.
// Beware: g++ 12 destroys temporaries in the operand of co_await twice or not at all when they are
// aggregates: give named values.
#pragma once

#include <array>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <new>
#include <optional>
#include <utility>

namespace mentat_sync {

/// The frames that this thread will use again.
class FrameStore {
 public:
  ~FrameStore() {
    for (auto* frame : free_) {
      while (frame) ::operator delete(std::exchange(frame, frame->next));
    }
  }

  void* take(std::size_t bytes) {
    const std::size_t kind = kind_of(bytes);
    if (kind >= kinds) return ::operator new(bytes);
    if (auto* frame = free_[kind]) {
      free_[kind] = frame->next;
      return frame;
    }
    return ::operator new((kind + 1) * step);
  }
  void give_back(void* memory, std::size_t bytes) {
    const std::size_t kind = kind_of(bytes);
    if (kind >= kinds) return ::operator delete(memory);
    free_[kind] = new (memory) Free{free_[kind]};
  }

  static FrameStore& of_thread() {
    thread_local FrameStore store;
    return store;
  }

 private:
  struct Free {
    Free* next;
  };
  static constexpr std::size_t step = 128;
  static constexpr std::size_t kinds = 32;

  static std::size_t kind_of(std::size_t bytes) { return (bytes - 1) / step; }

  std::array<Free*, kinds> free_{};
};

/// What all promises share.
class TaskPromiseBase {
 public:
  static void* operator new(std::size_t bytes) { return FrameStore::of_thread().take(bytes); }
  static void operator delete(void* frame, std::size_t bytes) {
    FrameStore::of_thread().give_back(frame, bytes);
  }

  struct Final {
    bool await_ready() noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> ended) noexcept {
      const auto awaiting = ended.promise().awaiting_;
      return awaiting ? awaiting : std::noop_coroutine();
    }
    void await_resume() noexcept {}
  };

  std::suspend_always initial_suspend() noexcept { return {}; }
  Final final_suspend() noexcept { return {}; }
  void unhandled_exception() { failure_ = std::current_exception(); }

  std::coroutine_handle<> awaiting_;
  std::exception_ptr failure_;
};

template <class T>
class TaskPromise : public TaskPromiseBase {
 public:
  void return_value(T value) { value_ = std::move(value); }
  T take() { return std::move(*value_); }

 private:
  std::optional<T> value_;
};

template <>
class TaskPromise<void> : public TaskPromiseBase {
 public:
  void return_void() {}
  void take() {}
};

template <class T = void>
class [[nodiscard]] Task {
 public:
  struct promise_type : TaskPromise<T> {
    Task get_return_object() {
      return Task{std::coroutine_handle<promise_type>::from_promise(*this)};
    }
  };

  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (frame_) frame_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
    frame_.promise().awaiting_ = awaiting;
    return frame_;
  }
  T await_resume() {
    if (frame_.promise().failure_) std::rethrow_exception(frame_.promise().failure_);
    return frame_.promise().take();
  }

  /// Of one that nobody awaits.
  void start() { frame_.resume(); }
  bool done() const { return frame_.done(); }
  /// Of one that is done: throws what it has thrown.
  void rethrow() const {
    if (frame_.promise().failure_) std::rethrow_exception(frame_.promise().failure_);
  }

 private:
  explicit Task(std::coroutine_handle<promise_type> frame) : frame_(frame) {}

  std::coroutine_handle<promise_type> frame_;
};

}  // namespace mentat_sync
