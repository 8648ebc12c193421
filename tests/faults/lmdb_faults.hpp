// Faults: makes one call fail of all those that a program makes to LMDB, or that LMDB makes to the
// system.
//
// The calls to LMDB are replaced at link time (--wrap), those to the system by functions of their
// names in the program, which the shared library then calls. Where a call comes from is told by a
// hash of the stack, so that each way that leads to a call can be tried once, however often it is
// gone. It is stable within one process, for threads that begin alike.
//
// Thread-safety: every function may be called from any thread; one fault at a time.
// Failures: none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync::faults {

/// Not an error number: of a write, half of it goes through.
inline constexpr int short_write = 1 << 20;

/// Whether mmap can be replaced: ThreadSanitizer needs it before it can watch over a replacement.
#ifdef __SANITIZE_THREAD__
inline constexpr bool replaces_mmap = false;
#else
inline constexpr bool replaces_mmap = true;
#endif

/// A function that can fail, and how it may.
struct Function {
  std::string name;
  std::vector<int> codes;
  /// Of LMDB; else of the system.
  bool of_lmdb = true;
};
const std::vector<Function>& functions();

/// LMDB's functions that have no way to fail, or none that a store could feel, with the reason.
struct Harmless {
  std::string name;
  std::string why;
};
const std::vector<Harmless>& harmless_functions();

/// A way that leads to a function, and how often it was gone.
struct Site {
  std::uint64_t stack = 0;
  std::uint64_t calls = 0;
};

/// From now on calls of `function` are noted, and go through.
void record(std::string_view function);
/// Those noted, in the order of their first calls. Ends the noting.
std::vector<Site> recorded();

struct Fault {
  std::string function;
  /// Nothing: from wherever.
  std::optional<std::uint64_t> stack;
  /// The first, the second … of the calls from there.
  std::uint64_t nth = 1;
  int code = 0;
  /// Once it has come, every call of the function fails, wherever from.
  bool lasting = false;
};
void arm(Fault fault);
/// How often it has come. From now on all goes well.
std::uint64_t disarm();

/// For the replaced functions: with what this call fails, or 0.
int due(std::string_view function);

}  // namespace mentat_sync::faults
