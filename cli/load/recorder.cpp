// Nothing here looks at a clock: answers carry their times.
#include "cli/load/recorder.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

namespace mentat_sync {
namespace {

/// The sentence without what has a digit: ids and numbers.
std::string kind_of(const std::string& sentence) {
  std::istringstream words{sentence};
  std::string kind;
  for (std::string word; words >> word;) {
    if (word.find_first_of("0123456789") == word.npos) kind += word + ' ';
  }
  return kind;
}

}  // namespace

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

void Recorder::violation(const UserId& user, std::size_t place, const std::string& sentence) {
  const auto whose = user.to_string();
  const auto key = whose + ' ' + std::to_string(place) + ' ' + kind_of(sentence);
  auto& listed = result_.violations;
  const auto [known, is_new] = violations_.try_emplace(key, listed.size());
  if (!is_new) {
    if (known->second < listed.size()) ++listed[known->second].times;
    return;
  }
  ++result_.violations_count;
  if (listed.size() < LoadResult::violations_listed) {
    listed.push_back({"user " + whose + ": " + sentence});
  }
}

void Recorder::report() {
  progress_.requests += requests_ - std::exchange(requests_reported_, requests_);
  progress_.errors += errors_ - std::exchange(errors_reported_, errors_);
  progress_.conflicts += result_.conflicts - std::exchange(conflicts_reported_, result_.conflicts);
}

}  // namespace mentat_sync
