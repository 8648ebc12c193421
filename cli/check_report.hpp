// How the result of a check is told, by `check` and by the commands that check what they write.
//
// Thread-safety: the main thread.
#pragma once

#include "cli/progress.hpp"
#include "storage/check.hpp"

#include <iosfwd>
#include <optional>
#include <string>

namespace mentat_sync {

/// A line for each finding, then one that sums up.
void print_check(std::ostream& out, const CheckReport& report);
/// One JSON object.
std::string check_json(const CheckReport& report);

/// success or damaged; see exit_codes.hpp.
int exit_code_of(const CheckReport& report);

/// A bar for each stage, on standard error. Signals that are held go through between snapshots:
/// whoever is ended then leaves none behind.
class CheckBar {
 public:
  explicit CheckBar(bool enabled) : enabled_(enabled) {}

  void operator()(CheckStage stage, std::uint64_t done, std::uint64_t total);

 private:
  const bool enabled_;
  std::optional<CheckStage> stage_;
  std::optional<Progress> bar_;
  std::uint64_t done_ = 0;
};

}  // namespace mentat_sync
