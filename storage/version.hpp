// Version: what this build is.
//
// Thread-safety: constants. Failures: none.
// Source: the project's version in CMakeLists.txt; the commit is that of the checkout when CMake
// last configured it.
#pragma once

#include <string_view>

namespace mentat_sync {

struct Version {
  /// "0.1.0"
  std::string_view number;
  /// The commit's first 12 digits, with "+" behind when files differed; empty: not known.
  std::string_view commit;
  /// CMake's: "RelWithDebInfo".
  std::string_view build_type;
  /// "GNU 12.2.0"
  std::string_view compiler;
};

const Version& version();

}  // namespace mentat_sync
