// Takes a log out of an answer's body as it arrives: decompresses it, decodes it, gives its items
// on.
//
// Thread-safety: one thread. Memory: one item, and what one small compressed piece stands for.
// Failures: ClientError: broken when it is malformed or cut off, stopped when the sink had enough.
#pragma once

#include "http/client/client.hpp"
#include "http/client/client_exchange.hpp"

#include <cstdint>
#include <string_view>

namespace mentat_sync {

Reply<LogTrailer> receive_log(ClientExchange& exchange, std::string_view content_encoding,
                              std::uint64_t max_item_bytes, const LogSink& sink);

}  // namespace mentat_sync
