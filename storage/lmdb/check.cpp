// Opening what is to be checked, and turning what cannot be read into a Status.
#include "storage/check.hpp"

#include "storage/lmdb/store_check.hpp"

#include <system_error>

namespace mentat_sync {
namespace {

/// What is damaged so much that it cannot even be opened.
CheckReport hopeless(const std::filesystem::path& file, const std::string& what) {
  CheckReport report;
  report.findings.push_back({file.filename().string(), what});
  report.findings_in_all = 1;
  return report;
}

Result<CheckReport> run(const std::filesystem::path& file,
                        Result<std::unique_ptr<StorePages>> opened, const CheckOptions& options,
                        bool alone) {
  if (!opened.ok()) {
    const Status status = opened.status();
    return status.code() == ErrorCode::corrupt ? Result{hopeless(file, status.message())} : status;
  }
  try {
    return StoreCheck{**opened, options, alone}.run();
  } catch (const LmdbFailure& failure) {
    return Status{to_status(failure).code(), failure.what()};
  } catch (const UnknownFormat& unknown) {
    return Status{ErrorCode::invalid, file.string() + ": " + unknown.what()};
  } catch (const UnknownUser& unknown) {
    return Status{ErrorCode::invalid, unknown.what()};
  } catch (const CorruptRecord& record) {
    return hopeless(file, record.what());
  } catch (const std::system_error& failure) {
    return Status{ErrorCode::io, std::string{"cannot read the store: "} + failure.what()};
  }
}

}  // namespace

Result<CheckReport> check_store(const std::filesystem::path& directory,
                                const CheckOptions& options) {
  // Asked first: a server that starts afterwards only has to wait for its free pages.
  const bool alone = !has_writer(directory);
  return run(directory / "data.mdb", StorePages::open_directory(directory), options, alone);
}

Result<CheckReport> check_file(const std::filesystem::path& file, const CheckOptions& options) {
  constexpr bool alone = true;
  return run(file, StorePages::open_file(file), options, alone);
}

}  // namespace mentat_sync
