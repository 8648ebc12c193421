// Once: a function of one argument that is called exactly once, and moved, never copied, until
// then: the handler of an outcome, of a read, of an answer. In the place of std::function because
// each request makes several: what a small one captures is kept within it.
//
// Thread-safety: as what it calls; it has one owner at a time.
// Failures: std::bad_alloc for a function that has no room within it.
#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace mentat_sync {

/// `room_bytes`: the largest function that is kept within it.
template <class Argument, std::size_t room_bytes>
class Once {
 public:
  Once() = default;
  Once(std::nullptr_t) {}
  template <class Function>
  requires(!std::same_as<std::remove_cvref_t<Function>, Once> &&
           std::invocable<std::remove_cvref_t<Function>&, Argument>) Once(Function&& function) {
    using Held = std::remove_cvref_t<Function>;
    if constexpr (has_room_for<Held>) {
      hold<Held>(std::forward<Function>(function));
    } else {
      hold<Boxed<Held>>(std::make_unique<Held>(std::forward<Function>(function)));
    }
  }
  Once(Once&& other) noexcept { take(other); }
  Once& operator=(Once&& other) noexcept {
    if (this == &other) return *this;
    clear();
    take(other);
    return *this;
  }
  ~Once() { clear(); }

  explicit operator bool() const { return ways_ != nullptr; }
  /// Only when it holds a function.
  void operator()(Argument argument) const { ways_->call(room_, std::move(argument)); }

 private:
  /// How to treat what is held.
  struct Ways {
    void (*call)(void* held, Argument&& argument);
    void (*move)(void* held, void* to) noexcept;
    void (*destroy)(void* held) noexcept;
  };

  template <class Function>
  struct Boxed {
    std::unique_ptr<Function> function;
    explicit Boxed(std::unique_ptr<Function> boxed) : function(std::move(boxed)) {}
    void operator()(Argument&& argument) { (*function)(std::move(argument)); }
  };

  template <class Held>
  static constexpr bool has_room_for =
      sizeof(Held) <= room_bytes &&
      alignof(Held) <= alignof(void*) && std::is_nothrow_move_constructible_v<Held>;

  template <class Held>
  static constexpr Ways ways_of{
      [](void* held, Argument&& argument) { (*static_cast<Held*>(held))(std::move(argument)); },
      [](void* held, void* to) noexcept {
        new (to) Held(std::move(*static_cast<Held*>(held)));
        static_cast<Held*>(held)->~Held();
      },
      [](void* held) noexcept { static_cast<Held*>(held)->~Held(); }};

  template <class Held, class From>
  void hold(From&& from) {
    static_assert(has_room_for<Held>);
    new (room_) Held(std::forward<From>(from));
    ways_ = &ways_of<Held>;
  }
  /// Only while it holds nothing.
  void take(Once& other) noexcept {
    if (other.ways_ != nullptr) other.ways_->move(other.room_, room_);
    ways_ = std::exchange(other.ways_, nullptr);
  }
  void clear() noexcept {
    if (ways_ != nullptr) std::exchange(ways_, nullptr)->destroy(room_);
  }

  const Ways* ways_ = nullptr;
  /// A call may change what it calls, as with std::function.
  alignas(void*) mutable std::byte room_[room_bytes];
};

}  // namespace mentat_sync
