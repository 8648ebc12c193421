// Takes out of a line what must not be read in a log: some clients send a token where none is
// taken, in the query, and it may be a good one.
//
// Thread-safety: a pure function.
// Failures: none; what cannot be decoded is looked at as it is.
#pragma once

#include <string>
#include <string_view>

namespace mentat_sync {

/// Puts "***" for our tokens' secrets ("mst_ID_SECRET", of which the id stays), for what looks like
/// a JWT, and in a query for the values of parameters whose names end in "token". Percent-encoding
/// hides none of them.
std::string without_secrets(std::string_view text);

}  // namespace mentat_sync
