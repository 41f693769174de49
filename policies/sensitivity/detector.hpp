#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// What one detector is: a row of the table in docs/reference/detectors.md.
namespace naru::sensitivity {

enum class detector_group : std::uint8_t { secrets, ids, finance, contact };

/// What a shipped default means in a company's own words for labels.
enum class usual_label : std::uint8_t { highest, default_label };

/// Where a detector asks to be called. Whatever is called must decide from the bytes around: an anchor alone proves nothing.
enum class anchor : std::uint8_t {
  literal,  ///< at the first byte of one of `literals`
  digits,   ///< at a group of digits with single spaces, dashes or dots between them, of `least_digits`..`most_digits`
  at_sign,  ///< at '@'
  run,      ///< at the first byte of an unbroken run of at least `least_run` of [A-Za-z0-9+/_=-]
};

/// Where among digits a row of anchor::digits wants to be called; any of these bits. It spares calls: most digits are nobody's.
enum digit_shape : std::uint8_t {
  plain_number = 1,      ///< at each group of six digits and more in all that is written in one of the row's `forms`
  behind_two = 2,        ///< at two digits or more right behind two letters that begin a word (IBAN, NINO)
  behind_two_apart = 4,  ///< the same with one separator between, behind capitals (NINO)
  behind_six = 8,        ///< at two digits between six capitals and one (codice fiscale)
  address = 16,  ///< at the first digits of what may be an address: four numbers with points between them (IPv4), a word that begins
                 ///< with 2 or 3 and has a colon behind its fourth byte (IPv6: 2000::/3)
};

/// What stands right before the first digit of a number, as bits of number_form::before.
enum before_number : std::uint8_t {
  free_before = 1,    ///< nothing that makes it part of something longer
  letter_before = 2,  ///< a letter or '_'
  tied_before = 4,    ///< a full stop behind a letter or digit, a dash behind a digit: the tail of a version, a date, a longer number
};

/// What stands right behind the first group of a number, as bits of number_form::behind.
enum behind_group : std::uint8_t {
  plain_behind = 1,  ///< none of the others: punctuation, a letter beyond ASCII, the end
  blank_behind = 2,
  dash_behind = 4,
  point_behind = 8,
  capital_behind = 16,
  word_behind = 32,  ///< a small letter or '_'
  sign_behind = 64,  ///< '+' or '/'
  gap_behind = 128,  ///< two or three separators in a row, then digits
};

/// One way in which a number of a row may be written, by what can be told without reading it. All of a form must hold, and one form of a
/// row; a row says by them where its function cannot say yes, and need not be called.
struct number_form {
  std::uint32_t first = ~0U;           ///< bit n: its first group may have n digits (31: or more)
  std::uint32_t second = ~0U;          ///< the same for the group behind a single separator; bit 0: there is none
  std::uint8_t least = 6, most = 255;  ///< digits in all its groups with single separators between them
  std::uint16_t leads = 0x3FF;         ///< bit n: its first digit may be n
  std::uint8_t before = free_before;
  std::uint8_t behind = 0xFF;
  bool unpointed = false;  ///< none of its separators is a point
  bool worded = false;     ///< only where one of the row's `words` stands in the text
  bool marked = false;     ///< only with a '+' in the 11 bytes before it, or behind a bracket
};

/// Digits with single separators (' ', '-', '.') between groups of them, beginning at a digit that no digit precedes.
struct digit_group {
  std::array<char, 24> digits{};  ///< the first 24, without separators
  std::size_t count = 0;          ///< all of them
  std::size_t end = 0;            ///< offset in the text, one past the last digit
  std::size_t first_gap = 0;      ///< digits before the first separator; `count` when there is none
};

/// One place to look at. `text` is what the reader would read: disguises are undone before.
struct candidate {
  std::string_view text;
  std::size_t at = 0;                   ///< offset of the anchor's first byte
  std::size_t end = 0;                  ///< one past the anchor: the literal, the number, the first digit of other shapes, '@', the run
  const digit_group* digits = nullptr;  ///< for plain_number
  bool worded = true;                   ///< one of the row's `words` stands somewhere in the text, or the row has none
  bool apart = false;                   ///< its digits stood apart, with a separator between most of them, which are taken out of `text`
};

struct detector {
  std::string_view name;  ///< as in the settings: "card"
  detector_group group = detector_group::secrets;
  usual_label raises_to = usual_label::highest;
  std::string_view summary;  ///< one line: what is looked for, and the source of the format
  anchor starts_at = anchor::literal;
  std::span<const std::string_view> literals{};  ///< at least 3 bytes each; lower case when `any_case`
  bool any_case = false;
  std::uint8_t least_digits = 0;
  std::uint8_t most_digits = 0;          ///< 255: whatever follows it
  std::uint8_t shapes = plain_number;    ///< of digit_shape
  std::span<const number_form> forms{};  ///< of plain_number
  std::uint8_t least_run = 32;           ///< at least 20
  std::uint8_t least_word = 0;  ///< so many letters and digits without a sign between them are in its run, if that is shorter than 64
                                ///< bytes; at least 22, or none are asked for
  std::span<const std::string_view>
      words{};  ///< as `literals`, in any case (lower case here): only whether one stands in the text is asked
  bool (*found)(const candidate& c) noexcept = nullptr;  ///< looks at most 4 KiB to either side; linear; no allocation
};

/// All of them, in the order of settings.md's table; at most 64.
[[nodiscard]] std::span<const detector> all_detectors() noexcept;

}  // namespace naru::sensitivity
