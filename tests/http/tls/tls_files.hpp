// TlsFiles: a server's certificate and key as files, made for one test.
#pragma once

#include "http/tls/tls_options.hpp"
#include "support/temporary_directory.hpp"
#include "test_certificates.hpp"

namespace mentat_sync {

class TlsFiles {
 public:
  TlsFiles() { renew(); }

  /// Another certificate, of another key, in the place of the first.
  void renew(const TestCertificate& wanted = {}) {
    const TestIdentity identity = authority.issue(wanted);
    options.certificate_file = write("server.pem", identity.certificate);
    options.key_file = write("server.key", identity.key);
  }

  /// Asks clients for certificates of client_authority.
  void ask_clients(TlsOptions::ClientCertificates mode) {
    options.client_certificates = mode;
    options.client_ca_file = write("clients.pem", client_authority.certificate());
  }

  std::filesystem::path write(const std::string& name, const std::string& text) const {
    return write_file(directory.path(), name, text);
  }

  TemporaryDirectory directory;
  TestAuthority authority;
  TestAuthority client_authority{"Authority of Clients"};
  TlsOptions options;
};

}  // namespace mentat_sync
