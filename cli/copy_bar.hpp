// CopyBar: shows how much of a copy is there, and stops it when a signal waits.
//
// Thread-safety: the main thread, which holds the signals (see held_signals.hpp).
#pragma once

#include "cli/held_signals.hpp"
#include "cli/progress.hpp"

#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <utility>

namespace mentat_sync {

class CopyBar {
 public:
  CopyBar(std::string label, bool enabled) : label_(std::move(label)), enabled_(enabled) {}

  bool operator()(std::uint64_t done, std::uint64_t total) {
    if (!bar_) bar_.emplace(std::cerr, label_, total, enabled_);
    bar_->advance(done - std::exchange(done_, done));
    return !HeldSignals::waiting();
  }

 private:
  const std::string label_;
  const bool enabled_;
  std::optional<Progress> bar_;
  std::uint64_t done_ = 0;
};

}  // namespace mentat_sync
