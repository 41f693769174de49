#include "policies/sensitivity/scan/scanner.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>
#include <string>

#include "policies/sensitivity/characters.hpp"
#include "policies/sensitivity/disguise/base64.hpp"
#include "policies/sensitivity/disguise/glance.hpp"
#include "policies/sensitivity/disguise/undo.hpp"
#include "policies/sensitivity/scan/anchors.hpp"
#include "policies/sensitivity/scan/classes.hpp"
#include "policies/sensitivity/scan/digit_rows.hpp"

namespace naru::sensitivity::scan {
namespace {

template <class Each>
void each_bit(std::uint64_t word, Each&& each) {
  for (; word != 0; word &= word - 1) each(static_cast<std::size_t>(std::countr_zero(word)));
}

constexpr std::uint64_t low_bits(std::size_t n) noexcept { return n >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << n) - 1; }

/// The 64 bits from bit `bit` of word `i` on.
constexpr std::uint64_t window(const bitmaps::words& w, std::size_t i, std::size_t bit) noexcept {
  return bit == 0 ? w[i] : w[i] >> bit | w[i + 1] << (64 - bit);
}

/// Whether `n` ones stand in a row somewhere. @param n  2..64
constexpr bool has_ones(std::uint64_t word, std::size_t n) noexcept {
  for (std::size_t have = 1; have < n && word != 0;) {
    const std::size_t by = std::min(have, n - have);
    word &= word >> by;
    have += by;
  }
  return word != 0;
}

}  // namespace

class scanner::pass {
 public:
  pass(const scanner& of, std::string_view text, detector_bits wanted, work_budget& work, sighting& out)
      : of_(of), text_(text), wanted_(wanted & of.on_), work_(work), out_(out), worded_(of.wordless_) {}

