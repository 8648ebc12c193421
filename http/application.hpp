// Application: what a connection calls with what it has read. It knows no sockets, and a connection
// knows no protocol beyond HTTP.
//
// Thread-safety: both functions are called from every I/O thread.
#pragma once

#include "http/message.hpp"
#include "http/peer.hpp"
#include "http/router.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace mentat_sync {

/// What the header of a request alone decides.
struct Admission {
  /// When set, the request is answered with this and its body is not wanted.
  std::optional<Response> refusal;
  /// Where it goes, when `routed`; a refused request may have got as far as that.
  Route route;
  bool routed = false;
  /// The largest body that is read for it; beyond it the connection answers with too_large().
  std::uint64_t body_limit_bytes = 0;
  /// What takes the body as it arrives, if it is not to be held; handle() gets it with the request.
  std::shared_ptr<BodySink> sink = {};
  /// Whether it changes nothing. Such a request waits for the changes asked for before it on the
  /// same connection; changes are worked on together.
  bool safe = true;
  /// Whether its answer, or what its answer streams, waits for something to happen: a peer that has
  /// nothing more to send is taken to be gone then. A connection has one such request at a time.
  bool waits = false;
  /// Header lines, each with its CRLF, of whatever answers this request, refusals by the connection
  /// included: what a browser wants to see, for one.
  std::string answer_headers = {};
  /// Where the request comes from: the peer, or whom a trusted proxy says that it speaks for.
  boost::asio::ip::address client = {};
};

/// Takes a request back: its connection has ended, and the answer is wanted no more (it may come
/// all the same). To be called once at the most. Empty: there is nothing to be saved by it.
using Withdraw = std::function<void()>;

class Application {
 public:
  virtual ~Application() = default;

  virtual Admission admit(const RequestHeader& header, const Peer& peer) const = 0;

  /// 413 for a body beyond `limit_bytes`.
  virtual Response too_large(std::uint64_t limit_bytes) const = 0;

  /// 400 (or 431, 408, 505 …) for what is not HTTP, with `detail` for a person.
  virtual Response bad_request(unsigned status, std::string_view detail) const = 0;

  /// Works on a request that was admitted with `route`. `respond` is called once, on this thread
  /// before handle() returns (reads), or later on any thread.
  virtual Withdraw handle(const Route& route, Request&& request, Respond&& respond) = 0;
};

}  // namespace mentat_sync
