// Certificates for tests, made when they are needed: no files that expire in the repository.
//
// Thread-safety: one thread. Failures: throws std::runtime_error.
#pragma once

#include "http/tls/openssl_handles.hpp"

#include <chrono>
#include <filesystem>
#include <string>

namespace mentat_sync {

/// A certificate with its key, both PEM.
struct TestIdentity {
  std::string certificate;
  std::string key;
};

struct TestCertificate {
  /// The common name.
  std::string name = "localhost";
  /// As OpenSSL writes them; empty: none.
  std::string alternative_names = "DNS:localhost,IP:127.0.0.1";
  /// From now; negative: it has expired.
  std::chrono::seconds ends_in = std::chrono::hours{24 * 90};
};

/// Signs certificates.
class TestAuthority {
 public:
  explicit TestAuthority(const std::string& name = "Test Authority");

  TestIdentity issue(const TestCertificate& wanted = {}) const;
  /// PEM.
  std::string certificate() const;

 private:
  KeyHandle key_;
  CertificateHandle certificate_;
};

/// `text` as the file `directory`/`name`, readable by its owner alone; its path.
std::filesystem::path write_file(const std::filesystem::path& directory, const std::string& name,
                                 const std::string& text);

}  // namespace mentat_sync
