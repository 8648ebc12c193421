// The token file, as `mentat-sync token` reads and rewrites it: whole, in one step, and by one
// process at a time.
//
// Thread-safety: one thread; other processes are kept out by flock(2) on the file itself.
// Failures: a Status that names the file; the file is then as it was.
// Source: flock(2), rename(2). The file's format: http/auth/token.hpp.
#pragma once

#include "http/auth/token.hpp"
#include "storage/result.hpp"

#include <filesystem>
#include <functional>
#include <vector>

namespace mentat_sync {

/// The tokens in the file, as the server would take them.
Result<std::vector<TokenRecord>> read_token_file(const std::filesystem::path& path);

enum class WhenMissing { fail, make };

/// Replaces the file by what `change` makes of its tokens, on disk before it returns; unless that
/// fails, which leaves it alone. A new file is for its owner only; another one keeps its owner,
/// group and permissions.
Status update_token_file(const std::filesystem::path& path, WhenMissing when_missing,
                         const std::function<Status(std::vector<TokenRecord>&)>& change);

}  // namespace mentat_sync
