#include "policies/sensitivity/scan/scanner.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "policies/sensitivity/characters.hpp"
#include "policies/sensitivity/disguise/base64.hpp"
#include "policies/sensitivity/disguise/undo.hpp"
#include "policies/sensitivity/scan/classes.hpp"
#include "policies/sensitivity/scan/digit_rows.hpp"

namespace naru::sensitivity::scan {
namespace {

constexpr std::uint64_t up(const bitmaps::words& w, std::size_t i, unsigned by) noexcept { return w[i] << by | w[i - 1] >> (64 - by); }
constexpr std::uint64_t down(const bitmaps::words& w, std::size_t i, unsigned by) noexcept { return w[i] >> by | w[i + 1] << (64 - by); }

/// Digits, and up to three separators where digits stand on both sides.
std::uint64_t row_word(const bitmaps& b, std::size_t i) noexcept {
  const std::uint64_t s = b.separator[i];
  if ((b.digit[i - 1] | b.digit[i] | b.digit[i + 1]) == 0) return 0;
  if (s == 0) return b.digit[i];
  const std::uint64_t after1 = s & up(b.digit, i, 1);
  const std::uint64_t after2 = s & up(b.separator, i, 1) & up(b.digit, i, 2);
  const std::uint64_t after3 = s & up(b.separator, i, 1) & up(b.separator, i, 2) & up(b.digit, i, 3);
  const std::uint64_t before1 = s & down(b.digit, i, 1);
  const std::uint64_t before2 = s & down(b.separator, i, 1) & down(b.digit, i, 2);
  const std::uint64_t before3 = s & down(b.separator, i, 1) & down(b.separator, i, 2) & down(b.digit, i, 3);
  return b.digit[i] | (after1 & (before1 | before2 | before3)) | (after2 & (before1 | before2)) | (after3 & before1);
}

/// Bits at which at least `length` ones in a row begin that no one precedes. @param length  1..64
std::uint64_t long_starts(std::uint64_t before, std::uint64_t here, std::uint64_t behind, std::size_t length) noexcept {
  std::uint64_t starts = here & ~(here << 1 | before >> 63);
  if (starts == 0) return 0;
  std::uint64_t low = here, high = behind;
  for (std::size_t have = 1; have < length;) {
    const std::size_t by = std::min(have, length - have);
    if (by == 64) return starts & low & high;
    low &= low >> by | high << (64 - by);
    if ((starts & low) == 0) return 0;
    high &= high >> by;
    have += by;
  }
  return starts & low;
}

template <class Each>
void each_bit(std::uint64_t word, Each&& each) {
  for (; word != 0; word &= word - 1) each(static_cast<std::size_t>(std::countr_zero(word)));
}

constexpr std::uint64_t low_bits(std::size_t n) noexcept { return n >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << n) - 1; }

/// digit_shape::after_letters, at the first digit.
std::uint64_t behind_letters(const bitmaps& b, std::size_t i) noexcept {
  const std::uint64_t starts = b.digit[i] & ~up(b.digit, i, 1) & down(b.digit, i, 1);
  if (starts == 0) return 0;
  const auto letter = [&](unsigned by) { return up(b.letter, i, by); };
  const auto word = [&](unsigned by) { return up(b.letter, i, by) | up(b.digit, i, by); };
  const std::uint64_t two = starts & letter(1) & letter(2) & ~word(3);
  const std::uint64_t apart = starts & up(b.separator, i, 1) & letter(2) & letter(3) & ~word(4);
  const std::uint64_t six = starts & letter(1) & letter(2) & letter(3) & letter(4) & letter(5) & letter(6) & down(b.letter, i, 2);
  return two | apart | six;
}

/// The first of three points, or of three colons, with at most four bytes between them.
std::uint64_t triples(const bitmaps::words& w, std::size_t i) noexcept {
  if (w[i] == 0 || std::popcount(w[i]) + std::popcount(w[i + 1]) < 3) return 0;
  const auto near = [](std::uint64_t here, std::uint64_t behind) {
    std::uint64_t any = 0;
    for (unsigned by = 1; by <= 5; ++by) any |= here >> by | behind << (64 - by);
    return any;
  };
  const std::uint64_t behind = w[i + 1] & near(w[i + 1], 0);
  return w[i] & near(w[i] & near(w[i], w[i + 1]), behind);
}

/// Shorter runs that are base64 hold no secret.
constexpr std::size_t least_encoded = 20;
/// Fewer digits are no plain number of any row.
constexpr std::size_t least_row = 6;

}  // namespace

class scanner::pass {
 public:
  pass(const scanner& of, std::string_view text, detector_bits wanted, work_budget& work, sighting& out)
      : of_(of), text_(text), wanted_(wanted & of.on_), work_(work), out_(out), worded_(of.wordless_) {}

