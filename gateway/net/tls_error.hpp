#pragma once
#include <string>

#include "core/error.hpp"

struct ssl_st;

namespace naru::net {

/// OpenSSL's own words for the oldest error in this thread's queue ("key values mismatch"), which is emptied; "unknown" if there is none.
[[nodiscard]] std::string take_tls_reason();

/// The error of an SSL call that gave `outcome` (SSL_get_error). Reasons: "tls_verify" (the other's certificate does not fit),
/// "truncated" (ended without close_notify), "reset", "tls".
[[nodiscard]] error tls_error(const char* operation, ssl_st* ssl, int outcome, int errno_after);

}  // namespace naru::net
