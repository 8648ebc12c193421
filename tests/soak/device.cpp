// What devices do: push, upload step by step, begin and go away, watch, read all, and delete.
#include "soak/device.hpp"

#include "support/cbor_log.hpp"
#include "support/event_watcher.hpp"

#include <chrono>
#include <stdexcept>

namespace mentat_sync {
namespace {

/// A longer log is deleted, so that the store's size has a bound.
constexpr std::size_t longest_log = 100;
constexpr std::size_t largest_chunk_bytes = 20'000;

void must(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error(what);
}

void must_be(unsigned expected, const HttpResponse& response, const char* what) {
  must(response.status == expected, std::string{what} + " was answered " +
                                        std::to_string(response.status) + ": " + response.body);
}

}  // namespace

SoakDevice::SoakDevice(std::uint16_t port, unsigned seed, std::size_t users)
    : port_(port), random_(seed) {
  for (std::size_t i = 0; i < users; ++i) logs_.emplace_back(port);
}

void SoakDevice::act() {
  Log& log = logs_[random_() % logs_.size()];
  ++acts_;
  if (log.ids.size() >= longest_log) return forget(log);
  switch (random_() % 10) {
    case 0:
      return abandon(log);
    case 1:
      return watch(log);
    case 2:
      return compare(log);
    case 3:
    case 4:
    case 5:
      return commit_by_steps(log);
    default:
      return push(log);
  }
}

void SoakDevice::push(Log& log) {
  CborLog pushed{log.head(), log.ids.size()};
  const unsigned count = 1 + random_() % 5;
  for (unsigned i = 0; i < count; ++i) {
    const std::string id = new_uuid();
    pushed.chunk("c-" + id, std::string(random_() % largest_chunk_bytes, 'x'));
    pushed.transaction(id, {"c-" + id});
    log.ids.push_back(id);
  }
  must_be(201, log.client.push(pushed.encode()), "a push");
  transactions_ += count;
}

void SoakDevice::commit_by_steps(Log& log) {
  log.ids.push_back(log.client.commit_transaction(log.head()));
  ++transactions_;
}

/// Garbage: a fork, and a chunk that nothing names.
void SoakDevice::abandon(Log& log) {
  log.client.add_transaction(log.head());
  must_be(201, log.client.put_chunk("left-" + new_uuid(), std::string(1000, 'y')), "a chunk");
}

void SoakDevice::watch(Log& log) {
  EventWatcher watcher{port_, log.client.user()};
  must(watcher.hears_of(log.head()), "an event stream does not tell where HEAD is");
  commit_by_steps(log);
  must(watcher.hears_of(log.head()), "an event stream does not tell that HEAD has moved");
}

void SoakDevice::compare(Log& log) {
  must(log.client.head() == log.head(), "HEAD is elsewhere");
  must(log.client.transactions() == log.ids, "the log is another one");
  const auto pulled = log.client.pull();
  must_be(200, pulled, "a pull");
  if (log.ids.empty()) return;
  const auto last = log.client.get_transaction(log.head()).json();
  must(last.at("seq") == log.ids.size(), "a sequence number is wrong");
  const auto chunk = last.at("chunks").at(0).get<std::string>();
  must_be(200, log.client.get_chunk(chunk), "a chunk of a committed transaction");
}

void SoakDevice::forget(Log& log) {
  compare(log);
  must_be(204, log.client.delete_user(), "a DELETE");
  log.ids.clear();
}

}  // namespace mentat_sync
