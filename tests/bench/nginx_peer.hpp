// NginxPeer: Debian's nginx on loopback, as a yardstick: one worker, no access log, answers that
// are as long as ours.
//
// Thread-safety, ownership: as ChildProcess, which it starts on the processor that the calling
// thread is pinned to. Failures: throws std::runtime_error; available() says beforehand.
#pragma once

#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

#include <cstdint>
#include <memory>

namespace mentat_sync {

class NginxPeer {
 public:
  /// What it serves: a file of 100 bytes, one of 64 KiB, and a constant of 100 bytes that it has in
  /// its configuration.
  static constexpr const char* small_file = "/100";
  static constexpr const char* large_file = "/65536";
  static constexpr const char* constant = "/constant";

  static bool available();

  NginxPeer();
  /// Asks it to end: killed, it would leave its worker behind.
  ~NginxPeer();
  NginxPeer(const NginxPeer&) = delete;
  NginxPeer& operator=(const NginxPeer&) = delete;

  std::uint16_t port() const { return port_; }
  std::uint16_t tls_port() const { return tls_port_; }

 private:
  void write_files() const;

  TemporaryDirectory directory_;
  std::uint16_t port_;
  std::uint16_t tls_port_;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace mentat_sync
