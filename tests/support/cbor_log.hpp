// Logs in one piece, written and read without the program's own codec: a mistake in that cannot
// hide on both sides of a test. nlohmann's CBOR does the encoding of values.
//
// Thread-safety: value types and pure functions.
// Failures: HttpError for bytes that are no sequence of CBOR maps. What is a whole item but breaks
// the rules of a log is the test's to find: wrong_with() looks for it.
// Source: docs/protocol.md, "The log in one piece"; RFC 8742.
#pragma once

#include "support/sync_client.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mentat_sync {

using CborItems = std::vector<nlohmann::ordered_json>;

std::string cbor_sequence(const CborItems& items);

/// Bytes for a uuid and for 64 hexadecimal digits, otherwise text: as a writer must.
nlohmann::ordered_json packed_id(std::string_view id);

/// Puts a log together.
class CborLog {
 public:
  /// After the transaction `from`, whose sequence number is `seq`.
  explicit CborLog(std::string_view from = root_id, std::uint64_t seq = 0);

  CborLog& chunk(std::string_view id, std::string_view bytes);
  CborLog& transaction(std::string_view id, const std::vector<std::string>& chunks);

  /// Header, items, trailer: to be spoilt, or encoded.
  CborItems items() const;
  std::string encode() const { return cbor_sequence(items()); }
  /// Where HEAD will be.
  const std::string& head() const { return head_; }

 private:
  std::string from_;
  std::string head_;
  std::uint64_t seq_;
  std::uint64_t transactions_ = 0;
  std::uint64_t chunks_ = 0;
  std::uint64_t bytes_ = 0;
  CborItems items_;
};

/// A log as it came. Ids are text here, however they came.
struct ReceivedLog {
  struct Chunk {
    std::string id;
    std::string bytes;
    /// Before how many of `transactions` it was not yet there.
    std::size_t after = 0;
  };

  /// Each null when it did not come.
  nlohmann::json header;
  nlohmann::json trailer;
  std::vector<Chunk> chunks;
  /// Each as GET of a transaction has it.
  std::vector<nlohmann::json> transactions;

  bool complete() const { return !trailer.is_null(); }
  std::vector<std::string> ids() const;
  /// Of the first chunk with that id; nothing when there is none.
  std::optional<std::string> bytes_of(std::string_view id) const;
};

/// All whole items; bytes of a last one that is not whole are passed over.
ReceivedLog read_log(std::string_view cbor);

/// Nothing, or how a log that should be whole breaks the rules: trailer, counts, order, sequence
/// numbers, each named chunk once before its first use, no chunk that is not named.
std::optional<std::string> wrong_with(const ReceivedLog& log);

/// Whether each item is written in the one form that writers use.
bool is_canonical(std::string_view cbor);

/// read_log() and wrong_with(), which must be nothing, of a 200.
ReceivedLog expect_whole_log(const HttpResponse& response);

}  // namespace mentat_sync
