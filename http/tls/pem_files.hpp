// Certificates and keys out of PEM files, with failures that name the file and what is wrong.
//
// Thread-safety: any thread. Ownership: the caller's.
// Failures: a Status; only memory running out throws.
// Source: RFC 7468.
#pragma once

#include "http/tls/openssl_handles.hpp"
#include "storage/result.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace mentat_sync {

/// All certificates of the file, at least one, in its order. `what` names it in a failure: "the
/// certificate".
Result<std::vector<CertificateHandle>> read_certificates(const std::filesystem::path& file,
                                                         const std::string& what);

/// Its first private key. An encrypted one is refused: nobody is there to be asked.
Result<KeyHandle> read_private_key(const std::filesystem::path& file);

/// Has `context` present the chain in `certificate_file`, whose first one is the key's.
Status use_certificate(SSL_CTX& context, const std::filesystem::path& certificate_file,
                       const std::filesystem::path& key_file);

/// RFC 2253, UTF-8: "CN=laptop,O=Example".
std::string subject_of(const X509& certificate);

std::chrono::system_clock::time_point end_of_validity(const X509& certificate);

}  // namespace mentat_sync
