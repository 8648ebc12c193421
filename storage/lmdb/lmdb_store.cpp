// LmdbStore: lock, environment, tables and writer, opened in this order and closed in the reverse.
#include "storage/lmdb_store.hpp"

#include "storage/lmdb/directory_lock.hpp"
#include "storage/lmdb/environment.hpp"
#include "storage/lmdb/snapshot.hpp"
#include "storage/lmdb/tables.hpp"
#include "storage/lmdb/writer.hpp"
#include "storage/sha256.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mentat_sync {
namespace {

Status make_directory(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (!error) return {};
  return {ErrorCode::io,
          "cannot create the data directory " + directory.string() + ": " + error.message()};
}

/// A new file is on disk only once its directory's entry is.
Status sync_directory(const std::filesystem::path& directory) {
  const int descriptor = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && fsync(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  if (synced) return {};
  return {ErrorCode::io, "cannot sync " + directory.string() + ": " + std::strerror(error)};
}

}  // namespace

class LmdbStore::Impl {
 public:
  Impl(LmdbStoreOptions options, DirectoryLock lock, std::unique_ptr<Environment> environment,
       Tables tables)
      : options_(std::move(options)),
        lock_(std::move(lock)),
        environment_(std::move(environment)),
        tables_(tables),
        rules_(options_.collection),
        writer_(*environment_, tables_, options_) {}

  Writer& writer() { return writer_; }
  const Writer& writer() const { return writer_; }

  /// What the command alone decides, on the caller's thread: the writer's time is everybody's.
  std::optional<Outcome> refuse_at_the_door(const Command& command) const {
    return std::visit([this](const auto& c) { return refuse(c); }, command);
  }

  template <class Query, class Answer>
  void read(Query query, const ReadHandler<Answer>& done) {
    done(answer<Answer>(std::move(query)));
  }

  Result<StoreStatistics> statistics() {
    try {
      StoreStatistics statistics;
      add_sizes(statistics);
      statistics.free_bytes = environment_->free_bytes();
      statistics.commits = writer_.commits();
      statistics.commands = writer_.commands();
      const Writer::Waiting waiting = writer_.waiting();
      statistics.queued_commands = waiting.commands;
      statistics.queued_bytes = waiting.bytes;
      return statistics;
    } catch (const LmdbFailure& failure) {
      return to_status(failure);
    } catch (const CorruptRecord& record) {
      return Status{ErrorCode::corrupt, record.what()};
    }
  }

 private:
  template <class Other>
  std::optional<Outcome> refuse(const Other&) const {
    return std::nullopt;
  }
  std::optional<Outcome> refuse(const PutChunk& put) const {
    return refuse_chunk(put.chunk, put.bytes);
  }
  std::optional<Outcome> refuse(const PutTransaction& put) const {
    return refuse_list(put.chunks, options_.user_limits.chunks_per_transaction);
  }
  std::optional<Outcome> refuse(const FindMissing& find) const {
    return refuse_list(find.chunks, bounds::find_missing_chunks);
  }

  std::optional<Outcome> refuse(const Push& push) const {
    std::size_t items = push.chunks.size() + push.transactions.size();
    for (const Push::Transaction& transaction : push.transactions) {
      const std::size_t most = options_.user_limits.chunks_per_transaction;
      if (auto no = refuse_list(transaction.chunks, most)) return no;
      items += transaction.chunks.size();
    }
    if (items > bounds::push_items) return outcome_of(Verdict::too_many_items, bounds::push_items);
    for (const Push::Chunk& chunk : push.chunks) {
      if (auto no = refuse_chunk(chunk.id, chunk.bytes)) return no;
    }
    return std::nullopt;
  }

  static std::optional<Outcome> refuse_list(const std::vector<ChunkId>& chunks, std::size_t limit) {
    if (chunks.size() > limit) return outcome_of(Verdict::too_many_chunks, limit);
    return std::nullopt;
  }

  std::optional<Outcome> refuse_chunk(const ChunkId& id, std::string_view bytes) const {
    if (bytes.size() > options_.max_chunk_bytes) {
      return outcome_of(Verdict::chunk_too_large, options_.max_chunk_bytes);
    }
    if (!id.is_sha256()) {
      if (options_.chunk_ids == ChunkIds::sha256) return outcome_of(Verdict::chunk_id_not_sha256);
      return std::nullopt;
    }
    if (!is_sha256_of(id, bytes)) return outcome_of(Verdict::hash_mismatch);
    return std::nullopt;
  }

