// BodySink: takes the body of a request while it arrives, instead of its being held whole: what
// would keep a loop for long when all of it is there takes little of each read.
//
// Thread-safety: none; it is called on the thread of its connection, which is also where the
// request is handled.
// Ownership and lifetime: made with the admission, it goes with the request to its handler, or ends
// with a body that does not come whole. Failures: what is wrong with the body is its handler's to
// answer, when all of it has come; until then the sink passes over the rest.
#pragma once

#include <cstdint>
#include <string_view>

namespace mentat_sync {

class BodySink {
 public:
  virtual ~BodySink() = default;

  /// The bytes that follow those taken before.
  virtual void take(std::string_view bytes) = 0;
  /// Of memory, for what it has taken and keeps: what is sent in few bytes may take many.
  virtual std::uint64_t held_bytes() const = 0;
};

}  // namespace mentat_sync
