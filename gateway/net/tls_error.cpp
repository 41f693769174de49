#include "gateway/net/tls_error.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <system_error>

#include "gateway/net/descriptor.hpp"

namespace naru::net {
namespace {

error make(const char* operation, std::string_view why, std::string reason) {
  return error{error_code::upstream_failed, fmt::format("{}: {}", operation, why), {}, std::move(reason), std::nullopt};
}

}  // namespace

std::string take_tls_reason() {
  const unsigned long first = ERR_get_error();
  ERR_clear_error();
  if (first == 0) return "unknown";
  if (ERR_SYSTEM_ERROR(first)) return std::generic_category().message(ERR_GET_REASON(first));
  const char* text = ERR_reason_error_string(first);
  return text != nullptr ? text : fmt::format("error {:#x}", first);
}

error tls_error(const char* operation, ssl_st* ssl, int outcome, int errno_after) {
  const unsigned long first = ERR_peek_error();
  if (outcome == SSL_ERROR_SYSCALL && first == 0) {
    return errno_after != 0 ? stream_error(operation, errno_after)
                            : make(operation, "the other end closed without ending TLS", "truncated");
  }
  if (ERR_GET_LIB(first) == ERR_LIB_SSL && ERR_GET_REASON(first) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
    ERR_clear_error();
    return make(operation, "the other end closed without ending TLS", "truncated");
  }
  if (ERR_GET_LIB(first) == ERR_LIB_SSL && ERR_GET_REASON(first) == SSL_R_CERTIFICATE_VERIFY_FAILED) {
    ERR_clear_error();
    return make(operation, X509_verify_cert_error_string(SSL_get_verify_result(ssl)), "tls_verify");
  }
  return make(operation, take_tls_reason(), "tls");
}

}  // namespace naru::net
