// Takes ids out of answers' JSON without building anything: a load test reads a hundred thousand of
// them a second, and compares each id with what it knows.
//
// It finds a key by its quotes and reads what follows; it is no validator.
//
// Thread-safety: pure. Failures: nothing is returned for what has another shape.
#pragma once

#include "storage/ids.hpp"

#include <optional>
#include <string_view>

namespace mentat_sync {

/// Of {"head": "…"} the uuid.
std::optional<Uuid> uuid_at(std::string_view json, std::string_view quoted_key);

/// Of {"transactions": ["…", "…"]} the strings, one after the other.
class JsonStrings {
 public:
  JsonStrings(std::string_view json, std::string_view quoted_key);
  /// Nothing at the end of the list.
  std::optional<std::string_view> next();
  /// There is no such list, or it is cut off.
  bool malformed() const { return malformed_; }

 private:
  std::string_view rest_;
  bool malformed_ = false;
  bool ended_ = false;
};

}  // namespace mentat_sync
