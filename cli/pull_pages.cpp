// Holds the trailers back and adds them up.
#include "cli/pull_pages.hpp"

#include <utility>
#include <variant>

namespace mentat_sync {
namespace {

void add(LogTrailer& all, const LogTrailer& page) {
  all.next = page.next;
  all.more = page.more;
  all.transactions += page.transactions;
  all.chunks += page.chunks;
  all.chunk_bytes += page.chunk_bytes;
}

}  // namespace

Reply<LogTrailer> pull_pages(Client& client, PullRequest request, const LogSink& sink) {
  const bool one_only = request.limit || request.max_bytes;
  LogTrailer all;
  for (bool first = true;; first = false) {
    const auto page = client.pull(request, [&](LogItem&& item) {
      if (std::holds_alternative<LogTrailer>(item)) return true;
      if (std::holds_alternative<LogHeader>(item) && !first) return true;
      return sink(std::move(item));
    });
    if (!page) return page.error();
    add(all, *page);
    // A page without a transaction would be asked for again and again.
    if (one_only || !page->more || page->transactions == 0) break;
    request.from = page->next;
  }
  if (!sink(LogItem{all})) return ClientError{ClientError::Kind::stopped, "stopped by the caller"};
  return all;
}

}  // namespace mentat_sync
