// By names: what stands under them matters to LMDB and to the lock, whatever it is.
#include "storage/data_directory.hpp"

#include <system_error>

namespace mentat_sync {
namespace {

namespace fs = std::filesystem;

constexpr auto lock_name = "mentat-sync.lock";

}  // namespace

bool is_data_directory(const fs::path& directory) {
  std::error_code error;
  return fs::exists(directory / lock_name, error);
}

bool is_file_of_store(const fs::path& file) {
  const auto name = file.filename();
  if (name != "data.mdb" && name != "lock.mdb" && name != lock_name) return false;
  return is_data_directory(file.has_parent_path() ? file.parent_path() : fs::path{"."});
}

}  // namespace mentat_sync
