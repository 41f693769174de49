#include "config/posix_zone.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

namespace naru::config {
namespace {

using std::chrono::sys_days, std::chrono::year;

/// When in a year a change comes: M (month, week, day), J (day without 29 February) or a plain day from 0.
struct day_rule {
  char kind = 'M';
  int month = 0, week = 0, day = 0;
  int seconds = 2 * 3600;  ///< of the wall clock that holds until then

  [[nodiscard]] std::int64_t at(int y) const { return sys_days{date(y)}.time_since_epoch().count() * 86'400LL + seconds; }
  [[nodiscard]] sys_days date(int y) const {
    using namespace std::chrono;
    const sys_days first{year{y} / January / 1};
    if (kind == '0') return first + days{day};
    if (kind == 'J') return first + days{day - 1 + (year{y}.is_leap() && day > 59 ? 1 : 0)};
    const auto m = year{y} / std::chrono::month{static_cast<unsigned>(month)};
    const weekday on{static_cast<unsigned>(day)};
    return week == 5 ? sys_days{m / on[last]} : sys_days{m / on[static_cast<unsigned>(week)]};
  }
};

class rule_reader {
 public:
  explicit rule_reader(std::string_view text) noexcept : left_(text) {}

  [[nodiscard]] bool done() const noexcept { return left_.empty(); }
  bool skip(char c) noexcept {
    if (!left_.starts_with(c)) return false;
    left_.remove_prefix(1);
    return true;
  }
  /// Letters, or anything in angle brackets.
  bool name() noexcept {
    if (skip('<')) {
      const std::size_t end = left_.find('>');
      if (end == std::string_view::npos) return false;
      left_.remove_prefix(end + 1);
      return true;
    }
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto end = static_cast<std::size_t>(std::ranges::find_if_not(left_, letter) - left_.begin());
    left_.remove_prefix(end);
    return end >= 3;
  }
  std::optional<int> number(int most) noexcept {
    int n = 0;
    std::size_t digits = 0;
    for (; digits < left_.size() && left_[digits] >= '0' && left_[digits] <= '9' && n <= most; ++digits) n = n * 10 + (left_[digits] - '0');
    left_.remove_prefix(digits);
    return digits == 0 || n > most ? std::nullopt : std::optional{n};
  }
  /// [+-]h[h][h][:mm[:ss]] in seconds.
  std::optional<int> time() noexcept {
    const int sign = skip('-') ? -1 : 1;
    if (sign == 1) skip('+');
    const auto hours = number(167);
    if (!hours) return std::nullopt;
    int seconds = *hours * 3600;
    for (const int unit : {60, 1}) {
      if (!skip(':')) break;
      const auto n = number(59);
      if (!n) return std::nullopt;
      seconds += *n * unit;
    }
    return sign * seconds;
  }
  std::optional<day_rule> day() noexcept {
    day_rule d;
    std::optional<int> n;
    if (skip('M')) {
      const auto month = number(12);
      const auto week = skip('.') ? number(5) : std::nullopt;
      n = skip('.') ? number(6) : std::nullopt;
      if (!month || *month < 1 || !week || *week < 1) return std::nullopt;
      d.month = *month;
      d.week = *week;
    } else {
      d.kind = skip('J') ? 'J' : '0';
      n = number(365);
      if (d.kind == 'J' && n == 0) return std::nullopt;
    }
    if (!n) return std::nullopt;
    d.day = *n;
    if (!skip('/')) return d;
    const auto seconds = time();
    if (!seconds) return std::nullopt;
    d.seconds = *seconds;
    return d;
  }

 private:
  std::string_view left_;
};

}  // namespace

bool add_changes(routing::time_zone& zone, std::string_view rule, int until_year) {
  rule_reader r(rule);
  const auto west = r.name() ? r.time() : std::nullopt;  // POSIX counts west of Greenwich
  if (!west) return false;
  const std::int32_t standard = -*west;
  if (r.done()) {
    // No summer time: what holds at the end of the table, or the only thing that ever held.
    if (zone.changes.empty()) zone.first = standard;
    return true;
  }
  if (!r.name()) return false;
  std::int32_t summer = standard + 3600;
  if (!r.skip(',')) {
    const auto own = r.time();
    if (!own || !r.skip(',')) return false;
    summer = -*own;
  }
  const auto begins = r.day();
  const auto ends = begins && r.skip(',') ? r.day() : std::nullopt;
  if (!ends || !r.done()) return false;
  using routing::time_zone;
  const std::int64_t after = zone.changes.empty() ? 0 : zone.changes.back().at;
  const int from_year = static_cast<int>(
      std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds{std::chrono::seconds{after}})}.year());
  std::vector<time_zone::change> more;
  for (int y = from_year; y <= until_year; ++y) {
    more.push_back({begins->at(y) - standard, summer});
    more.push_back({ends->at(y) - summer, standard});
  }
  std::ranges::sort(more, {}, &time_zone::change::at);
  std::ranges::copy_if(more, std::back_inserter(zone.changes), [after](const time_zone::change& c) { return c.at > after; });
  return true;
}

}  // namespace naru::config
