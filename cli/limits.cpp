// RLIMIT_NOFILE: the soft limit is 1,024 on most systems, for the sake of programs that use
// select(2); this one does not. And what glibc comes to by itself after bodies of some MiB: until
// then it depends on what else lies in the heap whether it gives memory back and takes it again
// for each answer.
#include "cli/limits.hpp"

#include "storage/bounds.hpp"

#include <limits>
#include <malloc.h>
#include <sys/resource.h>

namespace mentat_sync {

void keep_freed_memory() {
#ifdef __GLIBC__
  constexpr int kept_bytes = 2 * static_cast<int>(bounds::chunk_bytes_default);
  ::mallopt(M_MMAP_THRESHOLD, kept_bytes);
  ::mallopt(M_TRIM_THRESHOLD, kept_bytes);
#endif
}

std::size_t raise_open_files_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::numeric_limits<std::size_t>::max();
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = limit.rlim_max;
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : before;
}

}  // namespace mentat_sync
