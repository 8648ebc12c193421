// TlsOptions: what a server's TLS is made of.
//
// Thread-safety: a value type.
// Source: RFC 8446, RFC 5246; Mozilla's "intermediate" recommendations for what is offered.
#pragma once

#include "storage/result.hpp"

#include <filesystem>
#include <string>

namespace mentat_sync {

struct TlsOptions {
  enum class ClientCertificates {
    /// Clients are not asked for one.
    off,
    /// Who sends one is known by it; a wrong one ends the handshake.
    optional,
    required,
  };
  enum class Version { tls_1_2, tls_1_3 };

  /// PEM: the server's certificate, and those between it and its authority. Empty: no TLS.
  std::filesystem::path certificate_file = {};
  /// PEM, not encrypted.
  std::filesystem::path key_file = {};
  /// PEM: the authorities that clients' certificates must come from.
  std::filesystem::path client_ca_file = {};
  ClientCertificates client_certificates = ClientCertificates::off;
  Version min_version = Version::tls_1_2;
  /// In OpenSSL's words, for TLS 1.2 and for 1.3. Empty: the recommended ones.
  std::string ciphers_1_2 = {};
  std::string ciphers_1_3 = {};

  bool enabled() const { return !certificate_file.empty() || !key_file.empty(); }
};

/// Whether the options fit together. The files are not looked at.
Status check_tls_options(const TlsOptions& options);

}  // namespace mentat_sync
