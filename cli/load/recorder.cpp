// Nothing here looks at a clock: answers carry their times.
#include "cli/load/recorder.hpp"

#include <algorithm>
#include <utility>

namespace mentat_sync {

void Recorder::begin(Clock::time_point now) {
  measuring_ = true;
  began_ = now;
  second_ends_ = now + std::chrono::seconds{1};
  result_.seconds.resize(1);
}

void Recorder::end(Clock::time_point now) {
  if (!measuring_) return;
  measuring_ = false;
  result_.elapsed = now - began_;
  report();
}

LoadSecond& Recorder::second_of(Clock::time_point now) {
  while (now >= second_ends_) {
    if (first_) {
      const auto& latencies = result_.seconds.back().latencies;
      progress_.p50_ns = latencies.at(0.5).count();
      progress_.p99_ns = latencies.at(0.99).count();
    }
    result_.seconds.emplace_back();
    second_ends_ += std::chrono::seconds{1};
  }
  return result_.seconds.back();
}

void Recorder::answered(LoadOperation operation, const Answer& answer, Clock::time_point began) {
  if (!measuring_) return;
  auto& of_operation = result_.of(operation);
  const auto latency = answer.ended - began;
  of_operation.latencies.record(latency);
  of_operation.bytes_sent += answer.bytes_sent;
  of_operation.bytes_received += answer.bytes_received;
  auto& second = second_of(answer.ended);
  ++second.requests;
  second.latencies.record(latency);
  ++requests_;
}

void Recorder::failed(std::string_view kind) {
  if (!measuring_) return;
  ++result_.errors[std::string{kind}];
  ++second_of(Clock::now()).errors;
  ++errors_;
}

void Recorder::took(LoadOperation operation, Clock::duration time) {
  if (measuring_) result_.of(operation).latencies.record(time);
}

void Recorder::violation(std::string sentence) {
  ++result_.violations_count;
  if (result_.violations.size() < LoadResult::violations_listed) {
    result_.violations.push_back(std::move(sentence));
  }
}

void Recorder::report() {
  progress_.requests += requests_ - std::exchange(requests_reported_, requests_);
  progress_.errors += errors_ - std::exchange(errors_reported_, errors_);
  progress_.conflicts += result_.conflicts - std::exchange(conflicts_reported_, result_.conflicts);
}

}  // namespace mentat_sync
