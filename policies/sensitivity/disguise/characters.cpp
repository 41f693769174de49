#include "policies/sensitivity/disguise/undo.hpp"

// Characters that look like others, or like nothing (Unicode 15: general categories Cf, Pd, Zs, Nd; Halfwidth and Fullwidth Forms).
namespace naru::sensitivity::disguise::detail {
namespace {

struct decoded {
  std::uint32_t code = 0;
  std::size_t size = 0;
};

/// The character at `at`; size 0 when it is cut short.
decoded read_utf8(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(text[at + i])}; };
  const auto more = [&](std::size_t i) { return byte(i) & 0x3FU; };
  const std::size_t left = text.size() - at;
  const std::uint32_t first = byte(0);
  if (first < 0xE0) return left < 2 ? decoded{} : decoded{(first & 0x1FU) << 6 | more(1), 2};
  if (first < 0xF0) return left < 3 ? decoded{} : decoded{(first & 0x0FU) << 12 | more(1) << 6 | more(2), 3};
  return left < 4 ? decoded{} : decoded{(first & 0x07U) << 18 | more(1) << 12 | more(2) << 6 | more(3), 4};
}

constexpr std::uint32_t nothing = 0xFFFFFFFF, unchanged = 0;

constexpr std::uint32_t plain(std::uint32_t c) noexcept {
  const auto within = [c](std::uint32_t from, std::uint32_t to) { return c >= from && c <= to; };
  if (c == 0xAD || within(0x200B, 0x200F) || within(0x202A, 0x202E) || within(0x2060, 0x2064) || within(0x2066, 0x206F) || c == 0xFEFF ||
      c == 0x061C || c == 0x180E)
    return nothing;
  if (c == 0xA0 || within(0x2000, 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000) return ' ';
  if (c == 0x2028 || c == 0x2029) return '\n';
  if (within(0x2010, 0x2015) || c == 0x2212 || c == 0x2043 || c == 0xFE58 || c == 0xFE63) return '-';
  if (within(0xFF01, 0xFF5E)) return c - 0xFF01 + 0x21;
  if (within(0x0660, 0x0669)) return c - 0x0660 + '0';
  if (within(0x06F0, 0x06F9)) return c - 0x06F0 + '0';
  if (within(0x1D7CE, 0x1D7FF)) return (c - 0x1D7CE) % 10 + '0';
  if (within(0x2070, 0x2079) && c != 0x2071) return c - 0x2070 + '0';
  if (within(0x2080, 0x2089)) return c - 0x2080 + '0';
  if (within(0x2460, 0x2468)) return c - 0x2460 + '1';
  if (c == 0xFE6B) return '@';
  return unchanged;
}

}  // namespace

std::optional<undone> undo_character(std::string_view text, std::size_t at) noexcept {
  const decoded d = read_utf8(text, at);
  const std::uint32_t to = d.size == 0 ? unchanged : plain(d.code);
  if (to == unchanged) return std::nullopt;
  if (to == nothing) return undone{at, at + d.size, {}, 0};
  return make_undone(at, at + d.size, to);
}

}  // namespace naru::sensitivity::disguise::detail
