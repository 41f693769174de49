#include "config/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <span>
#include <tuple>
#include <vector>

namespace naru::config {
namespace {

struct unit {
  std::string_view word;
  std::uint64_t factor;
};
constexpr std::uint64_t kib = 1024;
constexpr std::array sizes{unit{"B", 1},     unit{"KB", 1000},      unit{"MB", 1'000'000},     unit{"GB", 1'000'000'000},
                           unit{"KiB", kib}, unit{"MiB", kib* kib}, unit{"GiB", kib* kib* kib}};
constexpr std::array durations{unit{"ms", 1}, unit{"s", 1000}, unit{"m", 60'000}, unit{"h", 3'600'000}, unit{"d", 86'400'000}};
// What people mean by a bare number: binary sizes, and no days.
constexpr std::array likely_size_units{sizes[0], sizes[4], sizes[5], sizes[6]};
constexpr std::array likely_duration_units{durations[1], durations[0], durations[2], durations[3]};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

struct decimal {
  std::uint64_t whole = 0;
  std::uint64_t fraction = 0;
  std::uint64_t scale = 1;  ///< the fraction counts in 1/scale
};

/// Digits, at most one point with at most 9 digits behind it, no leading zero but a lone one.
std::optional<decimal> parse_decimal(std::string_view text) noexcept {
  const std::size_t point = std::min(text.find('.'), text.size());
  const auto whole = parse_integer(text.substr(0, point));
  if (!whole) return std::nullopt;
  decimal d{.whole = *whole};
  if (point == text.size()) return d;
  const std::string_view digits = text.substr(point + 1);
  if (digits.empty() || digits.size() > 9 || !std::ranges::all_of(digits, is_digit)) return std::nullopt;
  for (const char c : digits) {
    d.fraction = d.fraction * 10 + static_cast<std::uint64_t>(c - '0');
    d.scale *= 10;
  }
  return d;
}

std::optional<std::uint64_t> times(const decimal& d, std::uint64_t factor) noexcept {
  std::uint64_t whole = 0;
  if (__builtin_mul_overflow(d.whole, factor, &whole)) return std::nullopt;
  const unsigned __int128 part = static_cast<unsigned __int128>(d.fraction) * factor;
  if (part % d.scale != 0) return std::nullopt;
  std::uint64_t all = 0;
  if (__builtin_add_overflow(whole, static_cast<std::uint64_t>(part / d.scale), &all)) return std::nullopt;
  return all;
}

std::optional<std::uint64_t> parse_with_unit(std::string_view text, std::span<const unit> units) noexcept {
  const auto split =
      static_cast<std::size_t>(std::ranges::find_if_not(text, [](char c) { return is_digit(c) || c == '.'; }) - text.begin());
  const auto number = parse_decimal(text.substr(0, split));
  const auto found = std::ranges::find(units, text.substr(split), &unit::word);
  if (!number || found == units.end()) return std::nullopt;
  return times(*number, found->factor);
}

std::string likely(std::uint64_t number, std::span<const unit> units, std::uint64_t usual, std::uint64_t lowest, std::uint64_t highest) {
  struct reading {
    std::string_view word;
    bool outside;
    double distance;
  };
  std::vector<reading> all;
  for (const unit& u : units) {
    const double value = static_cast<double>(number) * static_cast<double>(u.factor);
    const bool outside = value < static_cast<double>(lowest) || value > static_cast<double>(highest);
    const double wanted = static_cast<double>(std::max<std::uint64_t>(usual, 1));
    all.push_back({u.word, outside, std::abs(std::log(std::max(value, 1.0) / wanted))});
  }
  std::ranges::sort(all, {}, [](const reading& r) { return std::tuple(r.outside, r.distance, r.word); });
  return fmt::format("{}{} or {}{}", number, all[0].word, number, all[1].word);
}

std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
  const auto port = parse_integer(text);
  if (!port || *port > 65'535) return std::nullopt;
  return static_cast<std::uint16_t>(*port);
}

struct host_port {
  std::string host;
  std::string_view port;  ///< may be empty
  bool bracketed = false;
};
/// "host", "host:port", "[v6]:port".
std::optional<host_port> split_host(std::string_view text) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && (rest.front() != ':' || rest.size() == 1)) return std::nullopt;
    return host_port{std::string(text.substr(1, end - 1)), rest.empty() ? rest : rest.substr(1), true};
  }
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return host_port{std::string(text), {}, false};
  const std::string_view port = text.substr(colon + 1);
  if (port.empty() || port.find(':') != std::string_view::npos) return std::nullopt;
  return host_port{std::string(text.substr(0, colon)), port, false};
}

bool is_ipv4(std::string_view text) noexcept {
  std::size_t parts = 0;
  while (true) {
    const std::size_t dot = std::min(text.find('.'), text.size());
    const auto number = parse_integer(text.substr(0, dot));
    if (!number || *number > 255 || ++parts > 4) return false;
    if (dot == text.size()) return parts == 4;
    text.remove_prefix(dot + 1);
  }
}

/// Groups of hex digits, at most one "::", perhaps an IPv4 address at the end. Zones ("%eth0") are not taken.
bool is_ipv6(std::string_view text) noexcept {
  std::size_t groups = 0;
  const std::size_t gap = text.find("::");
  if (gap != std::string_view::npos && text.find("::", gap + 1) != std::string_view::npos) return false;
  const auto count = [&groups](std::string_view side) {
    while (!side.empty()) {
      const std::size_t colon = std::min(side.find(':'), side.size());
      const std::string_view group = side.substr(0, colon);
      if (colon == side.size() && group.find('.') != std::string_view::npos) {
        groups += 2;
        return is_ipv4(group);
      }
      const bool hex = std::ranges::all_of(group, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); });
      if (group.empty() || group.size() > 4 || !hex) return false;
      ++groups;
      if (colon == side.size()) return true;
      side.remove_prefix(colon + 1);
      if (side.empty()) return false;
    }
    return true;
  };
  if (gap == std::string_view::npos) return count(text) && groups == 8;
  return count(text.substr(0, gap)) && count(text.substr(gap + 2)) && groups <= 7;
}

