#include "core/error.hpp"

#include <array>

namespace naru {
namespace {

struct row {
  error_code code;
  int status;
  std::string_view word;
  bool retry;  ///< whether a client's own retry could help soon
};

constexpr std::array table{
    row{error_code::bad_request, 400, "bad_request", false},
    row{error_code::unsupported_field, 400, "unsupported_field", false},
    row{error_code::context_too_long, 400, "context_length_exceeded", false},
    row{error_code::content_policy, 400, "content_policy_violation", false},
    row{error_code::unauthorized, 401, "invalid_api_key", false},
    row{error_code::payment_required, 402, "budget_exceeded", false},
    row{error_code::forbidden, 403, "forbidden", false},
    row{error_code::not_found, 404, "not_found", false},
    row{error_code::method_not_allowed, 405, "method_not_allowed", false},
    row{error_code::request_timeout, 408, "request_timeout", false},
    row{error_code::conflict, 409, "conflict", false},
    row{error_code::payload_too_large, 413, "payload_too_large", false},
    row{error_code::unsupported_media, 415, "unsupported_media_type", false},
    row{error_code::unprocessable, 422, "unprocessable", false},
    row{error_code::rate_limited, 429, "rate_limit_exceeded", true},
    row{error_code::head_too_large, 431, "head_too_large", false},
    row{error_code::canceled, 499, "canceled", false},
    row{error_code::internal, 500, "internal_error", false},
    row{error_code::overloaded, 503, "overloaded", true},
    row{error_code::shutting_down, 503, "shutting_down", true},
    row{error_code::nothing_cleared, 503, "nothing_cleared", false},
    row{error_code::nothing_available, 503, "nothing_available", false},
    row{error_code::upstream_failed, 502, "upstream_failed", false},
    row{error_code::upstream_limited, 429, "rate_limit_exceeded", false},
    row{error_code::upstream_timeout, 504, "upstream_timeout", false},
    row{error_code::stream_broken, 502, "stream_broken", false},
};

const row& find(error_code code) noexcept {
  for (const row& r : table) {
    if (r.code == code) return r;
  }
  __builtin_unreachable();  // every enumerator has a row: tests/core/error_test.cpp walks them all
}

}  // namespace

int http_status(error_code code) noexcept { return find(code).status; }
std::string_view to_string(error_code code) noexcept { return find(code).word; }
bool client_should_retry(error_code code) noexcept { return find(code).retry; }

}  // namespace naru
