// A weight is drawn with the low bits, the place in its range with the high ones.
#include "cli/load/chunk_sizes.hpp"

#include "cli/units.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace mentat_sync {
namespace {

constexpr std::uint64_t weight_max = 1'000'000;
constexpr std::uint64_t default_bytes = 100;

Status no_sizes(std::string_view part) {
  return {ErrorCode::invalid, "'" + std::string{part} +
                                  "' is no size (100, 4KiB), no range (1KiB-64KiB) and neither "
                                  "with a weight from 1 to 1000000 (100:90)"};
}

/// A size, with its unit as short as it can be without loss.
std::string exact_size(std::uint64_t bytes) {
  constexpr std::uint64_t step = 1024;
  for (const auto& [unit, name] : {std::pair{step * step, "MiB"}, std::pair{step, "KiB"}}) {
    if (bytes >= unit && bytes % unit == 0) return std::to_string(bytes / unit) + name;
  }
  return std::to_string(bytes);
}

}  // namespace

ChunkSizes::ChunkSizes() : ranges_{{default_bytes, default_bytes, 1}} {}

Result<ChunkSizes> ChunkSizes::parse(std::string_view text) {
  ChunkSizes sizes;
  sizes.ranges_.clear();
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    const auto part = text.substr(begin, end - begin);
    begin = end + 1;
    const auto colon = part.find(':');
    const auto range = part.substr(0, colon);
    const auto dash = range.find('-');
    const auto from = parse_size(range.substr(0, dash));
    const auto to = dash == range.npos ? from : parse_size(range.substr(dash + 1));
    const auto weight =
        colon == part.npos ? std::optional<std::uint64_t>{1} : parse_count(part.substr(colon + 1));
    const bool fits = from && to && weight && *from <= *to && *weight >= 1 && *weight <= weight_max;
    if (!fits) return no_sizes(part);
    sizes.ranges_.push_back({*from, *to, *weight});
  }
  return sizes;
}

std::uint64_t ChunkSizes::draw(std::uint64_t random) const {
  std::uint64_t total = 0;
  for (const auto& range : ranges_) total += range.weight;
  std::uint64_t place = (random & 0xFFFF'FFFFU) % total;
  const auto* chosen = &ranges_.front();
  for (const auto& range : ranges_) {
    chosen = &range;
    if (place < range.weight) break;
    place -= range.weight;
  }
  if (chosen->from_bytes == chosen->to_bytes) return chosen->from_bytes;
  // Of the logarithms, moved by one so that a range can begin with 0.
  const double low = std::log(static_cast<double>(chosen->from_bytes) + 1);
  const double high = std::log(static_cast<double>(chosen->to_bytes) + 2);
  const double within = static_cast<double>(random >> 32U) / 4294967296.0;
  const auto bytes = static_cast<std::uint64_t>(std::exp(low + (high - low) * within) - 1);
  return std::clamp(bytes, chosen->from_bytes, chosen->to_bytes);
}

std::uint64_t ChunkSizes::largest() const {
  const auto less = [](const Range& a, const Range& b) { return a.to_bytes < b.to_bytes; };
  return std::max_element(ranges_.begin(), ranges_.end(), less)->to_bytes;
}

std::string ChunkSizes::to_string() const {
  std::string text;
  for (const auto& range : ranges_) {
    if (!text.empty()) text += ',';
    text += exact_size(range.from_bytes);
    if (range.to_bytes != range.from_bytes) text += "-" + exact_size(range.to_bytes);
    if (range.weight != 1) text += ":" + std::to_string(range.weight);
  }
  return text;
}

}  // namespace mentat_sync
