#pragma once
#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace naru {

/// What went wrong, named for what the one who is told can do about it.
/// `http_status` and `openai_type` below are the only places where a code becomes a number or a dialect's word.
enum class error_code : std::uint8_t {
  // The caller's request
  bad_request,         ///< 400: malformed, or a value out of its range; `field` names it
  unsupported_field,   ///< 400: understood, but the chosen place cannot carry it; `field` names it
  context_too_long,    ///< 400: prompt and wanted output do not fit
  content_policy,      ///< 400: the vendor refused the content
  unauthorized,        ///< 401
  payment_required,    ///< 402: a budget
  forbidden,           ///< 403
  not_found,           ///< 404
  method_not_allowed,  ///< 405
  request_timeout,     ///< 408: the client was too slow in sending
  conflict,            ///< 409
  payload_too_large,   ///< 413
  unsupported_media,   ///< 415
  unprocessable,       ///< 422
  rate_limited,        ///< 429: `retry_after` says when it frees
  head_too_large,      ///< 431
  canceled,            ///< 499: the client left; never written to anybody
  // Ours
  internal,       ///< 500: a bug; the message carries no detail
  overloaded,     ///< 503: past our own limits; try again
  shutting_down,  ///< 503
  // Policy
  nothing_cleared,    ///< 503: no deployment that is up may have a request with this label
  nothing_available,  ///< 503: allowed deployments exist, none is up
  // The vendor's side
  upstream_failed,   ///< 502: every attempt failed, or our own credential was refused
  upstream_limited,  ///< 429: every allowed deployment is limiting us
  upstream_timeout,  ///< 504
  stream_broken,     ///< in-band: content had been sent when the upstream broke
};

/// The one error type. Thread: a value.
struct error {
  error_code code = error_code::internal;
  std::string message;  ///< for the person who reads it; never a secret, an upstream address or another's content
  std::string field;    ///< "messages[2].content[0].image_url", "limits.body"; empty when no field is at fault
  std::string reason;   ///< machine-readable word inside the class, e.g. "context_length_exceeded"; may be empty
  std::optional<std::chrono::milliseconds> retry_after;  ///< when a retry can help
};

template <class T>
using result = std::expected<T, error>;

/// `return fail(error_code::bad_request, "want ...", "field")`.
[[nodiscard]] inline std::unexpected<error> fail(error_code code, std::string message, std::string field = {}, std::string reason = {}) {
  return std::unexpected(error{code, std::move(message), std::move(field), std::move(reason), std::nullopt});
}
[[nodiscard]] inline std::unexpected<error> fail(error e) { return std::unexpected(std::move(e)); }

/// HTTP status for a code (499 for `canceled`, which no one reads).
[[nodiscard]] int http_status(error_code code) noexcept;

/// Stable snake_case word for a code: logs, metrics, `code` of an error object when `reason` is empty.
[[nodiscard]] std::string_view to_string(error_code code) noexcept;

/// Whether a client that retries by itself could get another answer soon: false makes us send `x-should-retry: false`,
/// because our own retries are spent and an SDK's would only triple the load.
[[nodiscard]] bool client_should_retry(error_code code) noexcept;

}  // namespace naru