  void run() {
    auto literal = [this](std::size_t at, std::size_t end, detector_bits of) noexcept { ask(of, {text_, at, end, nullptr}); };
    worded_ |= of_.literals_.each(text_, literal);
    b_.clear(0);
    fill(1, 0, chunk_blocks + 1);
    for (std::size_t at = 0;; at += chunk_blocks * block_bytes) {
      for (std::size_t i = 1; i <= chunk_blocks; ++i) {
        const std::size_t offset = at + (i - 1) * block_bytes;
        if (offset >= text_.size() || work_.spent()) return;
        look(i, offset);
      }
      b_.advance();
      fill(2, at + (chunk_blocks + 1) * block_bytes, chunk_blocks);
    }
  }

 private:
  /// Classifies up to `count` blocks from offset `from` on; what lies behind the text is zero.
  void fill(std::size_t slot, std::size_t from, std::size_t count) noexcept {
    const std::size_t left = from < text_.size() ? text_.size() - from : 0;
    const std::size_t whole = std::min(count, left / block_bytes);
    if (whole != 0) classify(text_.data() + from, whole, b_, slot);
    if (whole == count) return;
    slot += whole;
    if (const std::size_t rest = left - whole * block_bytes; rest != 0) {
      // The end, copied so that nothing behind it is read.
      std::array<char, block_bytes> end{};
      std::memcpy(end.data(), text_.data() + from + whole * block_bytes, rest);
      classify(end.data(), 1, b_, slot++);
    }
    if (slot < chunk_blocks + 2) b_.clear(slot);
  }

  void look(std::size_t i, std::size_t offset) {
    each_bit(b_.at[i], [&](std::size_t bit) { ask(of_.at_sign_, {text_, offset + bit, offset + bit + 1, nullptr}); });
    each_bit(b_.special[i], [&](std::size_t bit) {
      const std::size_t at = offset + bit;
      if (!disguise::undo_at(text_, at)) return;
      (disguise::is_line_break(text_, at) ? out_.breaks : out_.disguises).push_back(static_cast<std::uint32_t>(at));
    });
    each_bit(long_starts(b_.run[i - 1], b_.run[i], b_.run[i + 1], of_.least_run_), [&](std::size_t bit) { run_of(offset + bit); });
    if (of_.addresses_ != 0) {
      each_bit(triples(b_.point, i) | triples(b_.colon, i), [&](std::size_t bit) { address_around(offset + bit); });
    }
    const std::uint64_t before = row_before_, here = row_word(b_, i);
    row_before_ = here;
    if (here == 0) return;
    each_bit(behind_letters(b_, i), [&](std::size_t bit) { ask_group(of_.after_letters_, text_, offset + bit); });
    // Of the word behind only what may be in a row is known: what begins here and ends there is read byte by byte.
    each_bit(long_starts(before, here, b_.digit[i + 1] | b_.separator[i + 1], of_.least_digits_),
             [&](std::size_t bit) { row_at(here >> bit, i, bit, offset + bit); });
  }

  void ask(detector_bits of, candidate c) {
    each_bit(of & wanted_ & ~out_.found, [&](std::size_t d) {
      c.worded = (worded_ >> d & 1) != 0;
      if (work_.spend(closer_look) && of_.table_[d].found(c)) out_.found |= detector_bits{1} << d;
    });
  }

  void run_of(std::size_t begin) {
    std::size_t end = begin + of_.least_run_;
    while (end < text_.size() && (is_base64(text_[end]) || text_[end] == '=')) ++end;
    each_bit(of_.runs_ & wanted_ & ~out_.found, [&](std::size_t d) {
      if (end - begin < of_.table_[d].least_run) return;
      if (work_.spend(closer_look) && of_.table_[d].found({text_, begin, end, nullptr})) out_.found |= detector_bits{1} << d;
    });
    if (end - begin < least_encoded || begin < encoded_until_) return;
    if (const auto piece = disguise::find_base64(text_, begin, end)) {
      out_.encoded.push_back({piece->begin, piece->end});
      encoded_until_ = piece->end;
    }
  }

  /// The first digits of what this point or colon is in, and of each part up to it.
  void address_around(std::size_t at) {
    std::size_t begin = at;
    while (begin > 0 && at - begin < 5 && is_hex(text_[begin - 1])) --begin;
    for (const std::size_t end = std::min(at + 16, text_.size()); begin < end; ++begin) {
      if (!is_digit(text_[begin]) || (begin > 0 && is_digit(text_[begin - 1]))) continue;
      return ask_group(of_.addresses_, text_, begin);
    }
  }

