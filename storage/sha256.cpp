// SHA-256 through OpenSSL's EVP. The digest is fetched once and the context kept for each thread:
// for a chunk of 16 bytes that takes a quarter of the time of EVP_Digest with EVP_sha256().
#include "storage/sha256.hpp"

#include <openssl/evp.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

namespace mentat_sync {
namespace {

[[noreturn]] void die(const char* call) {
  std::fprintf(stderr, "mentat-sync: %s failed: SHA-256 is not available from OpenSSL\n", call);
  std::abort();
}

struct Free {
  void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

const EVP_MD* algorithm() {
  static const std::unique_ptr<EVP_MD, Free> digest{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  if (!digest) die("EVP_MD_fetch");
  return digest.get();
}

EVP_MD_CTX* context() {
  thread_local const std::unique_ptr<EVP_MD_CTX, Free> kept{EVP_MD_CTX_new()};
  if (!kept) die("EVP_MD_CTX_new");
  return kept.get();
}

}  // namespace

Sha256 sha256(std::string_view bytes) {
  Sha256 digest;
  unsigned size = 0;
  if (EVP_DigestInit_ex2(context(), algorithm(), nullptr) != 1) die("EVP_DigestInit_ex2");
  if (EVP_DigestUpdate(context(), bytes.data(), bytes.size()) != 1) die("EVP_DigestUpdate");
  if (EVP_DigestFinal_ex(context(), digest.data(), &size) != 1) die("EVP_DigestFinal_ex");
  return digest;
}

std::string to_hex(const Sha256& digest) {
  return ChunkId::of(digest).to_string();
}

bool is_sha256_of(const ChunkId& id, std::string_view bytes) {
  return id == ChunkId::of(sha256(bytes));
}

}  // namespace mentat_sync
