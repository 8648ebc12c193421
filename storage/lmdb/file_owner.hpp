// Whose a store's files are. Root may act for a server's user: a file that root made would not be
// the server's to open, and it could not start.
//
// Thread-safety: any thread.
// Failures: none; a file system without owners is left as it is.
#pragma once

#include <filesystem>

namespace mentat_sync {

/// Gives `file`, when this process is root's, to whom the directory belongs that it is in. Whoever
/// owns the directory could have put a link to another's file there: links are left alone.
/// Opens the file and closes it, so this process must hold no lock of it by fcntl(2).
void give_to_owner_of_directory(const std::filesystem::path& file);

}  // namespace mentat_sync
