#include <array>
#include <utility>

#include "policies/sensitivity/characters.hpp"
#include "policies/sensitivity/disguise/undo.hpp"

// Characters spelled with other characters: JSON escapes (RFC 8259 section 7), percent-encoding (RFC 3986 section 2.1), character
// references (HTML, section 13.5).
namespace naru::sensitivity::disguise::detail {
namespace {

constexpr std::uint32_t hex_value(char c) noexcept { return static_cast<std::uint32_t>(is_digit(c) ? c - '0' : to_lower(c) - 'a' + 10); }

/// `count` hexadecimal digits at `at`.
std::optional<std::uint32_t> read_hex(std::string_view text, std::size_t at, std::size_t count) noexcept {
  if (text.size() < at + count) return std::nullopt;
  std::uint32_t code = 0;
  for (const char c : text.substr(at, count)) {
    if (!is_hex(c)) return std::nullopt;
    code = code << 4 | hex_value(c);
  }
  return code;
}

/// Those that can stand in or around a secret; the other two thousand are letters and mathematics.
constexpr std::array<std::pair<std::string_view, std::uint32_t>, 44> references{{
    {"amp", '&'},     {"lt", '<'},     {"gt", '>'},     {"quot", '"'},   {"apos", '\''},  {"nbsp", ' '},     {"shy", 0xAD},
    {"commat", '@'},  {"period", '.'}, {"hyphen", '-'}, {"dash", '-'},   {"lowbar", '_'}, {"UnderBar", '_'}, {"num", '#'},
    {"colon", ':'},   {"semi", ';'},   {"sol", '/'},    {"bsol", '\\'},  {"equals", '='}, {"plus", '+'},     {"comma", ','},
    {"excl", '!'},    {"quest", '?'},  {"dollar", '$'}, {"percnt", '%'}, {"ast", '*'},    {"lpar", '('},     {"rpar", ')'},
    {"lsqb", '['},    {"rsqb", ']'},   {"lcub", '{'},   {"rcub", '}'},   {"verbar", '|'}, {"Tab", '\t'},     {"NewLine", '\n'},
    {"ensp", ' '},    {"emsp", ' '},   {"thinsp", ' '}, {"ndash", '-'},  {"mdash", '-'},  {"minus", '-'},    {"zwj", 0x200D},
    {"zwnj", 0x200C}, {"AMP", '&'},
}};

std::optional<undone> numeric_reference(std::string_view text, std::size_t at) noexcept {
  std::size_t end = at + 2;  // &#
  const bool hex = end < text.size() && to_lower(text[end]) == 'x';
  if (hex) ++end;
  std::uint32_t code = 0;
  std::size_t digits = 0;
  for (; end < text.size() && digits < 8 && (hex ? is_hex(text[end]) : is_digit(text[end])); ++end, ++digits) {
    code = hex ? code << 4 | hex_value(text[end]) : code * 10 + static_cast<std::uint32_t>(text[end] - '0');
  }
  if (digits == 0) return std::nullopt;
  if (end < text.size() && text[end] == ';') ++end;  // browsers do without
  return make_undone(at, end, code);
}

}  // namespace

std::optional<undone> undo_escape(std::string_view text, std::size_t at) noexcept {
  if (at + 1 >= text.size()) return std::nullopt;
  const char c = text[at + 1];
  switch (c) {
    case 'n': return make_undone(at, at + 2, '\n');
    case 'r': return make_undone(at, at + 2, '\r');
    case 't': return make_undone(at, at + 2, '\t');
    case 'b':
    case 'f': return make_undone(at, at + 2, ' ');
    case 'x':
      if (const auto code = read_hex(text, at + 2, 2)) return make_undone(at, at + 4, *code);
      return std::nullopt;
    case 'u': break;
    default:
      if (is_alnum(c) || c < 0x21) return std::nullopt;
      return make_undone(at, at + 2, static_cast<unsigned char>(c));
  }
  const auto code = read_hex(text, at + 2, 4);
  if (!code) return std::nullopt;
  if (*code >= 0xD800 && *code < 0xDC00 && text.substr(at + 6, 2) == "\\u") {
    const auto low = read_hex(text, at + 8, 4);
    if (low && *low >= 0xDC00 && *low < 0xE000) return make_undone(at, at + 12, 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00));
  }
  return make_undone(at, at + 6, *code);
}

std::optional<undone> undo_percent(std::string_view text, std::size_t at) noexcept {
  const auto byte = read_hex(text, at + 1, 2);
  if (!byte) return std::nullopt;
  if (*byte < 0x80) return make_undone(at, at + 3, *byte);
  // A byte of UTF-8: another of the same character stands beside it; alone it is something else (a password).
  const bool beside = (at >= 3 && text[at - 3] == '%') || (at + 3 < text.size() && text[at + 3] == '%');
  if (!beside) return std::nullopt;
  return undone{at, at + 3, {static_cast<char>(*byte)}, 1};
}

std::optional<undone> undo_reference(std::string_view text, std::size_t at) noexcept {
  if (at + 1 >= text.size()) return std::nullopt;
  if (text[at + 1] == '#') return numeric_reference(text, at);
  if (!is_alpha(text[at + 1])) return std::nullopt;
  const std::size_t end = text.substr(at, 12).find(';');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view name = text.substr(at + 1, end - 1);
  for (const auto& [known, code] : references) {
    if (name == known) return make_undone(at, at + end + 1, code);
  }
  return std::nullopt;
}

}  // namespace naru::sensitivity::disguise::detail
