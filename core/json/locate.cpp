#include "core/json/locate.hpp"

#include <cstdint>

namespace naru::json {
namespace {

class checker {
 public:
  checker(std::string_view text, std::size_t depth) noexcept : text_(text), depth_(depth) {}

  fault run() noexcept {
    skip_space();
    if (end()) return {at_, "want a JSON value, got nothing"};
    if (value(depth_)) {
      skip_space();
      if (!end()) want("want the end of the text after the value");
    }
    return fault_;
  }

 private:
  [[nodiscard]] bool end() const noexcept { return at_ >= text_.size(); }
  [[nodiscard]] char peek() const noexcept { return end() ? '\0' : text_[at_]; }
  bool want(std::string_view what) noexcept {
    fault_ = {at_, what};
    return false;
  }
  void skip_space() noexcept {
    while (!end() && (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r')) ++at_;
  }

  bool value(std::size_t depth) noexcept {
    switch (peek()) {
      case '{': return depth == 0 ? want("nested deeper than allowed") : container(depth - 1, '}', true);
      case '[': return depth == 0 ? want("nested deeper than allowed") : container(depth - 1, ']', false);
      case '"': return string();
      case 't': return word("true");
      case 'f': return word("false");
      case 'n': return word("null");
      default: return number();
    }
  }

  bool container(std::size_t depth, char close, bool keyed) noexcept {
    ++at_;
    skip_space();
    if (peek() == close && !end()) return ++at_, true;
    while (true) {
      if (keyed && !key()) return false;
      skip_space();
      if (!value(depth)) return false;
      skip_space();
      if (!end() && peek() == close) return ++at_, true;
      if (end() || peek() != ',') return want(keyed ? "want ',' or '}'" : "want ',' or ']'");
      ++at_;
      skip_space();
    }
  }

  bool key() noexcept {
    if (end() || peek() != '"') return want("want a key in double quotes");
    if (!string()) return false;
    skip_space();
    if (end() || peek() != ':') return want("want ':' after the key");
    ++at_;
    return true;
  }

  bool word(std::string_view w) noexcept {
    if (text_.substr(at_, w.size()) != w) return want("want true, false, null, a number, a string, an object or an array");
    at_ += w.size();
    return true;
  }

  bool digits() noexcept {
    if (end() || peek() < '0' || peek() > '9') return want("want a digit");
    while (!end() && peek() >= '0' && peek() <= '9') ++at_;
    return true;
  }

  bool number() noexcept {
    const std::size_t begin = at_;
    if (!end() && peek() == '-') ++at_;
    if (end() || peek() < '0' || peek() > '9') {
      at_ = begin;
      return want("want true, false, null, a number, a string, an object or an array");
    }
    if (peek() == '0') {
      ++at_;
      if (!end() && peek() >= '0' && peek() <= '9') return want("a number must not start with 0");
    } else if (!digits()) {
      return false;
    }
    if (!end() && peek() == '.') {
      ++at_;
      if (!digits()) return false;
    }
    if (!end() && (peek() == 'e' || peek() == 'E')) {
      ++at_;
      if (!end() && (peek() == '+' || peek() == '-')) ++at_;
      if (!digits()) return false;
    }
    return true;
  }

  bool hex4(std::uint32_t& out) noexcept {
    out = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = peek();
      std::uint32_t digit = 0;
      if (c >= '0' && c <= '9')
        digit = static_cast<std::uint32_t>(c - '0');
      else if (c >= 'a' && c <= 'f')
        digit = static_cast<std::uint32_t>(c - 'a' + 10);
      else if (c >= 'A' && c <= 'F')
        digit = static_cast<std::uint32_t>(c - 'A' + 10);
      else
        return want("want four hexadecimal digits after \\u");
      out = out * 16 + digit;
    }
    return true;
  }

  bool escape() noexcept {
    const std::size_t begin = at_ - 1;
    const char c = peek();
    if (c != 'u') {
      if (end() || std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos) return want("want a JSON escape after the backslash");
      ++at_;
      return true;
    }
    ++at_;
    std::uint32_t code = 0;
    if (!hex4(code)) return false;
    if (code >= 0xDC00 && code <= 0xDFFF) return at_ = begin, want("a low surrogate stands alone");
    if (code < 0xD800 || code > 0xDBFF) return true;
    std::uint32_t low = 0;
    if (text_.substr(at_, 2) != "\\u") return at_ = begin, want("a high surrogate stands alone");
    at_ += 2;
    if (!hex4(low)) return false;
    if (low < 0xDC00 || low > 0xDFFF) return at_ = begin, want("a high surrogate stands alone");
    return true;
  }

  /// Well-formed UTF-8 per RFC 3629 at the current byte (>= 0x80).
  bool multibyte() noexcept {
    const auto byte = [this](std::size_t k) { return k < text_.size() ? static_cast<unsigned char>(text_[k]) : 0U; };
    const auto lead = byte(at_);
    const std::size_t length = lead >= 0xF0 && lead <= 0xF4 ? 4 : lead >= 0xE0 && lead <= 0xEF ? 3 : lead >= 0xC2 && lead <= 0xDF ? 2 : 0;
    bool good = length != 0;
    for (std::size_t k = 1; good && k < length; ++k) good = (byte(at_ + k) & 0xC0U) == 0x80U;
    const auto second = byte(at_ + 1);
    good = good && !(lead == 0xE0 && second < 0xA0) && !(lead == 0xED && second > 0x9F) && !(lead == 0xF0 && second < 0x90) &&
           !(lead == 0xF4 && second > 0x8F);
    if (!good) return want("not valid UTF-8");
    at_ += length;
    return true;
  }

  bool string() noexcept {
    ++at_;
    while (!end()) {
      const auto c = static_cast<unsigned char>(peek());
      if (c == '"') return ++at_, true;
      if (c < 0x20) return want("a control character in a string must be escaped");
      if (c == '\\') {
        ++at_;
        if (!escape()) return false;
      } else if (c < 0x80) {
        ++at_;
      } else if (!multibyte()) {
        return false;
      }
    }
    return want("a string is not closed");
  }

  std::string_view text_;
  std::size_t depth_;
  std::size_t at_ = 0;
  fault fault_{text_.size(), {}};
};

}  // namespace

fault find_fault(std::string_view text, std::size_t depth) noexcept { return checker(text, depth).run(); }

}  // namespace naru::json
