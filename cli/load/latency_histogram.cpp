// The bucket of a latency is its highest bits: which doubling it is in, and the six bits below.
#include "cli/load/latency_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace mentat_sync {
namespace {

// Below 2^10 ns one bucket for each 16 ns; from there on 64 for each doubling.
constexpr unsigned linear_bits = 10;
constexpr unsigned linear_shift = 4;
constexpr std::uint64_t per_doubling = 64;
constexpr unsigned per_doubling_bits = 6;

}  // namespace

std::size_t LatencyHistogram::bucket_of(Duration latency) {
  const auto ns = static_cast<std::uint64_t>(std::max<Duration::rep>(latency.count(), 0));
  if (ns >> linear_bits == 0) return ns >> linear_shift;
  const auto doubling = static_cast<unsigned>(std::bit_width(ns)) - 1;
  const auto within = (ns >> (doubling - per_doubling_bits)) - per_doubling;
  const auto bucket = per_doubling * (doubling - linear_bits + 1) + within;
  return std::min<std::size_t>(bucket, buckets - 1);
}

LatencyHistogram::Duration LatencyHistogram::upper_bound_of(std::size_t bucket) {
  if (bucket < per_doubling) return Duration{((bucket + 1) << linear_shift) - 1};
  const auto doubling = bucket / per_doubling + linear_bits - 1;
  const auto within = bucket % per_doubling + per_doubling;
  return Duration{((within + 1) << (doubling - per_doubling_bits)) - 1};
}

void LatencyHistogram::record(Duration latency) {
  latency = std::max(latency, Duration{0});
  const auto bucket = bucket_of(latency);
  if (bucket >= counts_.size()) counts_.resize(bucket + 1);
  ++counts_[bucket];
  ++count_;
  sum_ += latency;
  max_ = std::max(max_, latency);
}

void LatencyHistogram::merge(const LatencyHistogram& other) {
  if (counts_.size() < other.counts_.size()) counts_.resize(other.counts_.size());
  for (std::size_t i = 0; i < other.counts_.size(); ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  sum_ += other.sum_;
  max_ = std::max(max_, other.max_);
}

LatencyHistogram::Duration LatencyHistogram::mean() const {
  return count_ == 0 ? Duration{0} : sum_ / static_cast<Duration::rep>(count_);
}

LatencyHistogram::Duration LatencyHistogram::at(double quantile) const {
  const auto wanted = static_cast<std::uint64_t>(
      std::ceil(std::clamp(quantile, 0.0, 1.0) * static_cast<double>(count_)));
  std::uint64_t passed = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    passed += counts_[i];
    if (counts_[i] > 0 && passed >= wanted) return std::min(upper_bound_of(i), max_);
  }
  return max_;
}

}  // namespace mentat_sync
