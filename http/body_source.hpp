// BodySource: a body that is made while it is sent, a piece at a time, and only as fast as the peer
// takes it.
//
// Thread-safety: next() is called on the thread of its connection's loop, never before the piece
// before has been taken; `take` may be called from any thread.
// Ownership and lifetime: the connection holds it until the body or the connection ends; what is
// still to call `take` then holds whatever it needs itself.
// Failures: a piece that says so; the answer is then cut off, which the peer can tell.
#pragma once

#include "storage/once.hpp"

#include <cstddef>
#include <string>

namespace mentat_sync {

struct BodyPiece {
  enum class Then {
    /// There is more to ask for.
    more,
    /// The body is complete.
    end,
    /// The body cannot be completed. The bytes do not count.
    failed,
  };
  /// May be empty.
  std::string bytes;
  Then then = Then::more;
};

using TakePiece = Once<BodyPiece, 48>;

class BodySource {
 public:
  virtual ~BodySource() = default;

  /// Hands the next piece to `take`, before it returns or later. Within the time that a handler may
  /// take; a source that has nothing to say by then says something empty of meaning.
  virtual void next(TakePiece take) = 0;

  /// The most that it holds and hands over at a time, from its answer to the body's end: it counts
  /// as the bytes of that answer.
  virtual std::size_t held_bytes() const { return 0; }

  /// Whether next() is work, of about a millisecond, done before it returns: then its loop lets one
  /// source at a time work, and does everything else in between. Others only wait.
  virtual bool works() const { return false; }
};

}  // namespace mentat_sync
