// RLIMIT_NOFILE. The soft limit is 1,024 on most systems, for the sake of programs that use
// select(2); this one does not.
#include "cli/limits.hpp"

#include <limits>
#include <sys/resource.h>

namespace mentat_sync {

std::size_t raise_open_files_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::numeric_limits<std::size_t>::max();
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : before;
}

}  // namespace mentat_sync
