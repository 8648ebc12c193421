// Files are read whole and then parsed, so that one that is replaced meanwhile is either the old or
// the new one.
#include "http/tls/pem_files.hpp"

#include "storage/bounds.hpp"
#include "storage/regular_file.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <cstdint>
#include <ctime>
#include <utility>

namespace mentat_sync {
namespace {

namespace fs = std::filesystem;

Status failure(ErrorCode code, const std::string& what, const fs::path& file,
               const std::string& why) {
  return {code, "cannot use " + what + " in '" + file.string() + "': " + why};
}

/// A file's bytes, which are wiped out in the end: they may be a key.
class FileBytes {
 public:
  static Result<FileBytes> read(const fs::path& file, const std::string& what) {
    auto opened = RegularFile::open(file);
    if (!opened) return failure(ErrorCode::io, what, file, opened.status().message());
    FileBytes content;
    content.bytes_.resize(bounds::key_file_bytes + 1);
    const auto count = opened->read(content.bytes_.data(), content.bytes_.size());
    if (!count) return failure(ErrorCode::io, what, file, count.status().message());
    content.bytes_.resize(*count);
    if (content.bytes_.size() <= bounds::key_file_bytes) return content;
    return failure(ErrorCode::invalid, what, file, "it is larger than 1 MiB");
  }

  FileBytes() = default;
  FileBytes(FileBytes&&) = default;
  FileBytes& operator=(FileBytes&&) = default;
  ~FileBytes() { ::OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

  BioHandle stream() const {
    return BioHandle{::BIO_new_mem_buf(bytes_.data(), static_cast<int>(bytes_.size()))};
  }

 private:
  std::vector<char> bytes_;  // not a string: moving a short one would leave a copy behind
};

/// Notes that it was asked for a pass phrase, and gives none.
int refuse_pass_phrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

/// Whether reading ended because there is no further object, which is how PEM files end.
bool at_end_of_objects() {
  const auto error = ::ERR_peek_last_error();
  return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

}  // namespace

Result<std::vector<CertificateHandle>> read_certificates(const fs::path& file,
                                                         const std::string& what) {
  auto bytes = FileBytes::read(file, what);
  if (!bytes) return bytes.status();
  const BioHandle stream = bytes->stream();
  ::ERR_clear_error();
  std::vector<CertificateHandle> certificates;
  while (X509* next = ::PEM_read_bio_X509(stream.get(), nullptr, nullptr, nullptr)) {
    certificates.emplace_back(next);
  }
  const bool whole = at_end_of_objects();
  const std::string reason = take_openssl_error("it cannot be parsed");
  if (!whole) return failure(ErrorCode::invalid, what, file, reason);
  if (!certificates.empty()) return certificates;
  return failure(ErrorCode::invalid, what, file, "it holds no certificate in PEM's form");
}

Result<KeyHandle> read_private_key(const fs::path& file) {
  const std::string what = "the key";
  auto bytes = FileBytes::read(file, what);
  if (!bytes) return bytes.status();
  const BioHandle stream = bytes->stream();
  ::ERR_clear_error();
  bool encrypted = false;
  KeyHandle key{::PEM_read_bio_PrivateKey(stream.get(), nullptr, refuse_pass_phrase, &encrypted)};
  const std::string reason = take_openssl_error("it cannot be parsed");
  if (key) return key;
  if (encrypted) return failure(ErrorCode::invalid, what, file, "it is encrypted; decrypt it");
  return failure(ErrorCode::invalid, what, file,
                 "it holds no private key that can be used, in PEM's form (" + reason + ")");
}

Status use_certificate(SSL_CTX& context, const fs::path& certificate_file,
                       const fs::path& key_file) {
  const std::string what = "the certificate";
  auto chain = read_certificates(certificate_file, what);
  if (!chain) return chain.status();
  auto key = read_private_key(key_file);
  if (!key) return key.status();
  X509* const leaf = chain->front().get();
  if (::X509_check_private_key(leaf, key->get()) != 1) {
    ::ERR_clear_error();
    return failure(ErrorCode::invalid, what, certificate_file,
                   "the key in '" + key_file.string() +
                       "' is not its own: a key's own certificate comes first in its file");
  }
  bool taken = ::SSL_CTX_use_certificate(&context, leaf) == 1 &&
               ::SSL_CTX_use_PrivateKey(&context, key->get()) == 1;
  for (std::size_t i = 1; taken && i < chain->size(); ++i) {
    taken = SSL_CTX_add1_chain_cert(&context, (*chain)[i].get()) == 1;
  }
  if (taken) return {};
  return failure(ErrorCode::invalid, what, certificate_file, take_openssl_error("it is refused"));
}

std::string subject_of(const X509& certificate) {
  const BioHandle text{::BIO_new(::BIO_s_mem())};
  // As RFC 2253 has it, but for letters beyond ASCII, which stay UTF-8.
  const unsigned long form = XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  ::X509_NAME_print_ex(text.get(), ::X509_get_subject_name(&certificate), 0, form);
  char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string{};
}

std::chrono::system_clock::time_point end_of_validity(const X509& certificate) {
  std::tm parts{};
  if (::ASN1_TIME_to_tm(::X509_get0_notAfter(&certificate), &parts) != 1) return {};
  return std::chrono::system_clock::from_time_t(::timegm(&parts));
}

}  // namespace mentat_sync