bool is_host_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 253 && text.front() != '-' && text.front() != '.' && std::ranges::all_of(text, [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_';
  });
}

bool is_host(const host_port& h) noexcept { return h.bracketed ? is_ipv6(h.host) : is_host_name(h.host); }

}  // namespace

std::optional<std::uint64_t> parse_integer(std::string_view text) noexcept {
  if (text.empty() || (text.size() > 1 && text.front() == '0') || !std::ranges::all_of(text, is_digit)) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{}) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> parse_size(std::string_view text) noexcept { return parse_with_unit(text, sizes); }

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept {
  const auto value = parse_with_unit(text, durations);
  constexpr auto longest = std::uint64_t{1} << 53U;
  if (!value || *value > longest) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(*value));
}

std::optional<std::uint32_t> parse_thousandths(std::string_view text) noexcept {
  const auto number = parse_decimal(text);
  const auto value = number ? times(*number, 1000) : std::nullopt;
  if (!value || *value > 0xffff'ffffU) return std::nullopt;
  return static_cast<std::uint32_t>(*value);
}

std::optional<std::uint32_t> parse_share(std::string_view text) noexcept {
  if (!text.ends_with('%')) return std::nullopt;
  text.remove_suffix(1);
  const auto number = parse_decimal(text);
  const auto value = number ? times(*number, 10) : std::nullopt;
  if (!value || *value > 0xffff'ffffU) return std::nullopt;
  return static_cast<std::uint32_t>(*value);
}

std::optional<std::chrono::sys_days> parse_date(std::string_view text) noexcept {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto number = [text](std::size_t from, std::size_t size) {
    int value = 0;
    for (const char c : text.substr(from, size)) value = is_digit(c) ? value * 10 + (c - '0') : 1'000'000;
    return value;
  };
  const int year = number(0, 4);
  const std::chrono::year_month_day day{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(number(5, 2))},
                                        std::chrono::day{static_cast<unsigned>(number(8, 2))}};
  if (year > 9999 || !day.ok()) return std::nullopt;
  return std::chrono::sys_days{day};
}

namespace {

std::optional<std::chrono::minutes> parse_clock(std::string_view text) noexcept {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto two = [text](std::size_t at) {
    return is_digit(text[at]) && is_digit(text[at + 1]) ? (text[at] - '0') * 10 + (text[at + 1] - '0') : 100;
  };
  const int hours = two(0);
  const int minutes = two(3);
  if (minutes > 59 || hours > 24 || (hours == 24 && minutes > 0)) return std::nullopt;
  return std::chrono::minutes(hours * 60 + minutes);
}

}  // namespace

std::optional<std::pair<std::chrono::minutes, std::chrono::minutes>> parse_hours(std::string_view text) noexcept {
  if (text.size() != 11 || text[5] != '-') return std::nullopt;
  const auto from = parse_clock(text.substr(0, 5));
  const auto to = parse_clock(text.substr(6));
  if (!from || !to || *from == *to || from->count() == 24 * 60) return std::nullopt;
  return std::pair{*from, *to};
}

std::optional<listener> parse_address(std::string_view text) {
  const auto parts = split_host(text);
  const auto port = parts ? parse_port(parts->port) : std::nullopt;
  if (!port) return std::nullopt;
  listener at;
  at.port = *port;
  at.host = parts->host == "localhost" && !parts->bracketed ? "127.0.0.1" : parts->host;
  if (at.host.empty() && !parts->bracketed) at.host = "::";
  if (!is_ipv4(at.host) && !is_ipv6(at.host)) return std::nullopt;
  at.loopback = at.host == "::1" || (is_ipv4(at.host) && at.host.starts_with("127."));
  return at;
}

std::optional<endpoint> parse_url(std::string_view text) {
  endpoint to;
  if (text.starts_with("https://")) {
    text.remove_prefix(8);
  } else if (text.starts_with("http://")) {
    text.remove_prefix(7);
    to.tls = false;
    to.port = 80;
  } else {
    return std::nullopt;
  }
  const bool clean =
      std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f && c != '?' && c != '#' && c != '@' && c != '\\' && c != '"'; });
  if (!clean) return std::nullopt;
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto parts = split_host(text.substr(0, slash));
  if (!parts || !is_host(*parts)) return std::nullopt;
  to.host = parts->host;
  if (!parts->port.empty()) {
    const auto port = parse_port(parts->port);
    if (!port || *port == 0) return std::nullopt;
    to.port = *port;
  }
  to.path = std::string(text.substr(slash));
  while (to.path.ends_with('/')) to.path.pop_back();
  return to;
}

