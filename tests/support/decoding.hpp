// Content codings undone by the libraries themselves, so that the program's own wrappers of them
// are not tested against themselves.
//
// Thread-safety: pure functions.
// Failures: HttpError for what is not whole, or not in the coding.
#pragma once

#include <string>
#include <string_view>

namespace mentat_sync {

std::string decode_gzip(std::string_view coded);
std::string decode_zstd(std::string_view coded);

}  // namespace mentat_sync
