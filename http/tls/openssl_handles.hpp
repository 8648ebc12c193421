// OpenSSL's objects with owners, and its errors in words.
//
// Thread-safety: the errors are those of the calling thread.
// Source: OpenSSL 3.0, ERR_get_error(3).
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace mentat_sync {

struct OpensslDeleter {
  void operator()(SSL* tls) const { ::SSL_free(tls); }
  void operator()(SSL_CTX* context) const { ::SSL_CTX_free(context); }
  void operator()(X509* certificate) const { ::X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { ::EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { ::BIO_free(bio); }
};

using TlsHandle = std::unique_ptr<SSL, OpensslDeleter>;
using TlsContextHandle = std::unique_ptr<SSL_CTX, OpensslDeleter>;
using CertificateHandle = std::unique_ptr<X509, OpensslDeleter>;
using KeyHandle = std::unique_ptr<EVP_PKEY, OpensslDeleter>;
using BioHandle = std::unique_ptr<BIO, OpensslDeleter>;

/// What the oldest error of this thread's queue says, or `otherwise`; the queue is empty then.
std::string take_openssl_error(const std::string& otherwise);

}  // namespace mentat_sync
