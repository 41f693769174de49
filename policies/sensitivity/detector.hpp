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
  plain_number = 1,   ///< at each group of six digits and more in all
  after_letters = 2,  ///< at two digits or more right behind two letters that begin a word, or with one blank or dash between; and at two
                      ///< digits between six letters and one (IBAN, NINO, codice fiscale)
  address = 4,        ///< at the first digits of what has three points or colons close together (IPv4, IPv6)
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
  std::size_t end = 0;                  ///< one past the anchor: the literal, the group, '@', the run
  const digit_group* digits = nullptr;  ///< for anchor::digits
  bool worded = true;                   ///< one of the row's `words` stands somewhere in the text, or the row has none
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
  std::uint8_t most_digits = 0;        ///< 255: whatever follows it
  std::uint8_t shapes = plain_number;  ///< of digit_shape
  std::uint32_t first_digits = ~0U;    ///< bit n: the first of its groups may have n digits (31: or more)
  std::uint32_t first_alone = 0;       ///< the same for a row with `words` where none of them stands in the text
  std::uint8_t least_run = 32;
  std::span<const std::string_view>
      words{};  ///< as `literals`, in any case (lower case here): only whether one stands in the text is asked
  bool (*found)(const candidate& c) noexcept = nullptr;  ///< looks at most 4 KiB to either side; linear; no allocation
};

/// All of them, in the order of settings.md's table; at most 64.
[[nodiscard]] std::span<const detector> all_detectors() noexcept;

}  // namespace naru::sensitivity
