// Text as HTML and XML take it.
//
// Thread-safety: pure. Failures: none, whatever bytes it is given.
// Source: XML 1.0, sections 2.2 and 2.4; RFC 3629.
#pragma once

#include <string>
#include <string_view>

namespace mentat_sync {

/// For content and for attributes in either kind of quotes. What is no UTF-8, or no character of
/// XML, becomes U+FFFD: some of it may come from a server.
std::string escaped_html(std::string_view text);

}  // namespace mentat_sync
