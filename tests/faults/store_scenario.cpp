// What the scenario does, in the order in which it does it.
#include "store_scenario.hpp"

#include "invariants.hpp"
#include "log_items.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <utility>

namespace mentat_sync {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t user_bytes = 2 * bounds::MiB;

UserId user(std::uint8_t n) {
  Uuid uuid;
  uuid.bytes[0] = 0x75;
  uuid.bytes[15] = n;
  return {uuid};
}
const UserId writer = user(1);
const UserId pusher = user(2);
const UserId hoarder = user(3);
const UserId leaver = user(4);
const UserId crowd = user(5);

TransactionId transaction(std::uint8_t n) {
  Uuid uuid;
  uuid.bytes[0] = 0x74;
  uuid.bytes[15] = n;
  return {uuid};
}

ChunkId chunk(const std::string& text) {
  return ChunkId::parse(text).value();
}

LmdbStoreOptions options_of(const std::filesystem::path& directory) {
  LmdbStoreOptions options;
  options.directory = directory;
  options.initial_map_bytes = 256 * bounds::KiB;
  options.max_map_bytes = 64 * bounds::MiB;
  options.collection = {0ms, 0ms, 0ms};
  options.user_limits.bytes = user_bytes;
  options.on_commit = [](const CommitReport&) {};
  options.log = [](LogLevel, std::string_view, const std::vector<LogField>&) {};
  return options;
}

}  // namespace

StoreScenario::StoreScenario(std::filesystem::path directory) : directory_(std::move(directory)) {}

void StoreScenario::run() {
  if (!open()) return;
  upload();
  publish();
  push();
  upload_many();
  make_garbage_and_collect();
  delete_one();
  query();
  ledger_.expect_agreement(*store_);
  store_.reset();
  if (!open()) return;
  ledger_.expect_agreement(*store_);
  submit(PutChunk{writer, chunk("after-restart"), "bytes"});
  submit(Push{pusher, transaction(11), {}, {{transaction(12), {}}}});
  query();
  store_.reset();
}

void StoreScenario::expect_sound() {
  store_.reset();
  ASSERT_TRUE(open());
  ledger_.expect_kept(*store_);
  EXPECT_TRUE(store_->health().ok());
  EXPECT_TRUE(store_->statistics().ok());
  EXPECT_EQ(submit(PutChunk{user(99), chunk("new"), "x"}).verdict, Verdict::applied);
  store_.reset();
  EXPECT_THAT(broken_invariants(directory_), testing::IsEmpty());
}

bool StoreScenario::open() {
  for (int attempt = 0; attempt < 2; ++attempt) {
    auto opened = LmdbStore::open(options_of(directory_));
    if (!opened) continue;
    store_ = std::move(opened).value();
    return true;
  }
  return false;
}

Outcome StoreScenario::submit(Command command) {
  const Outcome outcome = mentat_sync::submit(*store_, command);
  ledger_.note(command, outcome);
  applied_ += outcome.verdict == Verdict::applied ? 1 : 0;
  return outcome;
}

/// Small ones, one with a tail, an empty one, one that makes the map grow, one beyond the quota.
void StoreScenario::upload() {
  submit(PutChunk{writer, chunk("a"), "some bytes"});
  submit(PutChunk{writer, chunk("b"), std::string(4096, 'b')});
  submit(PutChunk{writer, chunk("empty"), ""});
  submit(PutChunk{writer, chunk("large"), std::string(600 * bounds::KiB, 'l')});
  submit(PutChunk{writer, chunk("too-large"), std::string(user_bytes, 'q')});
  submit(PutChunk{writer, chunk("a"), "some bytes"});
  submit(FindMissing{writer, {chunk("a"), chunk("large"), chunk("nowhere")}});
}

void StoreScenario::publish() {
  submit(PutTransaction{writer, transaction(1), {}, {chunk("a"), chunk("b")}});
  submit(PutTransaction{writer, transaction(2), transaction(1), {chunk("large"), chunk("a")}});
  submit(PutTransaction{writer, transaction(3), transaction(1), {chunk("b")}});
  submit(AdvanceHead{writer, transaction(2), {}});
  submit(PutTransaction{writer, transaction(4), transaction(2), {chunk("empty")}});
  submit(AdvanceHead{writer, transaction(4), {}});
  submit(PutTransaction{writer, transaction(5), transaction(4), {}});
}

void StoreScenario::push() {
  const Push first{pusher,
                   {},
                   {{chunk("p"), "pushed"}, {chunk("q"), std::string(10'000, 'q')}},
                   {{transaction(10), {chunk("p")}}, {transaction(11), {chunk("p"), chunk("q")}}}};
  submit(first);
  submit(first);  // a replay
  submit(Push{pusher, {}, {{chunk("r"), "with chunks alone"}}, {}});
}

/// So many at once that they share commits.
void StoreScenario::upload_many() {
  std::vector<Command> commands;
  for (int n = 0; n < 24; ++n) {
    commands.push_back(
        PutChunk{crowd, chunk("c-" + std::to_string(n)), std::string(3000, static_cast<char>(n))});
  }
  submit_together(commands);
}

void StoreScenario::submit_together(const std::vector<Command>& commands) {
  std::vector<std::promise<Outcome>> promises(commands.size());
  for (std::size_t i = 0; i < commands.size(); ++i) {
    store_->submit(commands[i], [&promise = promises[i]](Outcome outcome) {
      promise.set_value(std::move(outcome));
    });
  }
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const Outcome outcome = promises[i].get_future().get();
    ledger_.note(commands[i], outcome);
    applied_ += outcome.verdict == Verdict::applied ? 1 : 0;
  }
}

void StoreScenario::make_garbage_and_collect() {
  submit(PutChunk{hoarder, chunk("unnamed"), "x"});
  submit(PutChunk{hoarder, chunk("of-a-fork"), "x"});
  submit(PutTransaction{hoarder, transaction(21), {}, {chunk("of-a-fork")}});
  submit(PutTransaction{hoarder, transaction(22), transaction(21), {}});
  submit(Push{hoarder, {}, {{chunk("kept"), "x"}}, {{transaction(20), {chunk("kept")}}}});
  collect(hoarder);
}

void StoreScenario::collect(UserId of) {
  std::string resume_at;
  do {
    const Outcome outcome = submit(Collect{of, resume_at});
    resume_at = outcome.collected.resume_at;
  } while (!resume_at.empty());
}

/// The purge may fail too; it is tried again later, and nothing waits for it.
void StoreScenario::delete_one() {
  submit(Push{leaver, {}, {{chunk("gone"), "x"}}, {{transaction(30), {chunk("gone")}}}});
  submit(DeleteUser{leaver});
  submit(PutChunk{leaver, chunk("next"), "x"});
  for (int i = 0; i < 20; ++i) {
    const auto statistics = store_->statistics();
    if (!statistics || statistics->purges_pending == 0) return;
    std::this_thread::sleep_for(1ms);
  }
}

void StoreScenario::query() {
  const auto done = [](const auto&) {};
  LogItems items;
  for (const UserId of : {writer, pusher}) {
    store_->read(ReadHead{of}, done);
    store_->read(ReadSummary{of}, done);
    store_->read(ListTransactions{of, {}, 100}, done);
    store_->read(ReadTransaction{of, transaction(2)}, done);
    store_->read(ReadChunk{of, chunk("b")}, done);
    ReadLog log;
    log.taker = &items;
    log.user = of;
    store_->read(log, done);
  }
  ListUsers users;
  users.limit = 100;
  users.with_garbage = true;
  store_->read(users, done);
  static_cast<void>(store_->statistics());
}

}  // namespace mentat_sync
