#include <array>
#include <chrono>

#include "providers/dialects/shared.hpp"

namespace naru::dialects {
namespace {

/// Reads the fields of a date from the front of a text; once something does not fit, all that follows fails.
class cursor {
 public:
  explicit cursor(std::string_view text) noexcept : rest_(text) {}

  int digits(std::size_t count) noexcept {
    if (rest_.size() < count) return fail();
    int value = 0;
    for (const char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return fail();
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  void skip(std::string_view text) noexcept {
    if (!rest_.starts_with(text))
      fail();
    else
      rest_.remove_prefix(text.size());
  }
  bool take(std::string_view text) noexcept {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  unsigned month() noexcept {
    constexpr std::array<std::string_view, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    for (unsigned i = 0; i < names.size(); ++i) {
      if (take(names[i])) return i + 1;
    }
    fail();
    return 1;
  }
  [[nodiscard]] bool ok() const noexcept { return ok_ && rest_.empty(); }

 private:
  int fail() noexcept {
    ok_ = false;
    return 0;
  }
  std::string_view rest_;
  bool ok_ = true;
};

struct clock_time {
  int hour = 0, minute = 0, second = 0;
};
clock_time read_time(cursor& c) noexcept {
  clock_time t;
  t.hour = c.digits(2), c.skip(":");
  t.minute = c.digits(2), c.skip(":");
  t.second = c.digits(2);
  return t;
}

std::optional<std::int64_t> seconds(const cursor& c, int year, unsigned month, int day, clock_time t) noexcept {
  using namespace std::chrono;
  const year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{static_cast<unsigned>(day)}};
  if (!c.ok() || !date.ok() || t.hour > 23 || t.minute > 59 || t.second > 60) return std::nullopt;
  return sys_days{date}.time_since_epoch().count() * std::int64_t{86400} + t.hour * std::int64_t{3600} + t.minute * std::int64_t{60} +
         t.second;
}

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::optional<std::int64_t> imf_fixdate(std::string_view text) noexcept {
  cursor c{text};
  const int day = c.digits(2);
  c.skip(" ");
  const unsigned month = c.month();
  c.skip(" ");
  const int year = c.digits(4);
  c.skip(" ");
  const auto time = read_time(c);
  c.skip(" GMT");
  return seconds(c, year, month, day, time);
}

// "Sunday, 06-Nov-94 08:49:37 GMT"; two digits of a year below 70 are of this century
std::optional<std::int64_t> rfc850(std::string_view text) noexcept {
  cursor c{text};
  const int day = c.digits(2);
  c.skip("-");
  const unsigned month = c.month();
  c.skip("-");
  const int year = c.digits(2);
  c.skip(" ");
  const auto time = read_time(c);
  c.skip(" GMT");
  return seconds(c, year < 70 ? 2000 + year : 1900 + year, month, day, time);
}

// "Sun Nov  6 08:49:37 1994"
std::optional<std::int64_t> asctime(std::string_view text) noexcept {
  cursor c{text};
  const unsigned month = c.month();
  c.skip(" ");
  const int day = c.take(" ") ? c.digits(1) : c.digits(2);
  c.skip(" ");
  const auto time = read_time(c);
  c.skip(" ");
  return seconds(c, c.digits(4), month, day, time);
}

}  // namespace

// The weekday is not checked against the date: nothing depends on it.
std::optional<std::int64_t> read_http_date(std::string_view text) noexcept {
  if (const auto comma = text.find(", "); comma != std::string_view::npos) {
    const auto rest = text.substr(comma + 2);
    return rest.size() > 2 && rest[2] == '-' ? rfc850(rest) : imf_fixdate(rest);
  }
  if (const auto space = text.find(' '); space == 3) return asctime(text.substr(4));
  return std::nullopt;
}

}  // namespace naru::dialects
