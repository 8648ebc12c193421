// See socket_bio.hpp.
#include "http/tls/socket_bio.hpp"

#include <cerrno>
#include <cstdint>
#include <new>
#include <sys/socket.h>

namespace mentat_sync {
namespace {

int descriptor_of(BIO* bio) {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(::BIO_get_data(bio)));
}

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

int write_socket(BIO* bio, const char* data, std::size_t size, std::size_t* written) {
  BIO_clear_retry_flags(bio);
  const auto sent = ::send(descriptor_of(bio), data, size, MSG_NOSIGNAL);
  *written = sent > 0 ? static_cast<std::size_t>(sent) : 0;
  if (sent < 0 && would_block()) BIO_set_retry_write(bio);
  return sent >= 0 ? 1 : 0;
}

int read_socket(BIO* bio, char* data, std::size_t size, std::size_t* read) {
  BIO_clear_retry_flags(bio);
  const auto received = ::recv(descriptor_of(bio), data, size, 0);
  *read = received > 0 ? static_cast<std::size_t>(received) : 0;
  if (received < 0 && would_block()) BIO_set_retry_read(bio);
  // So that OpenSSL can tell the end of the stream from a failure.
  if (received == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return received > 0 ? 1 : 0;
}

long control_socket(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* make_method() {
  BIO_METHOD* method = ::BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
  if (method == nullptr) throw std::bad_alloc();
  ::BIO_meth_set_write_ex(method, write_socket);
  ::BIO_meth_set_read_ex(method, read_socket);
  ::BIO_meth_set_ctrl(method, control_socket);
  return method;
}

}  // namespace

BioHandle make_socket_bio(int descriptor) {
  static BIO_METHOD* const method = make_method();  // for the process's life
  BioHandle bio{::BIO_new(method)};
  if (!bio) throw std::bad_alloc();
  ::BIO_set_data(bio.get(), reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor)));
  ::BIO_set_init(bio.get(), 1);
  return bio;
}

void use_socket(SSL& tls, int descriptor) {
  BIO* const bio = make_socket_bio(descriptor).release();
  ::SSL_set_bio(&tls, bio, bio);  // both the same: it takes one reference
}

}  // namespace mentat_sync
