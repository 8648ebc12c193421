// ScriptedApplication: answers as the target tells it to, so that a test of connections can bring
// about any course of events. Knows nothing of the protocol.
#pragma once

#include "http/application.hpp"
#include "scripted_source.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace mentat_sync {

/// Targets: /echo (the body back), /sink (likewise, taken as it arrived), /costly-sink (likewise,
/// and held in ten times the memory), /target… (the target back), /big/N (N bytes), /later… (the
/// test answers), /later-wait… (likewise, and its answer waits for news), /worker… (the target
/// back, from another thread), /throw, /end (answers and closes), /refused (403 from the header
/// alone), /small (bodies up to 16 bytes), /peer (its certificate, as 200 if it is encrypted),
/// /address (the peer's), /status/N, /sigterm (whether the I/O thread blocks it), and bodies that
/// are made while they are sent, as in scripted_source.hpp. GET and HEAD are safe.
class ScriptedApplication final : public Application {
 public:
  struct Pending {
    std::string target;
    Respond respond;
  };

  ScriptedApplication();
  ~ScriptedApplication() override;

  Admission admit(const RequestHeader& header, const Peer&) const override;
  Response too_large(std::uint64_t limit_bytes) const override;
  Response bad_request(unsigned status, std::string_view detail) const override;
  Withdraw handle(const Route&, Request&& request, Respond&& respond) override;

  /// Waits for `count` requests to /later and takes them, in their order of arrival.
  std::vector<Pending> take_pending(std::size_t count);
  /// The targets that were handled so far.
  std::vector<std::string> handled() const;
  /// The targets of those to /later-wait that were withdrawn.
  std::vector<std::string> withdrawn() const;
  /// The pieces that bodies were asked for.
  AskedPieces& pieces() { return pieces_; }

 private:
  Withdraw withdrawal_of(const std::string& target);
  void work();

  mutable std::mutex mutex_;  // protects everything below
  std::condition_variable changed_;
  std::vector<std::string> handled_;
  std::vector<std::string> withdrawn_;
  std::vector<Pending> pending_;
  std::deque<Pending> for_worker_;
  bool ending_ = false;
  AskedPieces pieces_;
  std::thread worker_;
};

Response text(std::string body);

}  // namespace mentat_sync
