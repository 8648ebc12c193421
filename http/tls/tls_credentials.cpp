// What is offered follows Mozilla's "intermediate" recommendation, without the finite-field
// Diffie-Hellman suites: no client needs them, and they let clients make a server compute.
#include "http/tls/tls_credentials.hpp"

#include "http/tls/pem_files.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <new>
#include <string_view>
#include <sys/stat.h>
#include <utility>

namespace mentat_sync {
namespace {

using TimePoint = TlsCredentials::TimePoint;
using Clock = std::chrono::system_clock;

constexpr auto ciphers_1_2_by_default =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr auto ciphers_1_3_by_default =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr auto groups = "X25519:P-256:P-384";

/// Renewal is usually due a month before the end; with less than this it has failed.
constexpr std::chrono::hours warned_before{14 * 24};

/// Sessions are resumed only by contexts of the same one, and only with their own ticket keys.
constexpr std::string_view session_context = "mentat-sync";

/// RFC 7301: each with its length in front.
constexpr std::array<unsigned char, 9> protocols{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

int select_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  // What is chosen is one of the offered or of ours, both of which live on.
  unsigned char* found = nullptr;
  const int result = ::SSL_select_next_proto(&found, chosen_size, protocols.data(),
                                             protocols.size(), offered, offered_size);
  *chosen = found;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

Status refused(const std::string& what) {
  return {ErrorCode::invalid,
          "cannot use TLS: " + what + ": " + take_openssl_error("OpenSSL refuses it")};
}

Status set_ciphers(SSL_CTX& context, const TlsOptions& options) {
  const auto& older = options.ciphers_1_2;
  const auto& newer = options.ciphers_1_3;
  if (::SSL_CTX_set_cipher_list(&context, older.empty() ? ciphers_1_2_by_default : older.c_str()) !=
      1) {
    return refused("the ciphers '" + older + "'");
  }
  if (::SSL_CTX_set_ciphersuites(&context,
                                 newer.empty() ? ciphers_1_3_by_default : newer.c_str()) != 1) {
    return refused("the cipher suites '" + newer + "'");
  }
  if (SSL_CTX_set1_groups_list(&context, groups) != 1) return refused("the groups");
  return {};
}

Status set_policy(SSL_CTX& context, const TlsOptions& options) {
  const bool only_newest = options.min_version == TlsOptions::Version::tls_1_3;
  if (SSL_CTX_set_min_proto_version(&context, only_newest ? TLS1_3_VERSION : TLS1_2_VERSION) != 1) {
    return refused("the lowest version");
  }
  ::SSL_CTX_set_options(&context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  // Buffers of an idle connection go back; what is written may move between two attempts.
  SSL_CTX_set_mode(&context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                 SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(&context, 1);  // a record in one system call
  // Clients keep their sessions themselves, as tickets; the server keeps none.
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
  ::SSL_CTX_set_session_id_context(&context,
                                   reinterpret_cast<const unsigned char*>(session_context.data()),
                                   static_cast<unsigned>(session_context.size()));
  ::SSL_CTX_set_alpn_select_cb(&context, select_protocol, nullptr);
  return set_ciphers(context, options);
}

Status set_client_verification(SSL_CTX& context, const TlsOptions& options) {
  using Mode = TlsOptions::ClientCertificates;
  if (options.client_certificates == Mode::off) return {};
  auto authorities = read_certificates(options.client_ca_file, "the clients' authorities");
  if (!authorities) return authorities.status();
  for (const auto& authority : *authorities) {
    if (::X509_STORE_add_cert(::SSL_CTX_get_cert_store(&context), authority.get()) != 1 ||
        ::SSL_CTX_add_client_CA(&context, authority.get()) != 1) {
      return refused("an authority in '" + options.client_ca_file.string() + "'");
    }
  }
  const bool required = options.client_certificates == Mode::required;
  ::SSL_CTX_set_verify(&context, SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
                       nullptr);
  return {};
}

/// "2026-01-31T12:00:00Z".
std::string to_text(TimePoint time) {
  const std::time_t seconds = Clock::to_time_t(time);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

void log_key_permissions(const TlsOptions& options, const Log& log) {
  struct stat state {};
  const auto file = options.key_file.string();
  if (::stat(file.c_str(), &state) != 0 || (state.st_mode & S_IROTH) == 0) return;
  log(LogLevel::warning, "key file is readable by everybody",
      {{"file", file}, {"remedy", "chmod o-r, and give it to the server's user or group"}});
}

}  // namespace

Status check_tls_options(const TlsOptions& options) {
  using Mode = TlsOptions::ClientCertificates;
  const bool certificate = !options.certificate_file.empty();
  const bool authorities = !options.client_ca_file.empty();
  const bool asks = options.client_certificates != Mode::off;
  if (certificate && options.key_file.empty()) {
    return {ErrorCode::invalid, "a TLS certificate needs its key (--tls-key)"};
  }
  if (!certificate && !options.key_file.empty()) {
    return {ErrorCode::invalid, "a TLS key needs its certificate (--tls-certificate)"};
  }
  if (!certificate && (authorities || asks)) {
    return {ErrorCode::invalid, "clients' certificates need TLS (--tls-certificate and --tls-key)"};
  }
  if (asks && !authorities) {
    return {ErrorCode::invalid,
            "clients' certificates need the authorities that they come from (--tls-client-ca)"};
  }
  if (authorities && !asks) {
    return {ErrorCode::invalid,
            "--tls-client-ca has no effect unless --tls-client-certificates is optional or "
            "required"};
  }
  return {};
}

TlsCredentials::TlsCredentials(TlsOptions options, Log log)
    : options_(std::move(options)), log_(std::move(log)) {}

Result<std::shared_ptr<TlsCredentials>> TlsCredentials::load(TlsOptions options, Log log) {
  if (Status status = check_tls_options(options); !status.ok()) return status;
  auto loaded = read(options);
  if (!loaded) return loaded.status();
  std::shared_ptr<TlsCredentials> credentials{
      new TlsCredentials{std::move(options), std::move(log)}};
  credentials->take(std::move(loaded).value());
  return credentials;
}

Result<TlsCredentials::Loaded> TlsCredentials::read(const TlsOptions& options) {
  ::ERR_clear_error();
  std::shared_ptr<SSL_CTX> context{::SSL_CTX_new(::TLS_server_method()), &::SSL_CTX_free};
  if (!context) throw std::bad_alloc();
  if (Status status = set_policy(*context, options); !status.ok()) return status;
  Status status = use_certificate(*context, options.certificate_file, options.key_file);
  if (!status.ok()) return status;
  status = set_client_verification(*context, options);
  if (!status.ok()) return status;
  const X509& leaf = *::SSL_CTX_get0_certificate(context.get());
  return Loaded{std::move(context), end_of_validity(leaf), subject_of(leaf)};
}

std::shared_ptr<ssl_ctx_st> TlsCredentials::current() const {
  const std::lock_guard lock{mutex_};
  return loaded_.context;
}

TlsCredentials::TimePoint TlsCredentials::expires() const {
  const std::lock_guard lock{mutex_};
  return loaded_.expires;
}

Status TlsCredentials::reload() {
  auto loaded = read(options_);
  if (!loaded) return loaded.status();
  const TimePoint now = Clock::now();
  if (loaded->expires <= now && expires() > now) {
    return {ErrorCode::invalid, "the certificate in '" + options_.certificate_file.string() +
                                    "' has expired: " + to_text(loaded->expires)};
  }
  if (log_) {
    log_(LogLevel::info, "certificates reloaded",
         {{"subject", loaded->subject}, {"expires", to_text(loaded->expires)}});
  }
  take(std::move(loaded).value());
  return {};
}

void TlsCredentials::take(Loaded loaded) {
  log_doubts(loaded);
  Loaded before = std::move(loaded);  // what is replaced is freed after the lock
  const std::lock_guard lock{mutex_};
  std::swap(loaded_, before);
}

void TlsCredentials::log_doubts(const Loaded& loaded) const {
  if (!log_) return;
  log_key_permissions(options_, log_);
  const TimePoint now = Clock::now();
  if (loaded.expires > now + warned_before) return;
  const bool expired = loaded.expires <= now;
  log_(expired ? LogLevel::error : LogLevel::warning,
       expired ? "certificate has expired" : "certificate expires soon",
       {{"file", options_.certificate_file.string()},
        {"expires", to_text(loaded.expires)},
        {"remedy", "renew it, then send SIGHUP"}});
}

}  // namespace mentat_sync
