// The manual page mentat-sync(1), in troff's man macros: what the command line knows of itself, and
// around it the prose of manual_text.hpp.
//
// Thread-safety: pure function.
// Source: groff_man(7), man-pages(7).
#pragma once

#include "cli/command_tree.hpp"

#include <string>
#include <string_view>

namespace mentat_sync {

std::string manual_page(const CommandEntry& program, std::string_view version);

}  // namespace mentat_sync
