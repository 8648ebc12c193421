// A result made by hand, for the tests of how it is told.
//
// Thread-safety: pure functions.
#pragma once

#include "cli/load/load_options.hpp"
#include "cli/load/load_result.hpp"

namespace mentat_sync {

/// Against http://127.0.0.1:5013, with what people could write into a mix's place.
inline LoadOptions sample_options() {
  LoadOptions options;
  options.against = ServerUrl::parse("http://127.0.0.1:5013").value();
  options.duration = std::chrono::seconds{3};
  return options;
}

/// Three seconds: 100 GETs of 1 ms and 10 PUTs of 20 ms, 5 errors of two kinds.
inline LoadResult sample_result() {
  using std::chrono::milliseconds;
  LoadResult result;
  result.elapsed = milliseconds{3'000};
  result.seconds.resize(3);
  const auto record = [&result](LoadOperation operation, int count, milliseconds latency) {
    for (int i = 0; i < count; ++i) {
      result.of(operation).latencies.record(latency);
      auto& second = result.seconds[static_cast<std::size_t>(i) % result.seconds.size()];
      second.latencies.record(latency);
      ++second.requests;
    }
  };
  record(LoadOperation::get_head, 100, milliseconds{1});
  record(LoadOperation::put_head, 10, milliseconds{20});
  result.of(LoadOperation::put_head).bytes_sent = 1'000;
  for (int i = 0; i < 50; ++i) {
    result.of(LoadOperation::iteration).latencies.record(milliseconds{25});
  }
  result.errors = {{"503", 2}, {"timeout", 3}};
  result.seconds[1].errors = 5;
  result.conflicts = 7;
  result.connections_opened = 64;
  result.own_cpu = milliseconds{600};
  result.users_verified = 100;
  result.transactions_verified = 1'234;
  return result;
}

}  // namespace mentat_sync
