#pragma once
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace naru::net::client {

/// Reason words of an upstream exchange. Messages beside them never hold an address, a host name or a key.
namespace reasons {
inline constexpr std::string_view dns = "dns";
inline constexpr std::string_view connect = "connect";
inline constexpr std::string_view tls = "tls";
inline constexpr std::string_view proxy = "proxy";
inline constexpr std::string_view reset = "reset";  ///< closed or reset before the head of the answer was whole
inline constexpr std::string_view connect_timeout = "connect_timeout";
inline constexpr std::string_view first_byte_timeout = "first_byte_timeout";
inline constexpr std::string_view idle_timeout = "idle_timeout";
inline constexpr std::string_view deadline = "deadline";
inline constexpr std::string_view cut = "cut";            ///< the body ended before its length or last chunk
inline constexpr std::string_view bad_head = "bad_head";  ///< no HTTP/1.1 answer, or an ambiguous one
inline constexpr std::string_view bad_body = "bad_body";  ///< malformed chunk framing or compression
inline constexpr std::string_view too_long = "too_long";  ///< past the limit given to `read_all`
inline constexpr std::string_view canceled = "canceled";
}  // namespace reasons

[[nodiscard]] inline error failure_of(std::string_view reason, std::string message) {
  return error{error_code::upstream_failed, std::move(message), {}, std::string{reason}, std::nullopt};
}
/// The error of a wait that was ended from outside: `canceled`, or upstream_timeout for the timeouts and the deadline.
[[nodiscard]] inline error interrupted(std::string_view reason) {
  if (reason == reasons::canceled) return error{error_code::canceled, "the call was canceled", {}, std::string{reason}, std::nullopt};
  std::string message = reason == reasons::connect_timeout      ? "no connection to the upstream in time"
                        : reason == reasons::first_byte_timeout ? "the upstream did not answer in time"
                        : reason == reasons::idle_timeout       ? "the upstream stopped in the middle of its answer"
                                                                : "the time for the whole call is over";
  return error{error_code::upstream_timeout, std::move(message), {}, std::string{reason}, std::nullopt};
}

}  // namespace naru::net::client
