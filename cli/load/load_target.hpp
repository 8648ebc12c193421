// LoadTarget: the server as every connection needs it: its address, what stands in each request,
// and whom to trust.
//
// Thread-safety: made once, then read by all shards. Failures: a Status that says why nobody
// answers there.
#pragma once

#include "cli/remote_options.hpp"
#include "http/client/client_tls.hpp"
#include "http/client/server_url.hpp"
#include "storage/result.hpp"

#include <atomic>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace mentat_sync {

class LoadTarget {
 public:
  /// Looks the host up, and takes the first of its addresses where somebody listens, unless it is
  /// to stop before.
  static Result<LoadTarget> find(const ServerUrl& server, const RemoteAccess& access,
                                 const std::atomic<bool>& stop);

  const sockaddr* address() const { return reinterpret_cast<const sockaddr*>(&address_); }
  socklen_t address_bytes() const { return address_bytes_; }
  const std::string& host() const { return host_; }
  /// Null: http.
  SSL_CTX* tls() const { return tls_.get(); }

  /// What stands before the user's id in a target: "/0.1/", behind the URL's own path.
  const std::string& path() const { return path_; }
  /// " HTTP/1.1", and the headers of each request.
  const std::string& common_head() const { return common_head_; }

 private:
  Status connect_once(const ServerUrl& server, const std::atomic<bool>& stop);

  sockaddr_storage address_{};
  socklen_t address_bytes_ = 0;
  std::string host_;
  ClientTlsContext tls_;
  std::string path_;
  std::string common_head_;
};

}  // namespace mentat_sync
