#pragma once
#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace naru::json {

/// Append-only JSON writer. Commas are placed by itself; the caller keeps begin and end in balance.
/// Strings are escaped; invalid UTF-8 becomes U+FFFD, so that what it writes is always valid JSON. No allocation but the string's own.
///
///   writer w(out); w.begin_object(); w.key("a").number(1); w.key("b").string("x"); w.end_object();
class writer {
 public:
  explicit writer(std::string& out) noexcept : out_(out) {}
  writer& begin_object();
  writer& end_object();
  writer& begin_array();
  writer& end_array();
  writer& key(std::string_view k);
  writer& string(std::string_view s);
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  writer& number(T n) {
    comma();
    char buf[24];
    auto [end, ec] = std::to_chars(buf, buf + sizeof buf, n);
    out_.append(buf, end);
    return *this;
  }
  writer& number(double n);  ///< shortest form that reads back the same; NaN and infinities become null
  writer& boolean(bool b);
  writer& null();
  writer& raw(std::string_view json);  ///< trusted JSON text, as it is

  // key and value in one, for the frequent shapes
  writer& field(std::string_view k, std::string_view s) { return key(k).string(s); }
  writer& field(std::string_view k, const char* s) { return key(k).string(s); }
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  writer& field(std::string_view k, T n) {
    return key(k).number(n);
  }
  writer& field(std::string_view k, bool b) { return key(k).boolean(b); }
  writer& field(std::string_view k, double n) { return key(k).number(n); }

 private:
  void comma();
  std::string& out_;
  bool need_comma_ = false;
};

/// Appends `s` as a JSON string with its quotes.
void append_string(std::string& out, std::string_view s);
[[nodiscard]] std::string quoted(std::string_view s);

}  // namespace naru::json