  void run() {
    auto literal = [this](std::size_t at, std::size_t end, detector_bits of) noexcept { ask(of, {text_, at, end, nullptr}); };
    worded_ |= of_.literals_.each(text_, literal);
    forms_ = of_.numbers_.active(worded_);
    b_.clear(0);
    a_.row[0] = 0;
    fill(1, 0, chunk_blocks + 1);
    for (std::size_t at = 0;; at += chunk_blocks * block_bytes) {
      const std::size_t blocks = std::min((text_.size() - at + block_bytes - 1) / block_bytes, chunk_blocks);
      find_anchors(b_, blocks, a_);
      for (std::size_t i = 1; i <= blocks; ++i) {
        if (a_.any[i] == 0) continue;
        if (work_.spent()) return;
        look(i, at + (i - 1) * block_bytes);
      }
      if (text_.size() - at <= chunk_blocks * block_bytes) return;
      b_.advance();
      a_.row[0] = a_.row[chunk_blocks];
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
    each_bit(a_.disguise[i], [&](std::size_t bit) {
      const std::size_t at = offset + bit;
      if (!disguise::may_undo_at(text_, at) || !disguise::undo_at(text_, at)) return;
      (disguise::is_line_break(text_, at) ? out_.breaks : out_.disguises).push_back(static_cast<std::uint32_t>(at));
    });
    each_bit(a_.run[i], [&](std::size_t bit) { run_of(i, bit, offset + bit); });
    each_bit(a_.number[i], [&](std::size_t bit) { row_at(i, bit, offset + bit); });
    if ((b_.at[i] | a_.decimal[i] | a_.hex[i] | a_.two[i] | a_.apart[i] | a_.six[i]) != 0) look_at_rare(i, offset);
  }

  void look_at_rare(std::size_t i, std::size_t offset) {
    each_bit(b_.at[i], [&](std::size_t bit) { ask(of_.at_sign_, {text_, offset + bit, offset + bit + 1, nullptr}); });
    if (a_.decimal[i] != 0) each_bit(quads(a_.decimal, i), [&](std::size_t bit) { address_before(offset + bit); });
    each_bit(a_.hex[i], [&](std::size_t bit) {
      const char first = text_[offset + bit];
      if (first == '2' || first == '3') ask_digits(of_.addresses_, offset + bit);
    });
    each_bit(a_.two[i], [&](std::size_t bit) { ask_digits(of_.behind_two_, offset + bit); });
    each_bit(a_.apart[i], [&](std::size_t bit) {
      if (is_upper(text_[offset + bit - 2])) ask_digits(of_.behind_two_apart_, offset + bit);
    });
    each_bit(a_.six[i], [&](std::size_t bit) {
      if (is_upper(text_[offset + bit - 1])) ask_digits(of_.behind_six_, offset + bit);
    });
  }

  void ask(detector_bits of, candidate c) {
    each_bit(of & wanted_ & ~out_.found, [&](std::size_t d) {
      c.worded = (worded_ >> d & 1) != 0;
      if (work_.spend(closer_look) && of_.table_[d].found(c)) out_.found |= detector_bits{1} << d;
    });
  }

  /// @param i, bit  where its first byte is in the bitmaps
  void run_of(std::size_t i, std::size_t bit, std::size_t begin) {
    const auto length = static_cast<std::size_t>(std::countr_one(window(b_.run, i, bit)));
    std::size_t end = begin + length;
    if (length == block_bytes) {
      while (end < text_.size() && (is_base64(text_[end]) || text_[end] == '=')) ++end;
    }
    const std::uint64_t plain = window(b_.digit, i, bit) | window(b_.hex, i, bit) | window(b_.separator, i, bit);
    // Hashes and UUIDs: what a row of runs looks for, and base64 of text, has other letters in it.
    if (end - begin <= block_bytes && (low_bits(end - begin) & ~plain) == 0) return;
    const bool long_word =
        length == block_bytes || has_ones((window(b_.digit, i, bit) | window(b_.letter, i, bit)) & low_bits(length), least_word);
    each_bit(of_.runs_ & wanted_ & ~out_.found, [&](std::size_t d) {
      const detector& row = of_.table_[d];
      if (end - begin < row.least_run || (row.least_word != 0 && !long_word)) return;
      if (work_.spend(closer_look) && row.found({text_, begin, end, nullptr})) out_.found |= detector_bits{1} << d;
    });
    if (begin < encoded_until_) return;
    if (const auto piece = disguise::find_base64(text_, begin, end)) {
      out_.encoded.push_back({piece->begin, piece->end});
      encoded_until_ = piece->end;
    }
  }

  /// @param point  the first of three; the digits before it begin what may be an address
  void address_before(std::size_t point) {
    std::size_t begin = point - 1;
    while (begin > 0 && point - begin <= 3 && is_digit(text_[begin - 1])) --begin;
    if (point - begin <= 3) ask_digits(of_.addresses_, begin);
  }

  /// @param i, bit  where the row's first digit is in the bitmaps
  void row_at(std::size_t i, std::size_t bit, std::size_t begin) {
    const auto length = static_cast<std::size_t>(std::countr_one(window(a_.row, i, bit)));
    // Of the word behind the chunk it is not known what is in a row, and what fills the window may go on: those are read byte by byte.
    if (length == block_bytes || (i == chunk_blocks && bit + length >= block_bytes)) return row_of(read_row(text_, begin));
    const std::uint64_t digits = window(b_.digit, i, bit) & low_bits(length), separators = low_bits(length) & ~digits;
    const std::uint64_t wide = separators & separators >> 1;
    const digit_row row{begin, begin + length, static_cast<std::size_t>(std::popcount(digits)), wide != 0};
    const bool marked = (b_.mark[i - 1] | b_.mark[i] | b_.mark[i + 1]) != 0;
    if (row.digits < least_row || (row.digits < least_alone && !marked && (is_tied(begin, row.digits, separators) || !in_run(row.end))))
      return;
    std::size_t left = row.digits;
    for (std::uint64_t first = digits & ~(digits << 1); left >= least_row; first &= first - 1) {
      const auto start = static_cast<std::size_t>(std::countr_zero(first));
      number_look look =
          look_at(begin + start, digits >> start, wide >> start, window(b_.point, i, bit) >> start & low_bits(length - start), left);
      look.marked = marked;
      left -= look.first;
      ask_number(text_, look);
    }
    without_gaps(row);
  }

  /// Whether the last group of a row of few digits is the tail of a date, a time or a version: a single dash or point ties it to the one
  /// before, and not all of its digits stand apart.
  [[nodiscard]] bool is_tied(std::size_t begin, std::size_t digits, std::uint64_t separators) const noexcept {
    if (separators == 0 || static_cast<std::size_t>(std::popcount(separators)) * 2 >= digits) return false;
    const auto last = static_cast<std::size_t>(std::bit_width(separators)) - 1;
    return text_[begin + last] != ' ' && (separators >> (last - 1) & 1) == 0;  // a row begins with a digit
  }
  [[nodiscard]] bool in_run(std::size_t at) const noexcept { return at < text_.size() && is_base64(text_[at]); }

  /// @param digits, wide, points  of the row from this number on; @param left  digits in them
  static number_look look_at(std::size_t at, std::uint64_t digits, std::uint64_t wide, std::uint64_t points, std::size_t left) noexcept {
    number_look look{.at = at, .count = left, .first = static_cast<std::size_t>(std::countr_one(digits))};
    const std::uint64_t number = wide == 0 ? ~std::uint64_t{0} : wide ^ (wide - 1);  // up to the first wide gap
    if (wide != 0) look.count = static_cast<std::size_t>(std::popcount(digits & number));
    look.pointed = (points & number) != 0;
    look.wide = (wide >> look.first & 1) != 0;
    if (!look.wide && look.first + 1 < 64) look.second = static_cast<std::size_t>(std::countr_one(digits >> (look.first + 1)));
    return look;
  }

  void row_of(const digit_row& row) {
    if (row.digits < least_row) return;
    numbers_in(text_, row, false);
    without_gaps(row);
  }

  void numbers_in(std::string_view text, const digit_row& row, bool apart) {
    for (std::size_t at = row.begin; at < row.end && !work_.spent(); ++at) {
      if (!is_digit(text[at]) || (at > row.begin && is_digit(text[at - 1]))) continue;
      ask_number(text, look_at_text(text, at, row.end), apart);
    }
  }

  void ask_number(std::string_view text, const number_look& look, bool apart = false) {
    const detector_bits of = of_.numbers_.wanting(text, look, forms_);
    if ((of & wanted_ & ~out_.found) == 0) return;
    const digit_group g = read_group(text, look.at);
    ask(of, {text, look.at, g.end, &g, true, apart});
  }

  /// Blanks and dashes may have been put where no form has them.
  void without_gaps(const digit_row& row) {
    if (row.digits > longest_number) return;
    if (row.wide) {
      const narrowed_row narrow(text_, row, narrowed_row::gaps::single);
      numbers_in(narrow.text(), narrow.row(), false);
    }
    const std::size_t between = row.end - row.begin - row.digits;
    if (between * 2 < row.digits) return;
    const narrowed_row tight(text_, row, narrowed_row::gaps::none);
    numbers_in(tight.text(), tight.row(), true);
  }

  void ask_digits(detector_bits of, std::size_t at) { ask(of, {text_, at, at + 1, nullptr}); }

  const scanner& of_;
  std::string_view text_;
  detector_bits wanted_;
  work_budget& work_;
  sighting& out_;
  bitmaps b_;
  anchors a_;
  detector_bits worded_;
  number_rules::rule_bits forms_ = 0;
  std::size_t encoded_until_ = 0;
};

scanner::scanner(std::span<const detector> table, detector_bits on) : table_(table), on_(on), literals_(table, on), numbers_(table, on) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    const detector_bits bit = detector_bits{1} << i;
    if ((on & bit) == 0) continue;
    const detector& d = table[i];
    if (d.words.empty()) wordless_ |= bit;
    if (d.starts_at == anchor::at_sign) at_sign_ |= bit;
    if (d.starts_at == anchor::run) {
      if (d.least_run < least_run || (d.least_word != 0 && d.least_word < least_word))
        throw std::invalid_argument("a detector's runs are too short: " + std::string(d.name));
      runs_ |= bit;
    }
    if (d.starts_at != anchor::digits) continue;
    if (d.shapes & behind_two) behind_two_ |= bit;
    if (d.shapes & behind_two_apart) behind_two_apart_ |= bit;
    if (d.shapes & behind_six) behind_six_ |= bit;
    if (d.shapes & address) addresses_ |= bit;
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