std::optional<proxy> parse_proxy(std::string_view text) {
  if (!text.starts_with("http://")) return std::nullopt;
  text.remove_prefix(7);
  proxy p;
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    p.credentials.emplace(std::string(text.substr(0, at)));
    if (p.credentials->reveal().find(':') == std::string_view::npos) return std::nullopt;
    text.remove_prefix(at + 1);
  }
  if (text.ends_with('/')) text.remove_suffix(1);
  const auto parts = split_host(text);
  const auto port = parts && is_host(*parts) ? parse_port(parts->port) : std::nullopt;
  if (!port || *port == 0) return std::nullopt;
  p.host = parts->host;
  p.port = *port;
  return p;
}

std::string likely_sizes(std::uint64_t number, std::uint64_t usual, std::uint64_t lowest, std::uint64_t highest) {
  return likely(number, likely_size_units, usual, lowest, highest);
}

std::string likely_durations(std::uint64_t number, std::chrono::milliseconds usual, std::chrono::milliseconds lowest,
                             std::chrono::milliseconds highest) {
  return likely(number, likely_duration_units, static_cast<std::uint64_t>(usual.count()), static_cast<std::uint64_t>(lowest.count()),
                static_cast<std::uint64_t>(highest.count()));
}

}  // namespace naru::config
