#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <string_view>

#include "core/json/writer.hpp"
#include "gateway/observe/access_log.hpp"

namespace naru::observe {
namespace {

/// Appends fields whose keys stand here as JSON text already (`,"status":`): a line has thirty of them, and every request pays for it.
class line {
 public:
  explicit line(std::string& out) noexcept : out_(out) {}

  line& text(std::string_view key, std::string_view value) {
    out_ += key;
    json::append_string(out_, value);
    return *this;
  }
  template <std::integral T>
  line& number(std::string_view key, T value) {
    std::array<char, most_key + 24> piece;
    char* const from = put(piece.data(), key);
    out_.append(piece.data(), std::to_chars(from, from + 24, value).ptr);
    return *this;
  }
  line& flag(std::string_view key, bool value) {
    std::array<char, most_key + 8> piece;
    out_.append(piece.data(), put(put(piece.data(), key), value ? "true" : "false"));
    return *this;
  }
  /// Milliseconds with up to three places, by integers: a double's shortest form costs more than the rest of the line.
  line& ms(std::string_view key, std::chrono::microseconds t) {
    const std::uint64_t us = t.count() < 0 ? 0 : static_cast<std::uint64_t>(t.count());
    std::array<char, most_key + 32> piece;
    char* end = put(piece.data(), key);
    end = std::to_chars(end, end + 20, us / 1000).ptr;
    std::uint64_t rest = us % 1000;
    if (rest != 0) *end++ = '.';
    for (std::uint64_t place = 100; rest != 0; place /= 10) {
      *end++ = static_cast<char>('0' + rest / place);
      rest %= place;
    }
    out_.append(piece.data(), end);
    return *this;
  }
  line& raw(std::string_view json) {
    out_ += json;
    return *this;
  }

 private:
  static constexpr std::size_t most_key = 32;
  static char* put(char* to, std::string_view text) noexcept { return std::copy(text.begin(), text.end(), to); }

  std::string& out_;
};

void append_two(std::string& out, int n) {
  out += static_cast<char>('0' + n / 10);
  out += static_cast<char>('0' + n % 10);
}

/// "2026-11-24T13:22:02.123Z". The calendar is asked once a second: all lines of one have the same first 19 characters.
void append_time(std::string& out, wall_time at) {
  const auto second = std::chrono::floor<std::chrono::seconds>(at);
  thread_local std::chrono::sys_seconds shown{};
  thread_local std::string prefix;
  if (prefix.empty() || shown != second) {
    shown = second;
    prefix = fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(std::chrono::system_clock::to_time_t(second)));
  }
  out += prefix;
  const auto ms = static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(at - second).count());
  out += '.';
  out += static_cast<char>('0' + ms / 100);
  append_two(out, ms % 100);
  out += 'Z';
}

void write_attempt(line& w, const attempt_record& a) {
  w.text(R"({"deployment":)", a.deployment).text(R"(,"result":)", a.result);
  if (a.status != 0) w.number(R"(,"status":)", a.status);
  if (a.failed) w.text(R"(,"class":)", to_string(*a.failed));
  w.ms(R"(,"ms":)", a.duration);
  if (a.charge.amount.value > 0) w.number(R"(,"cost_nano_usd":)", a.charge.amount.value);
  w.raw("}");
}

}  // namespace

void append_access_line(const exchange_record& r, std::string& out) {
  out += R"({"at":")";
  append_time(out, r.at);
  line w(out);
  w.text(R"(","request_id":)", r.request_id)
      .text(R"(,"api":)", r.api)
      .text(R"(,"key":)", r.key)
      .text(R"(,"team":)", r.team)
      .text(R"(,"user":)", r.user)
      .text(R"(,"model":)", r.model)
      .text(R"(,"label":)", r.label)
      .text(R"(,"label_set_by":)", r.label_set_by)
      .text(R"(,"rule":)", r.rule)
      .text(R"(,"strategy":)", r.strategy)
      .text(R"(,"deployment":)", r.deployment)
      .number(R"(,"status":)", r.status)
      .text(R"(,"outcome":)", to_string(r.outcome));
  if (r.error) w.text(R"(,"error":)", to_string(*r.error));
  if (!r.finish.empty()) w.text(R"(,"finish":)", r.finish);
  w.flag(R"(,"stream":)", r.stream)
      .number(R"(,"input_tokens":)", r.usage.input.value)
      .number(R"(,"cached_tokens":)", r.usage.cached.value)
      .number(R"(,"cache_write_tokens":)", (r.usage.cache_write + r.usage.cache_write_long).value)
      .number(R"(,"output_tokens":)", r.usage.output.value)
      .number(R"(,"reasoning_tokens":)", r.usage.reasoning.value)
      .flag(R"(,"estimated":)", r.usage.estimated)
      .number(R"(,"cost_nano_usd":)", r.cost.value)
      .flag(R"(,"cost_known":)", r.cost_known)
      .ms(R"(,"latency_ms":)", r.duration);
  if (r.first_token) w.ms(R"(,"ttft_ms":)", *r.first_token);
  w.ms(R"(,"overhead_ms":)", r.overhead).number(R"(,"bytes_in":)", r.bytes_in).number(R"(,"bytes_out":)", r.bytes_out);
  if (!r.fallback_reason.empty()) w.text(R"(,"fallback_reason":)", r.fallback_reason);
  if (!r.hedge.empty()) w.text(R"(,"hedge":)", r.hedge);
  if (!r.shed.empty()) w.text(R"(,"shed":)", r.shed);
  w.raw(R"(,"attempts":[)");
  for (const auto& a : r.attempts) {
    if (&a != &r.attempts.front()) w.raw(",");
    write_attempt(w, a);
  }
  w.raw("]}");
}

std::string access_line(const exchange_record& r) {
  std::string out;
  append_access_line(r, out);
  return out;
}

}  // namespace naru::observe