  /// @param word  the row's bits, from the first on
  void row_at(std::uint64_t word, std::size_t i, std::size_t bit, std::size_t begin) {
    const auto length = static_cast<std::size_t>(std::countr_one(word));
    if (bit + length >= block_bytes) return row_of(read_row(text_, begin));
    const std::uint64_t digits = b_.digit[i] >> bit & low_bits(length), separators = b_.separator[i] >> bit & low_bits(length);
    const std::uint64_t wide = separators & separators >> 1;
    const digit_row row{begin, begin + length, static_cast<std::size_t>(std::popcount(digits)), wide != 0};
    if (row.digits < of_.least_digits_) return;
    each_bit(digits & ~(digits << 1), [&](std::size_t start) {
      const std::uint64_t rest = digits >> start;
      const auto first = static_cast<std::size_t>(std::countr_one(rest));
      const std::uint64_t gap = wide >> start;
      const auto count = static_cast<std::size_t>(std::popcount(gap == 0 ? rest : rest & (gap ^ (gap - 1))));
      const detector_bits of = wanting(count, first);
      if ((of & wanted_ & ~out_.found) != 0) ask_group(of, text_, begin + start);
    });
    without_gaps(row);
  }

  void row_of(const digit_row& row) {
    if (row.digits < of_.least_digits_) return;
    numbers_in(text_, row);
    without_gaps(row);
  }

  void numbers_in(std::string_view text, const digit_row& row) {
    for (std::size_t at = row.begin; at < row.end && !work_.spent(); ++at) {
      if (!is_digit(text[at]) || (at > row.begin && is_digit(text[at - 1]))) continue;
      const digit_group g = read_group(text, at);
      ask(wanting(g.count, g.first_gap), {text, at, g.end, &g});
    }
  }

  /// Blanks and dashes may have been put where no form has them.
  void without_gaps(const digit_row& row) {
    if (row.digits > longest_number) return;
    if (row.wide) {
      const narrowed_row narrow(text_, row, narrowed_row::gaps::single);
      numbers_in(narrow.text(), narrow.row());
    }
    const std::size_t between = row.end - row.begin - row.digits;
    if (between * 2 < row.digits) return;
    const narrowed_row tight(text_, row, narrowed_row::gaps::none);
    numbers_in(tight.text(), tight.row());
  }

  [[nodiscard]] detector_bits wanting(std::size_t count, std::size_t first) const noexcept {
    const std::size_t row = std::min(first, of_.by_first_.size() - 1);
    return of_.by_count_[std::min(count, of_.by_count_.size() - 1)] & ((of_.by_first_[row] & worded_) | of_.by_first_alone_[row]);
  }
  void ask_group(detector_bits of, std::string_view text, std::size_t at) {
    const digit_group g = read_group(text, at);
    ask(of, {text, at, g.end, &g});
  }

  const scanner& of_;
  std::string_view text_;
  detector_bits wanted_;
  work_budget& work_;
  sighting& out_;
  bitmaps b_;
  std::uint64_t row_before_ = 0;
  detector_bits worded_;
  std::size_t encoded_until_ = 0;
};

scanner::scanner(std::span<const detector> table, detector_bits on)
    : table_(table), on_(on), literals_(table, on), least_run_(least_encoded) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    const detector_bits bit = detector_bits{1} << i;
    if ((on & bit) == 0) continue;
    const detector& d = table[i];
    if (d.words.empty()) wordless_ |= bit;
    if (d.starts_at == anchor::at_sign) at_sign_ |= bit;
    if (d.starts_at == anchor::run) {
      runs_ |= bit;
      least_run_ = std::min<std::size_t>(least_run_, std::max<std::size_t>(d.least_run, 1));
    }
    if (d.starts_at != anchor::digits) continue;
    if (d.shapes & after_letters) after_letters_ |= bit;
    if (d.shapes & address) addresses_ |= bit;
    if ((d.shapes & plain_number) == 0) continue;
    for (std::size_t n = d.least_digits; n < by_count_.size() && (n <= d.most_digits || d.most_digits == 255); ++n) by_count_[n] |= bit;
    for (std::size_t n = 0; n < by_first_.size(); ++n) {
      if (d.first_digits >> n & 1) by_first_[n] |= bit;
      if (!d.words.empty() && d.first_alone >> n & 1) by_first_alone_[n] |= bit;
    }
    least_digits_ = std::min(least_digits_, std::max<std::size_t>(d.least_digits, least_row));
  }
}

void scanner::run(std::string_view text, detector_bits wanted, work_budget& work, sighting& out) const {
  out.found = 0;
  out.disguises.clear();
  out.breaks.clear();
  out.encoded.clear();
  if (text.empty() || !work.spend(text.size())) return;
  pass(*this, text, wanted, work, out).run();
}

detector_bits detect(std::string_view text) {
  static const scanner all(all_detectors(), ~detector_bits{0});
  work_budget work(~std::uint64_t{0});
  sighting seen;
  all.run(text, ~detector_bits{0}, work, seen);
  return seen.found;
}

}  // namespace naru::sensitivity::scan
