// Whether a text is well-formed XML, as far as a page without sections and comments can be wrong.
//
// Thread-safety: pure. Source: XML 1.0, section 2.1.
#pragma once

#include <string>

namespace mentat_sync {

/// Empty: it is. Otherwise what is wrong, and where.
std::string fault_of_xml(const std::string& text);

}  // namespace mentat_sync
