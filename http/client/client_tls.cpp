// See client_tls.hpp.
#include "http/client/client_tls.hpp"

#include "http/tls/pem_files.hpp"
#include "http/tls/socket_bio.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <arpa/inet.h>
#include <cerrno>
#include <new>
#include <poll.h>

namespace mentat_sync {
namespace {

namespace asio = boost::asio;

bool is_address(const std::string& host) {
  in6_addr ignored{};
  return ::inet_pton(AF_INET, host.c_str(), &ignored) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
}

/// What SSL_set_tlsext_host_name() is, a macro with a cast of the old kind.
bool set_server_name(SSL& tls, std::string host) {
  return ::SSL_ctrl(&tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data()) ==
         1;
}

Status trust(SSL_CTX& context, const std::filesystem::path& ca_file) {
  if (ca_file.empty()) {
    if (::SSL_CTX_set_default_verify_paths(&context) == 1) return {};
    return {ErrorCode::io, take_openssl_error("the system's authorities cannot be read")};
  }
  const auto authorities = read_certificates(ca_file, "the authorities");
  if (!authorities) return authorities.status();
  for (const auto& authority : *authorities) {
    ::X509_STORE_add_cert(::SSL_CTX_get_cert_store(&context), authority.get());
  }
  // A server's own certificate may be what is trusted, also when it is no authority's.
  ::X509_VERIFY_PARAM_set_flags(::SSL_CTX_get0_param(&context), X509_V_FLAG_PARTIAL_CHAIN);
  return {};
}

}  // namespace

Result<ClientTlsContext> make_client_tls_context(const ClientOptions& options) {
  ClientTlsContext context{::SSL_CTX_new(::TLS_client_method()), &::SSL_CTX_free};
  if (!context) throw std::bad_alloc();
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  ::SSL_CTX_set_options(context.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  ::SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (Status status = trust(*context, options.ca_file); !status.ok()) return status;
  if (options.certificate_file.empty() && options.key_file.empty()) return context;
  const Status status = use_certificate(*context, options.certificate_file, options.key_file);
  if (!status.ok()) return status;
  return context;
}

ClientTls::ClientTls(SSL_CTX& context, int descriptor, const std::string& host)
    : tls_(::SSL_new(&context)) {
  if (!tls_) throw std::bad_alloc();
  use_socket(*tls_, descriptor);
  ::SSL_set_connect_state(tls_.get());
  bool named = false;
  if (is_address(host)) {
    named = ::X509_VERIFY_PARAM_set1_ip_asc(::SSL_get0_param(tls_.get()), host.c_str()) == 1;
  } else {
    named = ::SSL_set1_host(tls_.get(), host.c_str()) == 1 && set_server_name(*tls_, host);
  }
  // Without the name any trusted certificate would do.
  if (!named) throw std::bad_alloc();
}

ClientTls::Attempt ClientTls::handshake() {
  ::ERR_clear_error();
  const int result = ::SSL_do_handshake(tls_.get());
  usable_ = result == 1;
  return usable_ ? Attempt{} : failed(result);
}

ClientTls::Attempt ClientTls::read(void* data, std::size_t size) {
  ::ERR_clear_error();
  Attempt attempt;
  const int result = ::SSL_read_ex(tls_.get(), data, size, &attempt.bytes);
  return result == 1 ? attempt : failed(result);
}

ClientTls::Attempt ClientTls::write(std::string_view bytes) {
  ::ERR_clear_error();
  Attempt attempt;
  const int result = ::SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &attempt.bytes);
  return result == 1 ? attempt : failed(result);
}

ClientTls::Attempt ClientTls::peek() {
  ::ERR_clear_error();
  char byte = 0;
  Attempt attempt;
  const int result = ::SSL_peek_ex(tls_.get(), &byte, 1, &attempt.bytes);
  return result == 1 ? attempt : failed(result);
}

/// As far as the socket takes it at once.
void ClientTls::say_goodbye() {
  if (usable_) ::SSL_shutdown(tls_.get());
  ::ERR_clear_error();
}

std::string ClientTls::certificate_fault() const {
  const long result = ::SSL_get_verify_result(tls_.get());
  return result == X509_V_OK ? "" : ::X509_verify_cert_error_string(result);
}

ClientTls::Attempt ClientTls::failed(int result) {
  const int system_error = errno;
  const int kind = ::SSL_get_error(tls_.get(), result);
  if (kind == SSL_ERROR_WANT_READ) return {.waits_for = POLLIN};
  if (kind == SSL_ERROR_WANT_WRITE) return {.waits_for = POLLOUT};
  if (kind == SSL_ERROR_ZERO_RETURN) return {.error = asio::error::eof};
  usable_ = false;
  const unsigned long error = ::ERR_get_error();
  ::ERR_clear_error();
  if (kind == SSL_ERROR_SSL && error != 0) {
    return {.error = {static_cast<int>(error), asio::error::get_ssl_category()}};
  }
  if (system_error == 0) return {.error = asio::error::connection_reset};
  return {.error = {system_error, boost::system::system_category()}};
}

}  // namespace mentat_sync
