#include "providers/dialects/limits_left.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace naru::dialects {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest = std::chrono::hours{24};

/// One limit as far as it was said.
struct limit {
  std::optional<double> most;
  std::optional<double> left;
  std::optional<milliseconds> resets_in;
};

enum class unit : std::uint8_t { requests, tokens, input_tokens, output_tokens };
constexpr std::array<std::string_view, 4> units{"requests", "tokens", "input-tokens", "output-tokens"};

std::optional<double> number(std::string_view text) noexcept {
  double value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (fault != std::errc{} || end != text.data() + text.size() || !(value >= 0 && value < 1e18)) return std::nullopt;
  return value;
}

std::optional<unit> unit_named(std::string_view name) noexcept {
  const auto at = std::ranges::find(units, name);
  return at == units.end() ? std::nullopt : std::optional{static_cast<unit>(at - units.begin())};
}

class reader {
 public:
  explicit reader(wall_time now) noexcept : now_(now) {}

  void read(std::string_view name, std::string_view value) noexcept {
    constexpr std::string_view common = "x-ratelimit-", anthropic = "anthropic-ratelimit-",
                               utilization = "azure-openai-deployment-utilization";
    if (name.starts_with(common)) {
      name.remove_prefix(common.size());
      const std::size_t dash = name.find('-');
      if (dash == std::string_view::npos) return;
      if (const auto of = unit_named(name.substr(dash + 1))) note(limits_[index(*of)], name.substr(0, dash), value);
    } else if (name.starts_with(anthropic)) {
      name.remove_prefix(anthropic.size());
      const std::size_t dash = name.rfind('-');
      if (dash == std::string_view::npos) return;
      if (const auto of = unit_named(name.substr(0, dash))) note(limits_[index(*of)], name.substr(dash + 1), value);
    } else if (name == utilization && value.ends_with('%')) {
      const auto percent = number(value.substr(0, value.size() - 1));
      if (percent) used_ = *percent / 100;
    }
  }

  [[nodiscard]] std::optional<limits_left> narrowest() const noexcept {
    limits_left out;
    bool said = false;
    for (const limit& l : limits_) {
      const auto share = share_of(l);
      if (!share) continue;
      if (!said || *share < out.share) {
        out.share = *share;
        out.resets_in = l.resets_in;
      }
      said = true;
    }
    if (used_) {
      const auto share = static_cast<float>(std::clamp(1 - *used_, 0.0, 1.0));
      if (!said || share < out.share) out.resets_in.reset();
      out.share = std::min(out.share, share);
      said = true;
    }
    if (!said) return std::nullopt;
    note_tokens(out);
    return out;
  }

 private:
  static std::size_t index(unit u) noexcept { return static_cast<std::size_t>(u); }

  void note(limit& l, std::string_view what, std::string_view value) const noexcept {
    if (what == "limit") {
      l.most = number(value);
    } else if (what == "remaining") {
      l.left = number(value);
    } else if (what == "reset") {
      if (const auto span = read_go_duration(value)) {
        l.resets_in = *span;
      } else if (const auto at = read_rfc3339(value)) {
        l.resets_in = std::clamp(std::chrono::ceil<milliseconds>(*at - now_), milliseconds{0}, longest);
      }
    }
  }

  static std::optional<float> share_of(const limit& l) noexcept {
    if (!l.left) return std::nullopt;
    if (l.most && *l.most > 0) return static_cast<float>(std::clamp(*l.left / *l.most, 0.0, 1.0));
    return *l.left <= 0 ? std::optional{0.0F} : std::nullopt;
  }

  /// Of all tokens, else of the input's: output limits count what is not there yet.
  void note_tokens(limits_left& out) const noexcept {
    for (const unit u : {unit::tokens, unit::input_tokens}) {
      const limit& l = limits_[index(u)];
      if (!l.left || !l.most || *l.most <= 0) continue;
      constexpr double most = std::numeric_limits<std::uint32_t>::max();
      out.tokens_left = static_cast<std::uint32_t>(std::min(*l.left, most));
      out.tokens_limit = static_cast<std::uint32_t>(std::clamp(*l.most, 1.0, most));
      return;
    }
  }

  wall_time now_;
  std::array<limit, 4> limits_{};
  std::optional<double> used_;
};

/// Digits of exactly this width.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t width) noexcept {
  if (at + width > text.size()) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, width)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

bool says_limits(std::string_view name) noexcept {
  const auto begins = [&](std::string_view with) {
    return name.size() > with.size() && std::ranges::equal(name.substr(0, with.size()), with, {},
                                                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  };
  return begins("x-ratelimit-") || begins("anthropic-ratelimit-") || begins("azure-openai-deployment-utilizatio");
}

std::optional<limits_left> read_limits_left(const std::vector<header>& headers, wall_time now) noexcept {
  reader r(now);
  for (const auto& [name, value] : headers) r.read(name, value);
  return r.narrowest();
}

std::optional<milliseconds> read_go_duration(std::string_view text) noexcept {
  if (text.empty()) return std::nullopt;
  if (const auto seconds = number(text))
    return milliseconds{static_cast<std::int64_t>(std::min(*seconds * 1000 + 0.5, static_cast<double>(longest.count())))};
  double sum = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto value = number(text.substr(0, end));
    if (!value) return std::nullopt;
    text.remove_prefix(end);
    struct suffix {
      std::string_view word;
      double ms;
    };
    constexpr std::array<suffix, 6> suffixes{{{"ms", 1}, {"us", 1e-3}, {"ns", 1e-6}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}}};
    const auto unit = std::ranges::find_if(suffixes, [&](const suffix& s) { return text.starts_with(s.word); });
    if (unit == suffixes.end()) return std::nullopt;
    sum += *value * unit->ms;
    text.remove_prefix(unit->word.size());
  }
  return milliseconds{static_cast<std::int64_t>(std::min(sum + 0.5, static_cast<double>(longest.count())))};
}

std::optional<wall_time> read_rfc3339(std::string_view text) noexcept {
  using namespace std::chrono;
  const auto y = digits(text, 0, 4), mo = digits(text, 5, 2), d = digits(text, 8, 2), h = digits(text, 11, 2), mi = digits(text, 14, 2),
             s = digits(text, 17, 2);
  if (!y || !mo || !d || !h || !mi || !s || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != 't') || text[13] != ':' ||
      text[16] != ':')
    return std::nullopt;
  const year_month_day day{year{*y}, month{static_cast<unsigned>(*mo)}, std::chrono::day{static_cast<unsigned>(*d)}};
  if (!day.ok() || *h > 23 || *mi > 59 || *s > 60) return std::nullopt;
  std::size_t at = 19;
  if (at < text.size() && text[at] == '.') at = std::min(text.find_first_not_of("0123456789", at + 1), text.size());
  const std::string_view zone = text.substr(at);
  int offset = 0;
  if (zone != "Z" && zone != "z") {
    const auto zh = digits(zone, 1, 2), zm = digits(zone, 4, 2);
    if (zone.size() != 6 || !zh || !zm || (zone[0] != '+' && zone[0] != '-')) return std::nullopt;
    offset = (*zh * 60 + *zm) * (zone[0] == '-' ? -1 : 1);
  }
  return sys_days{day} + hours{*h} + minutes{*mi - offset} + seconds{*s};
}

}  // namespace naru::dialects
