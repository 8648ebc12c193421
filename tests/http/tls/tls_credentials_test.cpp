// Certificates and keys: what is taken, what is refused and how it is said, and reading them again.
#include "http/tls/tls_credentials.hpp"

#include "http/tls/openssl_handles.hpp"
#include "tls_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>

#include <sys/stat.h>

namespace mentat_sync {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Mode = TlsOptions::ClientCertificates;
using std::chrono::hours;

class TlsCredentialsTest : public ::testing::Test {
 protected:
  Result<std::shared_ptr<TlsCredentials>> load() {
    return TlsCredentials::load(files.options, [this](LogLevel level, std::string_view event,
                                                      const std::vector<LogField>&) {
      if (level != LogLevel::info) doubts.emplace_back(event);
    });
  }
  std::string refusal() {
    const auto loaded = load();
    return loaded.ok() ? "it was taken" : loaded.status().message();
  }

  TlsFiles files;
  std::vector<std::string> doubts;
};

TEST_F(TlsCredentialsTest, TakesACertificateAndItsKey) {
  const auto loaded = load();
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  EXPECT_NE((*loaded)->current(), nullptr);
  EXPECT_THAT(doubts, IsEmpty());
  const auto left = (*loaded)->expires() - std::chrono::system_clock::now();
  EXPECT_GT(left, hours{24 * 89});
  EXPECT_LE(left, hours{24 * 90});
}

TEST_F(TlsCredentialsTest, PresentsTheCertificatesBetweenItsOwnAndTheAuthoritys) {
  const TestIdentity identity = files.authority.issue();
  files.options.certificate_file =
      files.write("chain.pem", identity.certificate + files.client_authority.certificate());
  files.options.key_file = files.write("server.key", identity.key);
  const auto loaded = load();
  ASSERT_TRUE(loaded.ok());
  STACK_OF(X509)* others = nullptr;
  SSL_CTX_get0_chain_certs((*loaded)->current().get(), &others);
  EXPECT_EQ(sk_X509_num(others), 1);
}

TEST_F(TlsCredentialsTest, SaysWhichFileIsWrongAndHow) {
  const TlsOptions good = files.options;
  files.options.certificate_file = "/nowhere/server.pem";
  EXPECT_THAT(refusal(), HasSubstr("'/nowhere/server.pem': No such file or directory"));
  files.options.certificate_file = files.directory.path();
  EXPECT_THAT(refusal(), HasSubstr(files.directory.path().string()));
  files.options.certificate_file = files.write("empty", "");
  EXPECT_THAT(refusal(), HasSubstr("empty': it holds no certificate"));
  files.options.certificate_file = good.key_file;
  EXPECT_THAT(refusal(), HasSubstr("it holds no certificate"));
  files.options.certificate_file =
      files.write("damaged", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  EXPECT_THAT(refusal(), HasSubstr("damaged': "));
  files.options = good;
  files.options.key_file = good.certificate_file;
  EXPECT_THAT(refusal(), HasSubstr("it holds no private key"));
  files.options.key_file = files.write("large", std::string(2'000'000, 'x'));
  EXPECT_THAT(refusal(), HasSubstr("large': it is larger than"));
}

TEST_F(TlsCredentialsTest, DoesNotWaitForAFifo) {
  const auto fifo = files.directory.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  files.ask_clients(Mode::optional);
  const TlsOptions good = files.options;
  const auto loaded = load();
  for (auto file :
       {&TlsOptions::certificate_file, &TlsOptions::key_file, &TlsOptions::client_ca_file}) {
    files.options = good;
    files.options.*file = fifo;
    EXPECT_THAT(refusal(), HasSubstr("fifo': it is no regular file"));
  }
  std::filesystem::rename(fifo, good.certificate_file);
  EXPECT_THAT((*loaded)->reload().message(), HasSubstr("it is no regular file"));
}

TEST_F(TlsCredentialsTest, RefusesAKeyOfAnotherCertificate) {
  files.options.key_file = files.write("other.key", files.authority.issue().key);
  EXPECT_THAT(refusal(), HasSubstr("is not its own: a key's own certificate comes first"));
}

TEST_F(TlsCredentialsTest, RefusesAnEncryptedKeyRatherThanAskForItsPassPhrase) {
  const auto key = files.authority.issue().key;
  const BioHandle in{::BIO_new_mem_buf(key.data(), static_cast<int>(key.size()))};
  const KeyHandle parsed{::PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr)};
  const BioHandle out{::BIO_new(::BIO_s_mem())};
  const std::string phrase = "phrase";
  ASSERT_EQ(::PEM_write_bio_PrivateKey(out.get(), parsed.get(), ::EVP_aes_128_cbc(),
                                       reinterpret_cast<const unsigned char*>(phrase.data()),
                                       static_cast<int>(phrase.size()), nullptr, nullptr),
            1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  files.options.key_file =
      files.write("encrypted.key", std::string(data, static_cast<std::size_t>(size)));
  EXPECT_THAT(refusal(), HasSubstr("it is encrypted"));
}

TEST_F(TlsCredentialsTest, RefusesOptionsThatDoNotFitTogether) {
  const auto refusal_of = [](const TlsOptions& options) {
    return check_tls_options(options).message();
  };
  EXPECT_TRUE(check_tls_options({}).ok());
  EXPECT_THAT(refusal_of({.certificate_file = "c"}), HasSubstr("--tls-key"));
  EXPECT_THAT(refusal_of({.key_file = "k"}), HasSubstr("--tls-certificate"));
  EXPECT_THAT(refusal_of({.client_ca_file = "a"}), HasSubstr("need TLS"));
  EXPECT_THAT(refusal_of({.client_certificates = Mode::required}), HasSubstr("need TLS"));
  TlsOptions options{.certificate_file = "c", .key_file = "k"};
  options.client_certificates = Mode::optional;
  EXPECT_THAT(refusal_of(options), HasSubstr("--tls-client-ca"));
  options = {.certificate_file = "c", .key_file = "k", .client_ca_file = "a"};
  EXPECT_THAT(refusal_of(options), HasSubstr("no effect"));
}

TEST_F(TlsCredentialsTest, RefusesCiphersThatOpenSslDoesNotKnow) {
  files.options.ciphers_1_2 = "NO-SUCH-CIPHER";
  EXPECT_THAT(refusal(), HasSubstr("the ciphers 'NO-SUCH-CIPHER'"));
}

TEST_F(TlsCredentialsTest, WarnsOfAKeyThatEverybodyCanRead) {
  namespace fs = std::filesystem;
  fs::permissions(files.options.key_file, fs::perms::others_read, fs::perm_options::add);
  EXPECT_TRUE(load().ok());
  EXPECT_THAT(doubts, Contains("key file is readable by everybody"));
}

TEST_F(TlsCredentialsTest, WarnsBeforeTheCertificateExpires) {
  files.renew({.ends_in = hours{24 * 13}});
  EXPECT_TRUE(load().ok());
  EXPECT_THAT(doubts, Contains("certificate expires soon"));
}

TEST_F(TlsCredentialsTest, ServesWithAnExpiredCertificateAndSaysSo) {
  files.renew({.ends_in = -hours{1}});
  EXPECT_TRUE(load().ok());
  EXPECT_THAT(doubts, Contains("certificate has expired"));
}

TEST_F(TlsCredentialsTest, ReloadTakesTheNewCertificate) {
  const auto loaded = load();
  ASSERT_TRUE(loaded.ok());
  TlsCredentials& credentials = **loaded;
  const auto first = credentials.current();
  files.renew({.ends_in = hours{24 * 200}});
  ASSERT_TRUE(credentials.reload().ok());
  EXPECT_NE(credentials.current(), first);
  EXPECT_GT(credentials.expires(), std::chrono::system_clock::now() + hours{24 * 199});
}

TEST_F(TlsCredentialsTest, AFailedReloadKeepsWhatThereWas) {
  const auto loaded = load();
  ASSERT_TRUE(loaded.ok());
  TlsCredentials& credentials = **loaded;
  const auto first = credentials.current();
  const auto expires = credentials.expires();
  files.write("server.key", "no key at all");
  EXPECT_THAT(credentials.reload().message(), HasSubstr("server.key"));
  files.renew({.ends_in = -hours{1}});
  EXPECT_THAT(credentials.reload().message(), HasSubstr("has expired"));
  EXPECT_EQ(credentials.current(), first);
  EXPECT_EQ(credentials.expires(), expires);
}

TEST_F(TlsCredentialsTest, RefusesAuthoritiesThatAreNone) {
  files.ask_clients(Mode::required);
  files.write("clients.pem", "nothing");
  EXPECT_THAT(refusal(), HasSubstr("the clients' authorities"));
}

}  // namespace
}  // namespace mentat_sync
