#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/json/document.hpp"

/// Small things that several dialects need beside the interface of dialect.hpp. Pure; any thread.
namespace naru::dialects {

/// A vendor's identifier (error type, code, parameter) that may go into logs and metrics: printable ASCII without spaces at the ends,
/// at most `max` bytes; anything else is dropped whole (empty), because a half of a code is a wrong code.
[[nodiscard]] std::string clean_word(std::string_view text, std::size_t max = 128);

/// A count of tokens in a vendor's usage. Untrusted: nullopt when it is not a non-negative integer of at most 2^40 (a thousand times the
/// longest context there is), so that a garbled answer can never be billed. A float without a fraction is taken (some servers write 12.0).
[[nodiscard]] std::optional<std::uint64_t> token_count(json::value v) noexcept;

/// Reads the counts of a vendor's usage, object by object, and remembers what it met. Untrusted, as with `token_count`.
class counts_reader {
 public:
  /// `slot` becomes the count that stands under `key`; what is absent, null or no count leaves it as it was.
  void take(json::object from, std::string_view key, std::optional<std::uint64_t>& slot);
  [[nodiscard]] bool any() const noexcept { return any_; }  ///< something stood where a count was looked for
  [[nodiscard]] bool odd() const noexcept { return odd_; }  ///< something that stood there was no count

 private:
  bool any_ = false;
  bool odd_ = false;
};

/// HTTP-date (IMF-fixdate, RFC 850, asctime: RFC 9110 §5.6.7) as seconds since the epoch, UTC.
[[nodiscard]] std::optional<std::int64_t> read_http_date(std::string_view text) noexcept;

/// A duration in seconds as vendors write it ("2", "1.5", " 30 "), in milliseconds, rounded up and at most one day.
/// nullopt: not a non-negative decimal number.
[[nodiscard]] std::optional<std::int64_t> read_seconds_as_ms(std::string_view text) noexcept;

}  // namespace naru::dialects
