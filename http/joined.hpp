// Joining text: what is put together of many short parts is measured first, and then copied into
// its place, where a call of append() for each would cost more than the copying.
//
// Thread-safety: pure functions.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mentat_sync {

/// A number in decimal digits.
class Digits {
 public:
  explicit Digits(std::uint64_t number)
      : end_(std::to_chars(digits_.data(), digits_.data() + digits_.size(), number).ptr) {}
  Digits(const Digits&) = delete;
  Digits& operator=(const Digits&) = delete;

  std::string_view text() const { return {digits_.data(), end_}; }

 private:
  std::array<char, 20> digits_;
  const char* end_;
};

// What can be a part.
inline std::string_view part_of(std::string_view text) {
  return text;
}
template <std::size_t size>
constexpr std::string_view part_of(const char (&literal)[size]) {
  return {literal, size - 1};
}
template <std::size_t size>
std::string_view part_of(const std::array<char, size>& text) {
  return {text.data(), size};
}
inline std::string_view part_of(const Digits& digits) {
  return digits.text();
}

template <class... Parts>
std::size_t size_of(const Parts&... parts) {
  return (part_of(parts).size() + ...);
}
/// Where there is room for them.
template <class... Parts>
void write_parts(char* to, const Parts&... parts) {
  ((to = std::copy_n(part_of(parts).data(), part_of(parts).size(), to)), ...);
}

/// Appends the parts to `out`, which none of them may refer to.
template <class... Parts>
void append(std::string& out, const Parts&... parts) {
  const std::size_t before = out.size();
  out.resize(before + size_of(parts...));
  write_parts(out.data() + before, parts...);
}

template <class... Parts>
std::string joined(const Parts&... parts) {
  std::string text(size_of(parts...), '\0');
  write_parts(text.data(), parts...);
  return text;
}

}  // namespace mentat_sync
