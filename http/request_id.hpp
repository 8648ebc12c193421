// Request ids: what ties an answer, its line in the access log and what else the log says of the
// request together. A client's or proxy's own (X-Request-Id) is kept when it is fit for a log.
//
// Thread-safety: RequestIds belongs to one loop; RequestScope to the thread that makes it.
// Shapes: ours are 8 hexadecimal digits, "-" and up to 6 of base 36; given ones 1 to
// bounds::request_id_chars of A-Z a-z 0-9 . _ - : / + = @.
#pragma once

#include "http/message.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace mentat_sync {

class RequestIds {
 public:
  /// Unlike those of other loops and processes, but for chance.
  RequestIds();

  std::string next();

 private:
  void begin_anew();

  std::string prefix_;
  std::uint64_t count_ = 0;
};

/// The request's own id when it has one only, and that is fit, else the next of `ids`.
std::string request_id_of(const RequestHeader& header, RequestIds& ids);

/// While it lives, current_request_id() is this request's on this thread.
class RequestScope {
 public:
  /// `id` must outlive it.
  explicit RequestScope(std::string_view id);
  ~RequestScope();
  RequestScope(const RequestScope&) = delete;
  RequestScope& operator=(const RequestScope&) = delete;

 private:
  const std::string_view before_;
};

/// Empty when this thread works on no request: for the log, which nobody hands a request to.
std::string_view current_request_id();

}  // namespace mentat_sync
