// Elliptic curves: their keys are made in no time.
#include "test_certificates.hpp"

#include <openssl/asn1.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace mentat_sync {
namespace {

constexpr std::chrono::seconds began_before = std::chrono::hours{24};

void check(bool done) {
  if (!done) throw std::runtime_error(take_openssl_error("OpenSSL failed"));
}

KeyHandle make_key() {
  KeyHandle key{EVP_EC_gen("P-256")};
  check(key != nullptr);
  return key;
}

void add_extension(X509& certificate, X509& issuer, int kind, const std::string& value) {
  X509V3_CTX context{};
  ::X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = ::X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  check(extension != nullptr);
  check(::X509_add_ext(&certificate, extension, -1) == 1);
  ::X509_EXTENSION_free(extension);
}

void set_name(X509_NAME* name, const std::string& common_name) {
  const auto add = [name](const char* field, const std::string& value) {
    check(::X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                       reinterpret_cast<const unsigned char*>(value.data()),
                                       static_cast<int>(value.size()), -1, 0) == 1);
  };
  add("O", "Tests");
  add("CN", common_name);
}

CertificateHandle make_certificate(const std::string& name, EVP_PKEY& key,
                                   std::chrono::seconds ends_in) {
  CertificateHandle certificate{::X509_new()};
  check(certificate && ::X509_set_version(certificate.get(), X509_VERSION_3) == 1);
  std::uint64_t serial = 0;
  check(::RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
  ::ASN1_INTEGER_set_uint64(::X509_get_serialNumber(certificate.get()), serial >> 1U);
  ::X509_gmtime_adj(::X509_getm_notBefore(certificate.get()), -began_before.count());
  ::X509_gmtime_adj(::X509_getm_notAfter(certificate.get()), ends_in.count());
  set_name(::X509_get_subject_name(certificate.get()), name);
  check(::X509_set_pubkey(certificate.get(), &key) == 1);
  return certificate;
}

template <class Write>
std::string to_pem(Write write) {
  const BioHandle text{::BIO_new(::BIO_s_mem())};
  check(write(text.get()) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509& certificate) {
  return to_pem([&](BIO* out) { return ::PEM_write_bio_X509(out, &certificate); });
}

}  // namespace

TestAuthority::TestAuthority(const std::string& name)
    : key_(make_key()), certificate_(make_certificate(name, *key_, std::chrono::hours{24 * 365})) {
  X509& own = *certificate_;
  check(::X509_set_issuer_name(&own, ::X509_get_subject_name(&own)) == 1);
  add_extension(own, own, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(own, own, NID_subject_key_identifier, "hash");
  check(::X509_sign(&own, key_.get(), ::EVP_sha256()) > 0);
}

TestIdentity TestAuthority::issue(const TestCertificate& wanted) const {
  const KeyHandle key = make_key();
  const auto certificate = make_certificate(wanted.name, *key, wanted.ends_in);
  check(::X509_set_issuer_name(certificate.get(), ::X509_get_subject_name(certificate_.get())) ==
        1);
  add_extension(*certificate, *certificate_, NID_basic_constraints, "critical,CA:FALSE");
  if (!wanted.alternative_names.empty()) {
    add_extension(*certificate, *certificate_, NID_subject_alt_name, wanted.alternative_names);
  }
  check(::X509_sign(certificate.get(), key_.get(), ::EVP_sha256()) > 0);
  return {pem_of(*certificate), to_pem([&](BIO* out) {
            return ::PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr,
                                              nullptr);
          })};
}

std::string TestAuthority::certificate() const {
  return pem_of(*certificate_);
}

std::filesystem::path write_file(const std::filesystem::path& directory, const std::string& name,
                                 const std::string& text) {
  namespace fs = std::filesystem;
  const auto path = directory / name;
  const auto fresh = directory / (name + ".new");
  std::ofstream(fresh, std::ios::binary) << text;
  fs::permissions(fresh, fs::perms::owner_read | fs::perms::owner_write);
  fs::rename(fresh, path);
  return path;
}

}  // namespace mentat_sync
