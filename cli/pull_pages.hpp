// Pulls a log to its end, even when the server gives it in several pieces, and gives it on as one.
//
// Thread-safety and failures: as Client::pull. Memory: one item.
#pragma once

#include "http/client/client.hpp"

namespace mentat_sync {

/// As Client::pull, but goes on after `next` as long as there is more, with one header and one
/// trailer in all. A request with a limit of its own is one pull. The sink gets the trailer too.
Reply<LogTrailer> pull_pages(Client& client, PullRequest request, const LogSink& sink);

}  // namespace mentat_sync
