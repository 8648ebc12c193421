// The media types of a log in one piece, for both who sends it and who asks for it.
//
// Source: docs/protocol.md, "The log in one piece".
#pragma once

#include <string_view>

namespace mentat_sync {

/// A CBOR sequence (RFC 8742): the form that is pulled, pushed, exported and imported.
inline constexpr std::string_view log_media_type = "application/vnd.mentat-sync.log+cbor-seq";

/// The same items as lines of JSON, for people and their tools. It is only ever written.
inline constexpr std::string_view ndjson_media_type = "application/x-ndjson";

}  // namespace mentat_sync
