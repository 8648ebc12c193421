// Scenario and ScenarioMix: what devices of a load test do, and how many of them do what.
//
// Thread-safety: values. Failures: a Status that says what is wrong with the text.
#pragma once

#include "storage/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mentat_sync {

enum class Scenario : std::uint8_t {
  /// What a real device does: asks where HEAD is, pulls what is new, uploads chunks and a
  /// transaction, moves HEAD; follows and tries again when another device was faster.
  sync,
  /// A first sync in tolstoy's shape: a hundred small PUTs, one by one, then HEAD; a user that has
  /// a
  /// log already is deleted before, so that it is a first sync again.
  bootstrap,
  /// HEAD, transactions, chunks and pages that are there.
  read,
  /// Chunks, a transaction and HEAD, without reading; the device is alone with its user.
  write,
  /// Devices of one user fight for HEAD.
  race,
  /// Idle long polls and event streams, with a few changes.
  watch,
  /// Pushes and pulls in one request each.
  log,
};

inline constexpr std::size_t scenario_count = 7;

/// "sync".
std::string_view name_of(Scenario scenario);

class ScenarioMix {
 public:
  /// All sync.
  ScenarioMix();
  /// "sync", or "sync=70,read=30": weights from 1 to 1,000,000.
  static Result<ScenarioMix> parse(std::string_view text);

  std::uint32_t weight(Scenario scenario) const {
    return weights_[static_cast<std::size_t>(scenario)];
  }
  /// How many of `connections` each scenario has: in proportion, and at least one of each that has
  /// a weight as long as there are enough.
  std::array<std::size_t, scenario_count> divide(std::size_t connections) const;
  std::string to_string() const;

 private:
  std::array<std::uint32_t, scenario_count> weights_{};
};

}  // namespace mentat_sync
