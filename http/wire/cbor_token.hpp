// One token of CBOR out of bytes: a number, a whole string, or the beginning of a list, map or tag.
//
// Thread-safety: a pure function. Ownership: a token's text lies in the bytes it was read from.
// Source: RFC 8949.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mentat_sync {

struct CborToken {
  enum class Kind {
    number,
    boolean,
    bytes,
    text,
    list,   // `number` values follow
    map,    // `number` pairs of a key and a value follow
    tag,    // one value follows
    other,  // negative, floating point, null, undefined
    indefinite,
  };

  Kind kind = Kind::other;
  /// The number, 0 or 1 of a boolean, or how many follow.
  std::uint64_t number = 0;
  std::string_view text;
};

struct CborTokenRead {
  enum class Outcome { whole, needs_more, malformed };

  Outcome outcome = Outcome::malformed;
  /// When whole: how many bytes it has. When more are needed: how many it needs at least, which is
  /// more than there were.
  std::uint64_t bytes = 0;
  CborToken token;
};

/// The token at the beginning of `input`.
CborTokenRead read_token(std::string_view input);

}  // namespace mentat_sync
