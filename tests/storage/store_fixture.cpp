// The fixture of the storage tests.
#include "store_fixture.hpp"

#include "invariants.hpp"
#include "log_items.hpp"
#include "storage/cbor_log.hpp"
#include "storage/check.hpp"

#include <gmock/gmock.h>

#include <stdexcept>
#include <unistd.h>

namespace mentat_sync {

StoreFixture::StoreFixture() {
  std::string pattern = (std::filesystem::temp_directory_path() / "mentat-sync-XXXXXX").string();
  if (!mkdtemp(pattern.data())) throw std::runtime_error{"mkdtemp failed"};
  directory_ = pattern;
  open();
}

StoreFixture::~StoreFixture() {
  close();
  std::filesystem::remove_all(directory_);
}

void StoreFixture::open(LmdbStoreOptions options) {
  close();
  options_ = options;
  options.directory = directory_;
  auto opened = LmdbStore::open(std::move(options));
  if (!opened) throw std::runtime_error{opened.status().message()};
  store_ = std::move(opened).value();
}

void StoreFixture::open(CollectionRules rules) {
  LmdbStoreOptions options = options_;
  options.collection = rules;
  open(options);
}

void StoreFixture::expect_sound() {
  close();
  EXPECT_THAT(broken_invariants(directory_), testing::IsEmpty());
  expect_checked();
  open(options_);
}

/// By the program's own check, which was written apart from the one of the tests.
void StoreFixture::expect_checked() const {
  const auto checked = check_store(directory_);
  ASSERT_TRUE(checked.ok()) << checked.status().message();
  for (const Finding& finding : checked->findings) {
    ADD_FAILURE() << finding.where << ": " << finding.what;
  }
}

void StoreFixture::TearDown() {
  if (store_) expect_sound();
}

std::future<Outcome> StoreFixture::submit_later(Command command) {
  auto promise = std::make_shared<std::promise<Outcome>>();
  auto future = promise->get_future();
  store().submit(std::move(command),
                 [promise](Outcome outcome) { promise->set_value(std::move(outcome)); });
  return future;
}

Outcome StoreFixture::submit(Command command) {
  return submit_later(std::move(command)).get();
}

std::vector<TransactionId> StoreFixture::list(TransactionId from, std::uint32_t limit) {
  return read<TransactionPage>(ListTransactions{user, from, limit}).transactions;
}

void StoreFixture::read_to_its_end(ReadLog query, LogTaker& taker) {
  query.user = user;
  query.taker = &taker;
  do {
    auto piece = read<LogPiece>(query);
    EXPECT_TRUE(piece.found);
    query.resume = std::move(piece.resume);
  } while (query.resume);
}

std::vector<LogItem> StoreFixture::read_items(ReadLog query) {
  LogItems items;
  read_to_its_end(std::move(query), items);
  return std::move(items.items);
}

std::string StoreFixture::read_cbor(ReadLog query) {
  std::string log;
  read_to_its_end(std::move(query), *cbor_writer(log));
  return log;
}

Verdict StoreFixture::put_chunk(std::string_view id, std::string bytes) {
  return submit(PutChunk{user, chunk_id(id), std::move(bytes)}).verdict;
}

Verdict StoreFixture::put_transaction(TransactionId id, TransactionId parent,
                                      const std::vector<std::string>& chunks) {
  PutTransaction put{user, id, parent, {}};
  for (const std::string& text : chunks) put.chunks.push_back(chunk_id(text));
  return submit(std::move(put)).verdict;
}

Verdict StoreFixture::advance(TransactionId head) {
  return submit(AdvanceHead{user, head, {}}).verdict;
}

Outcome StoreFixture::push(
    TransactionId base, const std::vector<std::pair<std::string, std::string>>& chunks,
    const std::vector<std::pair<TransactionId, std::vector<std::string>>>& transactions) {
  Push push{user, base, {}, {}};
  for (const auto& [id, bytes] : chunks) push.chunks.push_back({chunk_id(id), bytes});
  for (const auto& [id, names] : transactions) {
    push.transactions.push_back({id, {}});
    for (const std::string& name : names) {
      push.transactions.back().chunks.push_back(chunk_id(name));
    }
  }
  return submit(std::move(push));
}

StoreFixture::Collection StoreFixture::collect() {
  Collection collection;
  std::string resume_at;
  do {
    const Outcome outcome = submit(Collect{user, resume_at});
    EXPECT_TRUE(succeeded(outcome.verdict)) << to_string(outcome.verdict);
    collection.steps += outcome.verdict == Verdict::applied ? 1 : 0;
    collection.total.transactions += outcome.collected.transactions;
    collection.total.chunks += outcome.collected.chunks;
    collection.total.chunk_bytes += outcome.collected.chunk_bytes;
    resume_at = outcome.collected.resume_at;
  } while (!resume_at.empty());
  return collection;
}

TransactionId transaction(unsigned n) {
  Uuid uuid;
  for (std::size_t i = 0; i < 4; ++i) uuid.bytes[15 - i] = static_cast<std::uint8_t>(n >> 8 * i);
  uuid.bytes[0] = 0xaa;
  return {uuid};
}

ChunkId chunk_id(std::string_view text) {
  const auto id = ChunkId::parse(text);
  if (!id) throw std::invalid_argument{"no chunk id"};
  return *id;
}

}  // namespace mentat_sync
