// What a fuzz target is: a function of bytes, as libFuzzer has it. It ends the process when what
// must hold does not.
//
// Each target is built twice: with libFuzzer (the preset "fuzz", clang), and with replay.cpp, by
// any compiler, as a test that plays its corpus and mutations of it.
// Source: libFuzzer's interface, LLVMFuzzerTestOneInput.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace mentat_sync {

inline std::string_view view_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Ends the process, so that the fuzzer keeps the input.
inline void must_hold(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

/// A view whose bytes cannot be read beyond their end without a sanitizer's notice.
class ExactCopy {
 public:
  explicit ExactCopy(std::string_view bytes) : bytes_(new char[bytes.size()]), size_(bytes.size()) {
    bytes.copy(bytes_, size_);
  }
  ~ExactCopy() { delete[] bytes_; }
  ExactCopy(const ExactCopy&) = delete;
  ExactCopy& operator=(const ExactCopy&) = delete;

  std::string_view view() const { return {bytes_, size_}; }

 private:
  char* bytes_;
  std::size_t size_;
};

}  // namespace mentat_sync