  /// The snapshot ends before the answer is used.
  template <class Answer, class Query>
  Result<Answer> answer(Query query) {
    const std::optional<UserId> user = about(query);
    try {
      return Snapshot{*environment_, tables_, rules_}.answer(std::move(query));
    } catch (const LmdbFailure& failure) {
      return failed_read(to_status(failure), user);
    } catch (const CorruptRecord& record) {
      return failed_read(Status{ErrorCode::corrupt, record.what()}, user);
    }
  }

  template <class Query>
  static std::optional<UserId> about(const Query& query) {
    return query.user;
  }
  static std::optional<UserId> about(const ListUsers&) { return std::nullopt; }

  Status failed_read(Status status, std::optional<UserId> user) const {
    if (!options_.log) return status;
    std::vector<LogField> fields{{"reason", status.message()}};
    if (user) fields.push_back({"user", user->to_string()});
    options_.log(LogLevel::error, "read failed", fields);
    return status;
  }

  /// Its snapshot ends here: only one may be open in a thread, or a growing map would wait for it.
  void add_sizes(StoreStatistics& statistics) {
    const ReadTxn txn = environment_->begin_read();
    statistics.users = entries(txn.get(), tables_.users);
    statistics.purges_pending = entries(txn.get(), tables_.purges);
    const EnvironmentSize size = environment_->size();
    statistics.used_bytes = size.used_bytes;
    statistics.file_bytes = size.file_bytes;
    statistics.map_bytes = size.map_bytes;
  }

  static std::uint64_t entries(MDB_txn* txn, MDB_dbi table) {
    MDB_stat stat{};
    check("mdb_stat", mdb_stat(txn, table, &stat));
    return stat.ms_entries;
  }

  const LmdbStoreOptions options_;
  const DirectoryLock lock_;
  const std::unique_ptr<Environment> environment_;
  const Tables tables_;
  const GarbageRules rules_;
  Writer writer_;
};

Result<std::unique_ptr<LmdbStore>> LmdbStore::open(LmdbStoreOptions options) {
  const auto directory = options.directory;
  if (options.max_map_bytes != 0 && options.max_map_bytes < bounds::store_bytes_min) {
    return Status{ErrorCode::invalid, "a store needs room for at least " +
                                          std::to_string(bounds::store_bytes_min) + " bytes, not " +
                                          std::to_string(options.max_map_bytes)};
  }
  if (Status status = make_directory(directory); !status.ok()) return status;
  auto lock = DirectoryLock::acquire(directory);
  if (!lock) return lock.status();
  auto environment = Environment::open(directory, options.initial_map_bytes, options.max_map_bytes);
  if (!environment) return environment.status();
  auto tables = Tables::open(**environment);
  if (!tables) {
    const Status status = tables.status();
    return Status{status.code(),
                  "cannot open the store in " + directory.string() + ": " + status.message()};
  }
  if (Status status = sync_directory(directory); !status.ok()) return status;
  auto impl = std::make_unique<Impl>(std::move(options), std::move(lock).value(),
                                     std::move(environment).value(), *tables);
  return std::unique_ptr<LmdbStore>{new LmdbStore{std::move(impl)}};
}

LmdbStore::LmdbStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LmdbStore::~LmdbStore() = default;

void LmdbStore::submit(Command command, OutcomeHandler done) {
  if (auto refusal = impl_->refuse_at_the_door(command)) return done(std::move(*refusal));
  impl_->writer().submit(std::move(command), std::move(done));
}

void LmdbStore::read(ReadHead query, ReadHandler<Head> done) {
  impl_->read(std::move(query), done);
}
void LmdbStore::read(ReadSummary query, ReadHandler<Summary> done) {
  impl_->read(std::move(query), done);
}
void LmdbStore::read(ListTransactions query, ReadHandler<TransactionPage> done) {
  impl_->read(std::move(query), done);
}
void LmdbStore::read(ReadTransaction query, ReadHandler<Transaction> done) {
  impl_->read(std::move(query), done);
}
void LmdbStore::read(ReadChunk query, ReadHandler<Chunk> done) {
  impl_->read(std::move(query), done);
}
void LmdbStore::read(ReadLog query, ReadHandler<LogPiece> done) {
  impl_->read(std::move(query), done);
}
void LmdbStore::read(ListUsers query, ReadHandler<UserPage> done) {
  impl_->read(std::move(query), done);
}

Result<StoreStatistics> LmdbStore::statistics() {
  return impl_->statistics();
}

Status LmdbStore::health() const {
  return impl_->writer().health();
}

}  // namespace mentat_sync
