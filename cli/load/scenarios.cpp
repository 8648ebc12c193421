// Names, weights, and who is given the next connection.
#include "cli/load/scenarios.hpp"

#include "cli/units.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

namespace mentat_sync {
namespace {

constexpr std::uint64_t weight_max = 1'000'000;
constexpr std::array<std::string_view, scenario_count> names{"sync", "bootstrap", "read", "write",
                                                             "race", "watch",     "log"};

Status fault(std::string message) {
  return {ErrorCode::invalid, std::move(message)};
}

std::optional<std::size_t> scenario_named(std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

Status unknown_scenario(std::string_view name) {
  std::string known;
  for (const auto& one : names) known.append(known.empty() ? "" : ", ").append(one);
  return fault("'" + std::string{name} + "' is no scenario (" + known + ")");
}

/// Of "read=30" the 30; 1 when there is none.
std::optional<std::uint64_t> weight_in(std::string_view part) {
  const auto equals = part.find('=');
  if (equals == part.npos) return 1;
  const auto weight = parse_count(part.substr(equals + 1));
  return weight && *weight >= 1 && *weight <= weight_max ? weight : std::nullopt;
}

}  // namespace

std::string_view name_of(Scenario scenario) {
  return names[static_cast<std::size_t>(scenario)];
}

ScenarioMix::ScenarioMix() {
  weights_[static_cast<std::size_t>(Scenario::sync)] = 1;
}

Result<ScenarioMix> ScenarioMix::parse(std::string_view text) {
  ScenarioMix mix;
  mix.weights_ = {};
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    const auto part = text.substr(begin, end - begin);
    begin = end + 1;
    const auto name = part.substr(0, part.find('='));
    const auto scenario = scenario_named(name);
    if (!scenario) return unknown_scenario(name);
    const auto weight = weight_in(part);
    if (!weight) {
      return fault("'" + std::string{part} + "' has no weight from 1 to " +
                   std::to_string(weight_max));
    }
    if (mix.weights_[*scenario] != 0) return fault("'" + std::string{name} + "' is given twice");
    mix.weights_[*scenario] = static_cast<std::uint32_t>(*weight);
  }
  return mix;
}

std::array<std::size_t, scenario_count> ScenarioMix::divide(std::size_t connections) const {
  std::array<std::size_t, scenario_count> parts{};
  // One for each first, as long as there are enough; the heaviest scenarios first.
  std::array<std::size_t, scenario_count> order{};
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [this](std::size_t a, std::size_t b) { return weights_[a] > weights_[b]; });
  for (std::size_t given = 0; given < connections; ++given) {
    // Who has the fewest for its weight, and none before all others.
    std::optional<std::size_t> next;
    for (const auto i : order) {
      if (weights_[i] == 0) continue;
      if (!next || parts[i] * weights_[*next] < parts[*next] * weights_[i]) next = i;
    }
    ++parts[*next];
  }
  return parts;
}

std::string ScenarioMix::to_string() const {
  const auto used = std::count_if(weights_.begin(), weights_.end(), [](auto w) { return w > 0; });
  std::string text;
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    if (weights_[i] == 0) continue;
    if (!text.empty()) text += ',';
    text += names[i];
    if (used > 1) text.append("=").append(std::to_string(weights_[i]));
  }
  return text;
}

}  // namespace mentat_sync
