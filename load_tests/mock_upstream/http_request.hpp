#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace naru::mock {

/// One request as it came. `head` and `raw_body` are every byte of it; `body` is without the chunked framing.
struct http_request {
  std::string method;
  std::string path;                                          ///< percent-decoded, without the query
  std::string query;                                         ///< as it came, without '?'
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  std::string head;
  std::string raw_body;
  std::string body;
  std::string malformed;  ///< what was wrong with its framing; empty when nothing

  /// @return the header's value; empty when absent. Several of one name: the first.
  [[nodiscard]] std::string_view header(std::string_view lower_name) const noexcept;
  [[nodiscard]] std::size_t count(std::string_view lower_name) const noexcept;
  /// @return the value of a query parameter, percent-decoded
  [[nodiscard]] std::optional<std::string> query_value(std::string_view name) const;
};

/// Takes one whole request from the front of `bytes`.
/// @return the request and how many bytes it took; nullopt while it is incomplete. One that cannot be understood comes back with
///         `malformed` set and takes everything.
[[nodiscard]] std::optional<std::pair<http_request, std::size_t>> take_request(std::string_view bytes);

/// How much of `bytes` is a head that asks for "100 Continue" and has no body yet; 0 when none.
[[nodiscard]] bool wants_continue(std::string_view bytes) noexcept;

[[nodiscard]] std::string percent_decoded(std::string_view text);

}  // namespace naru::mock
