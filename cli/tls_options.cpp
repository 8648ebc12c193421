// See tls_options.hpp.
#include "cli/tls_options.hpp"

#include "cli/option_kinds.hpp"

namespace mentat_sync {

void add_tls_options(CLI::App& command, TlsOptions& options) {
  using Mode = TlsOptions::ClientCertificates;
  using Version = TlsOptions::Version;
  add_file_option(command, "--tls-certificate", options.certificate_file,
                  "Serve HTTPS with this certificate: a PEM file with it and those between it and "
                  "its authority. SIGHUP reads it again");
  add_file_option(command, "--tls-key", options.key_file, "The certificate's key, as PEM");
  add_file_option(command, "--tls-client-ca", options.client_ca_file,
                  "The authorities that clients' certificates must come from, as PEM");
  add_choice_option<Mode>(
      command, "--tls-client-certificates", options.client_certificates,
      {{"off", Mode::off}, {"optional", Mode::optional}, {"required", Mode::required}},
      "Whether clients are asked for a certificate");
  add_choice_option<Version>(command, "--tls-min-version", options.min_version,
                             {{"1.2", Version::tls_1_2}, {"1.3", Version::tls_1_3}},
                             "The lowest version of TLS that is spoken");
}

std::string contradiction_in(const TlsOptions& options) {
  const Status status = check_tls_options(options);
  return status.ok() ? std::string{} : status.message();
}

}  // namespace mentat_sync
