// See request_counters.hpp.
#include "http/metrics/request_counters.hpp"

#include <string>
#include <string_view>

namespace mentat_sync {
namespace {

constexpr std::uint64_t us = 1'000;
constexpr std::uint64_t ms = 1'000 * us;
constexpr std::uint64_t s = 1'000 * ms;
constexpr double ns_of_second = 1e9;

constexpr unsigned no_answer = 0;
constexpr unsigned other_code = 999;

std::string code_name(unsigned code) {
  if (code == no_answer) return "none";
  return code == other_code ? "other" : std::to_string(code);
}

/// What no route leads to is behind the actions.
std::string_view name_of(std::size_t route) {
  return route < route_names.size() ? route_names[route] : "none";
}

}  // namespace

const RequestCounters::Durations::Bounds RequestCounters::duration_bounds{
    100 * us, 250 * us, 500 * us, 1 * ms,   2'500 * us, 5 * ms,     10 * ms, 25 * ms,
    50 * ms,  100 * ms, 250 * ms, 500 * ms, 1 * s,      2'500 * ms, 10 * s,  60 * s};

const std::array<unsigned, RequestCounters::codes_count> RequestCounters::codes{
    no_answer, 200, 201, 202, 204, 206, 207, 301, 302, 304, 308, 400,       401,
    403,       404, 405, 406, 408, 409, 410, 411, 412, 413, 414, 415,       416,
    417,       422, 428, 429, 431, 499, 500, 501, 503, 505, 507, other_code};

std::size_t RequestCounters::route_index(const ObservedRequest& observed) {
  return observed.action ? static_cast<std::size_t>(*observed.action) : routes_count - 1;
}

void RequestCounters::count(const ObservedRequest& observed) noexcept {
  const std::size_t route = route_index(observed);
  const auto code = std::ranges::lower_bound(codes, observed.status);
  const bool known = code != codes.end() && *code == observed.status;
  const std::size_t index =
      known ? static_cast<std::size_t>(code - codes.begin()) : codes_count - 1;
  durations_[route][index].observe(duration_bounds,
                                   static_cast<std::uint64_t>(observed.took.count()));
  Sizes& sizes = sizes_[route];
  sizes.request_bytes.fetch_add(observed.request_bytes, std::memory_order_relaxed);
  sizes.response_bytes.fetch_add(observed.response_bytes, std::memory_order_relaxed);
  if (observed.aborted) aborted_.fetch_add(1, std::memory_order_relaxed);
  if (!observed.problem.empty()) count_problem(observed.problem);
}

void RequestCounters::count_problem(std::string_view name) noexcept {
  const auto found = std::ranges::lower_bound(problem_names, name);
  if (found == problem_names.end() || *found != name) return;
  problems_[static_cast<std::size_t>(found - problem_names.begin())].fetch_add(
      1, std::memory_order_relaxed);
}

void RequestCounters::tell(Families& families) const {
  Family durations = families.histogram(
      "http_request_duration_seconds",
      "From the end of a request's header to its answer's last byte being handed to the socket.");
  for (std::size_t route = 0; route < routes_count; ++route) {
    for (std::size_t code = 0; code < codes_count; ++code) {
      const auto sample = durations_[route][code].sample(duration_bounds, ns_of_second);
      if (sample.count == 0) continue;
      const std::string name = code_name(codes[code]);
      durations.add(sample, {{"route", name_of(route)}, {"code", name}});
    }
  }
  tell_bytes(families);
  families
      .counter("http_requests_aborted_total",
               "Requests whose connection ended before the whole answer was handed over.")
      .add(as_number(aborted_.load(std::memory_order_relaxed)));
  tell_problems(families);
}

void RequestCounters::tell_bytes(Families& families) const {
  Family received = families.counter("http_request_body_bytes_total",
                                     "Bytes of the bodies of requests, as received.");
  for (std::size_t route = 0; route < routes_count; ++route) {
    received.add(as_number(sizes_[route].request_bytes.load(std::memory_order_relaxed)),
                 {{"route", name_of(route)}});
  }
  Family sent = families.counter("http_response_body_bytes_total",
                                 "Bytes of the bodies of answers, as sent.");
  for (std::size_t route = 0; route < routes_count; ++route) {
    sent.add(as_number(sizes_[route].response_bytes.load(std::memory_order_relaxed)),
             {{"route", name_of(route)}});
  }
}

/// Those too that never were, or the first one would be no increase.
void RequestCounters::tell_problems(Families& families) const {
  Family refusals =
      families.counter("http_problems_total", "Requests that were refused, by the problem's type.");
  for (std::size_t i = 0; i < problem_names.size(); ++i) {
    refusals.add(as_number(problems_[i].load(std::memory_order_relaxed)),
                 {{"type", problem_names[i]}});
  }
}

}  // namespace mentat_sync
