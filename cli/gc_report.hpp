// What a collection took, or would take, of each user and in all; as lines or as JSON.
//
// Thread-safety: one thread. Ownership: the stream must outlive it.
#pragma once

#include "storage/inspection.hpp"

#include <iosfwd>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mentat_sync {

class GcReport {
 public:
  /// `only`: of no other user anything was looked at.
  GcReport(std::ostream& out, std::optional<UserId> only, bool dry_run, bool json)
      : out_(out), only_(only), dry_run_(dry_run), json_(json) {}

  /// Users of whom nothing is taken are left out.
  void add(UserId user, const GarbageEstimate& taken);
  /// Writes it all.
  void end();

 private:
  void print_lines() const;
  void print_json() const;
  std::string whose() const;

  std::ostream& out_;
  const std::optional<UserId> only_;
  const bool dry_run_;
  const bool json_;
  std::vector<std::pair<UserId, GarbageEstimate>> users_;
  GarbageEstimate total_;
};

}  // namespace mentat_sync
