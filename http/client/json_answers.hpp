// The JSON of the API, both ways: reading answers, writing requests.
//
// Thread-safety: pure functions.
// Failures: ClientError::Kind::broken, naming the field that is not as it should be.
// Source: docs/protocol.md.
#pragma once

#include "http/client/client_error.hpp"
#include "storage/queries.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace mentat_sync {

inline constexpr std::string_view json_media_type = "application/json";

Reply<TransactionId> read_head_answer(std::string_view body);
Reply<Head> read_push_answer(std::string_view body);
/// The data of a `head` event. As a push's answer.
Reply<Head> read_head_event(std::string_view data);
Reply<Summary> read_summary_answer(std::string_view body);
/// `more`: whether there are more is told by a header.
Reply<TransactionPage> read_page_answer(std::string_view body);
Reply<Transaction> read_transaction_answer(std::string_view body);
Reply<std::vector<ChunkId>> read_missing_answer(std::string_view body);

std::string head_request(const TransactionId& head);
std::string transaction_request(const TransactionId& parent, const std::vector<ChunkId>& chunks);
std::string missing_request(const std::vector<ChunkId>& chunks);

}  // namespace mentat_sync
