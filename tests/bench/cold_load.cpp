// A thread for those who read, one for those who write, one for the cold client.
#include "bench/cold_load.hpp"

#include "bench/lean_client.hpp"
#include "support/sync_client.hpp"

#include <algorithm>
#include <deque>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>

namespace mentat_sync {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds read_pace{1};
/// Seldom enough that one commit has ended before the next PUT, on a slow disk too.
constexpr std::chrono::milliseconds write_pace{10};

/// ask(number) at each beat, and what each took. What comes late because those before it were slow
/// has waited since its beat; that this thread was woken late is not the server's doing. What there
/// was no time for until `end` is not asked, and has waited until then.
template <class Ask>
void ask_at_pace(Clock::duration pace, Clock::time_point end, Ask ask) {
  auto due = Clock::now();
  for (std::size_t number = 0; due < end; ++number, due += pace) {
    const bool late = Clock::now() > due;
    if (!late) std::this_thread::sleep_until(due);
    const auto begun = late ? due : Clock::now();
    Latencies& latencies = ask(number, Clock::now() < end);
    latencies.add(Clock::now() - begun);
  }
}

class HotClients {
 public:
  HotClients(std::uint16_t port, std::size_t first_user, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      clients_.emplace_back(port, numbered_user(first_user + i).to_string());
    }
  }

  LeanClient& of(std::size_t number) { return clients_[number % clients_.size()]; }
  std::size_t size() const { return clients_.size(); }

 private:
  std::deque<LeanClient> clients_;
};

void put_new_chunk(LeanClient& client) {
  static const std::string bytes(hot_chunk_bytes, 'x');
  client.put("/chunks/" + new_uuid(), bytes, 201);
}

void read_hot(HotClients& clients, Clock::time_point end, HotLatencies& latencies) {
  const std::string chunk = "/chunks/" + numbered_chunk(0).to_string();
  ask_at_pace(read_pace, end, [&](std::size_t number, bool in_time) -> Latencies& {
    const bool head = number % 2 == 0;
    if (in_time) clients.of(number / 2).get(head ? "/head" : chunk);
    return head ? latencies.head : latencies.chunk;
  });
}

void write_hot(HotClients& clients, Clock::time_point end, HotLatencies& latencies) {
  ask_at_pace(write_pace, end, [&](std::size_t number, bool in_time) -> Latencies& {
    if (in_time) put_new_chunk(clients.of(number));
    return latencies.put;
  });
}

/// Once each, so that what was idle is awake, and what was evicted is in memory again.
void warm_up(HotClients& readers, HotClients& writers) {
  const std::string chunk = "/chunks/" + numbered_chunk(0).to_string();
  for (std::size_t i = 0; i < readers.size(); ++i) {
    readers.of(i).get("/head");
    readers.of(i).get(chunk);
  }
  for (std::size_t i = 0; i < writers.size(); ++i) put_new_chunk(writers.of(i));
}

}  // namespace

void HotLatencies::end_round() {
  head.end_round();
  chunk.end_round();
  put.end_round();
}

void ask_hot(std::uint16_t port, std::size_t first_user, std::chrono::duration<double> time,
             HotLatencies& latencies) {
  HotClients readers{port, first_user, hot_readers};
  HotClients writers{port, first_user + hot_readers, hot_writers};
  warm_up(readers, writers);
  const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(time);
  auto writing = std::async(std::launch::async, [&] { write_hot(writers, end, latencies); });
  read_hot(readers, end, latencies);
  writing.get();
  latencies.end_round();
}

ColdReader::ColdReader(std::uint16_t port, const StoreFilling& filling, unsigned seed)
    : chunks_(std::async(std::launch::async,
                         [this, port, filling, seed] { return read(port, filling, seed); })) {}

ColdReader::~ColdReader() {
  stopped_ = true;
}

std::uint64_t ColdReader::stop() {
  stopped_ = true;
  return chunks_.get();
}

std::uint64_t ColdReader::read(std::uint16_t port, const StoreFilling& filling,
                               unsigned seed) const {
  LeanClient client{port, {}};
  std::mt19937_64 random{seed};
  std::uniform_int_distribution<std::size_t> any{0, filling.chunks - 1};
  std::uint64_t count = 0;
  while (!stopped_) {
    const std::size_t number = any(random);
    client.speak_for(numbered_user(number % filling.users).to_string());
    const auto body = client.get("/chunks/" + numbered_chunk(number).to_string());
    if (body.size() != filling.chunk_bytes) throw std::runtime_error{"not the chunk asked for"};
    ++count;
  }
  return count;
}

}  // namespace mentat_sync
