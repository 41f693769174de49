#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace naru {

/// Classes of upstream failure, as in the table of policies/resilience (who falls over, who does not).
enum class failure_class : std::uint8_t {
  transient,       ///< connect, TLS, DNS, reset, timeout before content; 408 409 425 500 502 503 504 529; unreadable answer
  limited,         ///< 429 with (or without) a wait
  account,         ///< 401, 403, no credit: our credential, not the client's
  settings,        ///< 404 model, 410: what is configured does not exist there
  too_small,       ///< the context is too long for this deployment
  request,         ///< 400 413 415 422 otherwise: relayed as it is
  content_policy,  ///< the vendor refused the content
  busy,            ///< the local worker's full queue: never counts against its breaker
  broken_stream,   ///< anything after content has been sent
  canceled,        ///< the client left or the deadline passed: nobody's fault upstream
};

[[nodiscard]] std::string_view to_string(failure_class c) noexcept;

/// One failed upstream call, as a dialect read it from the vendor's bytes. A value.
struct failure {
  failure_class cls = failure_class::transient;
  int status = 0;                                        ///< HTTP status; 0 when there was none (connect, reset, in-band)
  std::string type;                                      ///< the vendor's error type, e.g. "overloaded_error"; checked for printable ASCII
  std::string code;                                      ///< the vendor's code, e.g. "insufficient_quota"
  std::string param;                                     ///< the field that the vendor names
  std::string message;                                   ///< the vendor's words; may quote the request: never logged
  std::optional<std::chrono::milliseconds> retry_after;  ///< from headers or body
  bool not_here_again = false;                           ///< the vendor says that asking again cannot help; another deployment may
};

}  // namespace naru
