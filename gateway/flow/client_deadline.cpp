#include "gateway/flow/client_deadline.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

namespace naru::flow {
namespace {

using std::chrono::milliseconds;

constexpr double longest_ms = 86'400'000;  ///< a day: longer says nothing, and would overflow somewhere

/// Digits, perhaps a point and more digits. nullopt: something else, or nothing.
std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (ec != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<milliseconds> scaled(std::string_view text, double factor) {
  const auto value = number(text);
  const double ms = value.value_or(0) * factor;
  if (!(ms > 0) || ms > longest_ms) return std::nullopt;
  return std::max(milliseconds{static_cast<std::int64_t>(ms)}, milliseconds{1});
}

std::optional<milliseconds> with_unit(std::string_view text, std::string_view unit, double factor) {
  if (!text.ends_with(unit)) return std::nullopt;
  return scaled(text.substr(0, text.size() - unit.size()), factor);
}

/// gRPC over HTTP/2: TimeoutValue is at most 8 digits.
std::optional<milliseconds> grpc(std::string_view text) {
  if (text.size() < 2 || text.size() > 9 ||
      !std::ranges::all_of(text.substr(0, text.size() - 1), [](char c) { return c >= '0' && c <= '9'; }))
    return std::nullopt;
  switch (text.back()) {
    case 'H': return scaled(text.substr(0, text.size() - 1), 3'600'000);
    case 'M': return scaled(text.substr(0, text.size() - 1), 60'000);
    case 'S': return scaled(text.substr(0, text.size() - 1), 1000);
    case 'm': return scaled(text.substr(0, text.size() - 1), 1);
    case 'u': return scaled(text.substr(0, text.size() - 1), 0.001);
    case 'n': return scaled(text.substr(0, text.size() - 1), 0.000001);
    default: return std::nullopt;
  }
}

/// The longer unit last: "ms" ends in "s" too.
std::optional<milliseconds> ours(std::string_view text) {
  if (text.ends_with("ms")) return with_unit(text, "ms", 1);
  if (text.ends_with('s')) return with_unit(text, "s", 1000);
  return with_unit(text, "m", 60'000);
}

void shorten(std::optional<milliseconds>& to, std::optional<milliseconds> said) {
  if (said) to = std::min(to.value_or(*said), *said);
}

}  // namespace

milliseconds client_patience::in_time(milliseconds said) noexcept {
  const auto margin = std::clamp<milliseconds>(said / 20, milliseconds{20}, milliseconds{500});
  return std::max(said - margin, milliseconds{1});
}

result<client_patience> read_patience(const net::request& r) {
  client_patience p;
  if (const auto own = r.find("x-naru-timeout"); own.data() != nullptr) {
    const auto said = ours(own);
    if (!said) {
      return fail(error_code::bad_request, "want a time with its unit, 1ms..1440m, such as 30s or 800ms", "x-naru-timeout");
    }
    shorten(p.whole, said);
  }
  shorten(p.whole, grpc(r.find("grpc-timeout")));
  shorten(p.whole, scaled(r.find("x-request-timeout-ms"), 1));
  shorten(p.whole, scaled(r.find("x-envoy-expected-rq-timeout-ms"), 1));
  shorten(p.content, scaled(r.find("x-stainless-timeout"), 1000));
  shorten(p.content, scaled(r.find("x-stainless-read-timeout"), 1000));
  return p;
}

}  // namespace naru::flow
