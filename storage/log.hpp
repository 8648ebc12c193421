// Log: where this library's few messages go. The program hands in a sink; an embedder hands in its
// own, or none. No logging library is imposed.
//
// Thread-safety: the sink is called from any thread and must allow that. It must not throw.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

enum class LogLevel { debug, info, warning, error };

/// One named value of a structured message.
struct LogField {
  std::string_view name;
  std::string value;
};

/// `event` is a short constant phrase ("listening", "store grew"); what varies stands in `fields`.
using Log = std::function<void(LogLevel level, std::string_view event,
                               const std::vector<LogField>& fields)>;

}  // namespace mentat_sync
