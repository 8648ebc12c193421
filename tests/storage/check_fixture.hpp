// A store with a log of all sorts, and what the check says of it after something was changed behind
// its back.
#pragma once

#include "raw_store.hpp"
#include "storage/check.hpp"
#include "storage/sha256.hpp"
#include "store_fixture.hpp"

#include <functional>
#include <string>
#include <vector>

namespace mentat_sync {

inline constexpr format::StoreId first_log{1};

class CheckTest : public StoreFixture {
 protected:
  /// Committed 1 and 2; 3 and 4 pending on HEAD; 5 a dead fork from 1; chunks of all kinds.
  CheckTest() {
    put_chunk("a", "12345");
    put_chunk(hashed_id(), "hashed");
    put_chunk("large", std::string(4'096, 'x'));
    put_chunk("nobody", "1234567");
    put_transaction(transaction(1), {}, {"a"});
    put_transaction(transaction(2), transaction(1), {"a", hashed_id()});
    advance(transaction(1));
    put_transaction(transaction(5), transaction(1), {"large", "large"});
    advance(transaction(2));
    put_transaction(transaction(3), transaction(2));
    put_transaction(transaction(4), transaction(3), {"a"});
    close();
  }

  static std::string hashed_id() { return to_hex(sha256("hashed")); }
  std::string log_name() const { return "user " + user.to_string() + ", log 1"; }

  CheckReport report(const CheckOptions& options = {}) const {
    const auto checked = check_store(directory(), options);
    EXPECT_TRUE(checked.ok()) << (checked.ok() ? "" : checked.status().message());
    return checked.ok() ? *checked : CheckReport{};
  }

  /// "WHERE: WHAT" of each.
  std::vector<std::string> findings(const CheckOptions& options = {}) const {
    std::vector<std::string> lines;
    for (const auto& finding : report(options).findings) {
      lines.push_back(finding.where + ": " + finding.what);
    }
    return lines;
  }

  std::vector<std::string> after(const std::function<void(RawStore&)>& damage) const {
    {
      RawStore raw{directory()};
      damage(raw);
    }
    return findings();
  }

  std::vector<std::string> after_state(const std::function<void(format::LogState&)>& change) const {
    return after([&](RawStore& raw) {
      raw.alter(raw.tables().logs, format::state_key(first_log).bytes(), [&](const auto& bytes) {
        auto state = format::decode_state(bytes);
        change(state);
        return format::encode(state);
      });
    });
  }

  std::vector<std::string> after_transaction(
      unsigned n, const std::function<void(format::TransactionRecord&)>& change) const {
    return after([&](RawStore& raw) {
      const auto key = format::transaction_key(first_log, transaction(n));
      raw.alter(raw.tables().logs, key.bytes(), [&](const auto& bytes) {
        auto record = format::decode_transaction(bytes);
        change(record);
        return format::encode(record);
      });
    });
  }

  std::vector<std::string> after_chunk(
      const std::string& id, const std::function<void(format::ChunkRecord&)>& change) const {
    return after([&](RawStore& raw) {
      const auto key = format::chunk_key(first_log, chunk_id(id));
      raw.alter(raw.tables().logs, key.bytes(), [&](const auto& bytes) {
        auto record = format::decode_chunk(bytes);
        change(record);
        return format::encode(record);
      });
    });
  }

  static std::uint64_t payload_of(const RawStore& raw, const std::string& id) {
    const auto key = format::chunk_key(first_log, chunk_id(id));
    return format::decode_chunk(*raw.get(raw.tables().logs, key.bytes())).payload;
  }
};

}  // namespace mentat_sync
