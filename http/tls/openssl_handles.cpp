// See openssl_handles.hpp.
#include "http/tls/openssl_handles.hpp"

#include <openssl/err.h>

namespace mentat_sync {

std::string take_openssl_error(const std::string& otherwise) {
  const unsigned long error = ::ERR_get_error();
  ::ERR_clear_error();
  const char* const reason = ERR_SYSTEM_ERROR(error) ? nullptr : ::ERR_reason_error_string(error);
  return reason ? reason : otherwise;
}

}  // namespace mentat_sync
