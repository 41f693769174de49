#include "providers/dialects/shared.hpp"

#include <algorithm>
#include <cmath>

#include "providers/dialects/dialect.hpp"

namespace naru::dialects {
namespace {

constexpr std::int64_t longest_wait_ms = 24LL * 3600 * 1000;  // a longer one is a mistake or malice; a probe finds out after a day
constexpr std::uint64_t most_tokens = std::uint64_t{1} << 40;

std::string_view trim(std::string_view s) noexcept {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

/// Decimal number without sign or exponent; -1 when it is not one. Long digit strings saturate.
double plain_decimal(std::string_view s) noexcept {
  double value = 0, scale = 1;
  bool digits = false, point = false;
  for (const char c : s) {
    if (c == '.' && !point) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      digits = true;
      if (point) {
        scale /= 10;
        value += scale * (c - '0');
      } else {
        value = std::min(value * 10 + (c - '0'), 1e15);
      }
    } else {
      return -1;
    }
  }
  return digits ? value : -1;
}

std::optional<std::int64_t> to_ms(double ms) noexcept {
  if (ms < 0) return std::nullopt;
  // A decimal fraction is seldom exact in binary: 0.3 s must not become 301 ms.
  return static_cast<std::int64_t>(std::min(std::ceil(ms - 1e-6), static_cast<double>(longest_wait_ms)));
}

std::optional<std::chrono::milliseconds> wait_until(std::string_view when, std::string_view now) noexcept {
  const auto until = read_http_date(when);
  const auto since = read_http_date(now);
  if (!until || !since) return std::nullopt;  // no clock here: a date alone says nothing
  const auto ms = std::clamp<std::int64_t>(*until - *since, 0, longest_wait_ms / 1000) * 1000;
  return std::chrono::milliseconds{ms};
}

}  // namespace

std::optional<std::int64_t> read_seconds_as_ms(std::string_view text) noexcept {
  const double seconds = plain_decimal(trim(text));
  return seconds < 0 ? std::nullopt : to_ms(seconds * 1000);
}

std::string_view find_header(const std::vector<header>& headers, std::string_view name) noexcept {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

// Order as in the vendors' own SDKs: the precise one first. Servers that send both mean the same moment.
std::optional<std::chrono::milliseconds> read_retry_after(const std::vector<header>& headers) {
  if (const double ms = plain_decimal(trim(find_header(headers, "retry-after-ms"))); ms >= 0) {
    return std::chrono::milliseconds{*to_ms(ms)};
  }
  const auto after = trim(find_header(headers, "retry-after"));
  if (after.empty()) return std::nullopt;
  if (const auto ms = read_seconds_as_ms(after)) return std::chrono::milliseconds{*ms};
  return wait_until(after, find_header(headers, "date"));
}

bool forbids_retry(const std::vector<header>& headers) noexcept { return trim(find_header(headers, "x-should-retry")) == "false"; }

failure_class class_of_status(int status) noexcept {
  switch (status) {
    case 401:
    case 402:
    case 403:
    case 407: return failure_class::account;  // 407: the credential of our own proxy
    case 404:
    case 405:
    case 410: return failure_class::settings;  // 405: the base_url leads to something else
    case 429: return failure_class::limited;
    case 408:
    case 409:
    case 421:
    case 425:
    case 499: return failure_class::transient;  // 499: a server behind a proxy that gave up on itself
    default: break;
  }
  if (status >= 400 && status < 500) return failure_class::request;
  if (status >= 300 && status < 400) return failure_class::settings;  // redirects are never followed with a credential
  return failure_class::transient;
}

std::string clean_word(std::string_view text, std::size_t max) {
  text = trim(text);
  const bool printable = std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
  return printable && text.size() <= max ? std::string{text} : std::string{};
}

std::optional<std::uint64_t> token_count(json::value v) noexcept {
  if (std::uint64_t n = 0; v.get(n) == simdjson::SUCCESS) return n <= most_tokens ? std::optional{n} : std::nullopt;
  if (!v.is_double()) return std::nullopt;
  double d = 0;
  if (v.get(d) != simdjson::SUCCESS || !(d >= 0 && d <= static_cast<double>(most_tokens)) || d != std::floor(d)) return std::nullopt;
  return static_cast<std::uint64_t>(d);
}

void counts_reader::take(json::object from, std::string_view key, std::optional<std::uint64_t>& slot) {
  const auto v = json::find(from, key);
  if (!v || json::is_null(*v)) return;
  any_ = true;
  if (const auto n = token_count(*v)) {
    slot = n;
  } else {
    odd_ = true;
  }
}

}  // namespace naru::dialects
