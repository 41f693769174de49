#include "policies/sensitivity/disguise/undo.hpp"

#include <algorithm>

namespace naru::sensitivity::disguise {
namespace {

/// Copies a text with replacements, leaving out what is far from all of them.
class rewriting {
 public:
  explicit rewriting(std::string_view text) : text_(text) {}

  void replace(const undone& u) {
    if (u.begin < done_) return;  // inside what has been replaced
    if (u.begin - done_ > 2 * around) {
      if (!out_.empty()) out_.append(text_.substr(done_, around));
      // Two line feeds: what follows is another place, and is never read on with what stands before.
      if (!out_.empty()) out_.append("\n\n");
      done_ = u.begin - around;
    }
    out_.append(text_.substr(done_, u.begin - done_));
    out_.append(u.text());
    done_ = u.end;
  }
  std::string take() {
    out_.append(text_.substr(done_, around));
    return std::move(out_);
  }

 private:
  static constexpr std::size_t around = kept_around;
  std::string_view text_;
  std::string out_;
  std::size_t done_ = 0;
};

}  // namespace

std::optional<undone> undo_at(std::string_view text, std::size_t at) noexcept {
  switch (text[at]) {
    case '\\': return detail::undo_escape(text, at);
    case '%': return detail::undo_percent(text, at);
    case '&': return detail::undo_reference(text, at);
    case '\n': return detail::undo_line_break(text, at);
    default: return detail::undo_character(text, at);
  }
}

bool is_line_break(std::string_view text, std::size_t at) noexcept {
  if (text[at] != '\n') return false;
  const std::size_t end = at > 0 && text[at - 1] == '\r' ? at - 1 : at;
  return end == 0 || text[end - 1] != '=';
}

std::string undo_all(std::string_view text, std::span<const std::uint32_t> places) {
  rewriting out(text);
  for (const std::uint32_t place : places) {
    if (const auto u = undo_at(text, place)) out.replace(*u);
  }
  return out.take();
}

namespace detail {

undone make_undone(std::size_t begin, std::size_t end, std::uint32_t code) noexcept {
  undone u{begin, end, {}, 0};
  const auto add = [&u](std::uint32_t byte) { u.with[u.size++] = static_cast<char>(byte); };
  if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = ' ';
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0 | (code >> 6));
    add(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    add(0xE0 | (code >> 12));
    add(0x80 | ((code >> 6) & 0x3F));
    add(0x80 | (code & 0x3F));
  } else {
    add(0xF0 | (code >> 18));
    add(0x80 | ((code >> 12) & 0x3F));
    add(0x80 | ((code >> 6) & 0x3F));
    add(0x80 | (code & 0x3F));
  }
  return u;
}

}  // namespace detail

}  // namespace naru::sensitivity::disguise
