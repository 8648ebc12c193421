// Every form in which a public key may come to stand where a secret should.
#include "http/auth/public_material.hpp"

#include "jwt_issuer.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include <array>
#include <functional>

namespace mentat_sync {
namespace {

using nlohmann::json;

constexpr std::array<const char*, 3> kinds{"RSA", "EC", "ED25519"};

EvpKey public_key(const std::string& kind) {
  const auto pem = JwtIssuer::of(kind).public_pem();
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  EvpKey key{PEM_read_bio_PUBKEY(bio, nullptr, nullptr, nullptr)};
  BIO_free(bio);
  return key;
}

std::string taken(unsigned char* der, int size) {
  std::string bytes(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

/// SubjectPublicKeyInfo.
std::string der_of(const std::string& kind) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(public_key(kind).get(), &der);
  return taken(der, size);
}

/// RSAPublicKey, without what says that it is RSA's.
std::string rsa_der() {
  unsigned char* der = nullptr;
  const int size = i2d_PublicKey(public_key("RSA").get(), &der);
  return taken(der, size);
}

/// Signed by itself.
std::string certificate_der(const std::string& kind) {
  const auto pem = JwtIssuer::of(kind).private_pem();
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  const EvpKey key{PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr)};
  BIO_free(bio);
  X509* certificate = X509_new();
  X509_set_pubkey(certificate, key.get());
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 1000);
  X509_sign(certificate, key.get(), kind == "ED25519" ? nullptr : EVP_sha256());
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  X509_free(certificate);
  return taken(der, size);
}

std::string base64(const std::string& bytes) {
  std::string text(bytes.size() * 4 / 3 + 4, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string in_lines(const std::string& text, std::size_t chars, const std::string& end) {
  std::string lines;
  for (std::size_t i = 0; i < text.size(); i += chars) lines += text.substr(i, chars) + end;
  return lines;
}

std::string hex(const std::string& bytes, const std::string& between) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    if (!text.empty()) text += between;
    text += digits[static_cast<unsigned char>(byte) >> 4];
    text += digits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

std::string ssh_blob() {
  return std::string{"\0\0\0\x07ssh-rsa\0\0\0\x03\x01\0\x01\0\0\x01\x01", 22} +
         std::string(257, '\x42');
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count));
  return bytes;
}

void expect_found(const std::string& text, const std::string& what) {
  EXPECT_TRUE(public_material_in(text)) << what;
  EXPECT_TRUE(public_material_in(text + "\n")) << what << ", as a line";
  EXPECT_TRUE(public_material_in("\xef\xbb\xbf" + text)) << what << ", after a byte order mark";
}

TEST(PublicMaterial, IsFoundInDer) {
  for (const std::string kind : kinds) {
    expect_found(der_of(kind), kind);
    expect_found(certificate_der(kind), "certificate of " + kind);
  }
  expect_found(rsa_der(), "RSAPublicKey");
  expect_found(rsa_der().substr(0, 100), "what a broken copy left");
}

TEST(PublicMaterial, IsFoundInBase64AndHexadecimalDigits) {
  for (const auto& der : {der_of("RSA"), der_of("EC"), der_of("ED25519"), rsa_der(), ssh_blob()}) {
    const auto text = base64(der);
    expect_found(text, "one line");
    expect_found(in_lines(text, 64, "\n"), "lines");
    expect_found(in_lines(text, 76, "\r\n"), "lines of another system");
    expect_found("\"" + text + "\"", "in quotes");
    auto url = text.substr(0, text.find('='));
    for (char& c : url) c = c == '+' ? '-' : c == '/' ? '_' : c;
    expect_found(url, "the alphabet of URLs");
    expect_found(hex(der, ""), "hexadecimal digits");
    expect_found(hex(der, ":"), "hexadecimal digits with colons");
  }
}

TEST(PublicMaterial, IsFoundInPemOfWhateverShape) {
  const auto pem = JwtIssuer::of("EC").public_pem();
  expect_found(pem, "PEM");
  expect_found(pem.substr(1), "four dashes in front");
  expect_found(pem.substr(30), "the end of one");
  expect_found("---- BEGIN SSH2 PUBLIC KEY ----\n" + base64(ssh_blob()), "of SSH");
  expect_found("a comment\n" + pem, "with text before");
}

TEST(PublicMaterial, IsFoundInJsonXmlAndKeysOfSsh) {
  const json set{{"keys", {JwtIssuer::of("RSA").jwk("1")}}};
  expect_found(set.dump(), "JWKS");
  expect_found("\n" + set.dump(2), "JWKS in lines");
  expect_found(set.dump().substr(0, 60), "a part of a JWKS");
  expect_found("{\"kty\":\"RSA\",\"kid\":\"Schl\xc3\xbcssel\"", "with letters beyond ASCII");
  expect_found(json{JwtIssuer::of("EC").jwk("1")}.dump(), "an array");
  expect_found("<RSAKeyValue><Modulus>" + base64(rsa_der()) + "</Modulus>", "XML");
  expect_found("ssh-rsa " + base64(ssh_blob()) + " me@example", "SSH");
  expect_found("ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTY=", "SSH, EC");
  expect_found("restrict ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE x@y", "with options");
}

TEST(PublicMaterial, IsFoundInUtf16) {
  std::string wide = "\xff\xfe";
  for (const char c : JwtIssuer::of("EC").public_pem()) wide.append({c, '\0'});
  EXPECT_TRUE(public_material_in(wide));
}

TEST(PublicMaterial, IsNotFoundInSecrets) {
  for (const char* secret :
       {"", "a secret of at least 32 bytes, as HS256 wants it", "correct horse battery staple", "0",
        "the BEGINNING of a secret - which has dashes - and an END", "M", "MI"}) {
    EXPECT_FALSE(public_material_in(secret)) << secret;
  }
}

TEST(PublicMaterial, IsHardlyEverSeenInRandomBytes) {
  const std::array<std::function<std::string(const std::string&)>, 3> forms{
      [](const std::string& bytes) { return bytes; }, base64,
      [](const std::string& bytes) { return hex(bytes, ""); }};
  constexpr int tries = 20'000;
  for (const auto& form : forms) {
    int seen = 0;
    for (int i = 0; i < tries; ++i) {
      if (public_material_in(form(random_bytes(32)))) ++seen;
    }
    EXPECT_LE(seen, 20) << "2 are expected";
  }
}

}  // namespace
}  // namespace mentat_sync
