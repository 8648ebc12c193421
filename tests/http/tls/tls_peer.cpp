// See tls_peer.hpp.
#include "tls_peer.hpp"

#include "http/tls/pem_files.hpp"
#include "http/tls/socket_bio.hpp"

#include <openssl/pem.h>

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace mentat_sync {
namespace {

constexpr int timeout_s = 20;

BioHandle stream_of(const std::string& text) {
  return BioHandle{::BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

CertificateHandle parse_certificate(const std::string& text) {
  return CertificateHandle{::PEM_read_bio_X509(stream_of(text).get(), nullptr, nullptr, nullptr)};
}

void use_identity(SSL_CTX& context, const TestIdentity& identity) {
  const auto certificate = parse_certificate(identity.certificate);
  const KeyHandle key{
      ::PEM_read_bio_PrivateKey(stream_of(identity.key).get(), nullptr, nullptr, nullptr)};
  if (::SSL_CTX_use_certificate(&context, certificate.get()) != 1 ||
      ::SSL_CTX_use_PrivateKey(&context, key.get()) != 1) {
    throw std::runtime_error(take_openssl_error("no identity"));
  }
}

TlsContextHandle make_context(const TlsPeerOptions& options) {
  TlsContextHandle context{::SSL_CTX_new(::TLS_client_method())};
  SSL_CTX_set_min_proto_version(context.get(), options.version_min);
  SSL_CTX_set_max_proto_version(context.get(), options.version_max);
  SSL_CTX_set_mode(context.get(), SSL_MODE_AUTO_RETRY);
  if (!options.authority.empty()) {
    ::X509_STORE_add_cert(::SSL_CTX_get_cert_store(context.get()),
                          parse_certificate(options.authority).get());
    ::SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  }
  if (options.identity) use_identity(*context, *options.identity);
  std::string protocols;
  for (const auto& protocol : options.protocols) {
    protocols += static_cast<char>(protocol.size()) + protocol;
  }
  ::SSL_CTX_set_alpn_protos(context.get(), reinterpret_cast<const unsigned char*>(protocols.data()),
                            static_cast<unsigned>(protocols.size()));
  return context;
}

}  // namespace

int connect_to(std::uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval timeout{timeout_s, 0};
  const int on = 1;
  ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  peer.sin_port = htons(port);
  peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&peer), sizeof peer) == 0) {
    return descriptor;
  }
  ::close(descriptor);
  throw std::runtime_error("cannot connect");
}

TlsPeer::TlsPeer(std::uint16_t port, const TlsPeerOptions& options)
    : TlsPeer(connect_to(port), options) {}

TlsPeer::TlsPeer(int descriptor, const TlsPeerOptions& options, bool shakes_hands)
    : descriptor_(descriptor), context_(make_context(options)), tls_(::SSL_new(context_.get())) {
  use_socket(*tls_, descriptor_);
  ::SSL_set_connect_state(tls_.get());
  if (options.session) ::SSL_set_session(tls_.get(), options.session);
  if (shakes_hands) handshake();
}

TlsPeer::~TlsPeer() {
  ::close(descriptor_);
}

bool TlsPeer::handshake() {
  if (::SSL_do_handshake(tls_.get()) == 1) return true;
  failure_ = take_openssl_error("no answer");
  return false;
}

bool TlsPeer::send(std::string_view bytes) {
  std::size_t written = 0;
  if (::SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &written) == 1) return true;
  failure_ = take_openssl_error("not taken");
  return false;
}

std::string TlsPeer::read_some() {
  std::array<char, 65536> buffer;
  std::size_t count = 0;
  if (::SSL_read_ex(tls_.get(), buffer.data(), buffer.size(), &count) == 1) {
    return {buffer.data(), count};
  }
  if (!said_goodbye()) failure_ = take_openssl_error("silence or reset");
  return {};
}

bool TlsPeer::awaits(std::string_view text) {
  while (received_.find(text) == std::string::npos) {
    const std::string more = read_some();
    if (more.empty()) return false;
    received_ += more;
  }
  return true;
}

std::string TlsPeer::read_to_end() {
  for (std::string more = read_some(); !more.empty(); more = read_some()) received_ += more;
  return received_;
}

bool TlsPeer::said_goodbye() const {
  return (::SSL_get_shutdown(tls_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

void TlsPeer::finish_sending() {
  ::SSL_shutdown(tls_.get());
  cut_off();
}

void TlsPeer::cut_off() {
  ::shutdown(descriptor_, SHUT_WR);
}

}  // namespace mentat_sync
