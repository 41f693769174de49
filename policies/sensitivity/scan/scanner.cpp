#include "policies/sensitivity/scan/scanner.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "policies/sensitivity/characters.hpp"
#include "policies/sensitivity/disguise/base64.hpp"
#include "policies/sensitivity/disguise/undo.hpp"
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
    high &= high >> by;
    have += by;
  }
  return starts & low;
}

template <class Each>
void each_bit(std::uint64_t word, Each&& each) {
  for (; word != 0; word &= word - 1) each(static_cast<std::size_t>(std::countr_zero(word)));
}

/// Shorter runs that are base64 hold no secret.
constexpr std::size_t least_encoded = 20;

}  // namespace

class scanner::pass {
 public:
  pass(const scanner& of, std::string_view text, detector_bits wanted, work_budget& work, sighting& out)
      : of_(of), text_(text), wanted_(wanted & of.on_), work_(work), out_(out) {}

  void run() {
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
  void fill(std::size_t slot, std::size_t from, std::size_t count) {
    const std::size_t left = from < text_.size() ? text_.size() - from : 0;
    const std::size_t whole = left < block_bytes + past_end ? 0 : std::min(count, (left - past_end) / block_bytes);
    const window_masks& windows = of_.literals_.windows();
    if (whole != 0) classify(text_.data() + from, whole, windows, b_, slot);
    if (whole == count) return;
    // The end, copied so that nothing behind it is read: at most two blocks, because the last whole one needs two bytes behind it.
    std::array<char, 2 * block_bytes + past_end> end{};
    const std::size_t rest = left - whole * block_bytes;
    if (rest != 0) std::memcpy(end.data(), text_.data() + from + whole * block_bytes, std::min(rest, end.size()));
    const std::size_t blocks = std::min({count - whole, std::size_t{2}, (rest + block_bytes - 1) / block_bytes});
    if (blocks != 0) classify(end.data(), blocks, windows, b_, slot + whole);
    for (std::size_t i = slot + whole + blocks; i < slot + count && i < slot + whole + blocks + 2; ++i) {
      b_.clear(i);
    }
  }

  void look(std::size_t i, std::size_t offset) {
    each_bit(b_.literal[i], [&](std::size_t bit) {
      of_.literals_.at_window(text_, offset + bit,
                              [&](std::size_t at, std::size_t end, detector_bits of) { ask(of, {text_, at, end, nullptr}); });
    });
    each_bit(b_.at[i], [&](std::size_t bit) { ask(of_.at_sign_, {text_, offset + bit, offset + bit + 1, nullptr}); });
    each_bit(b_.special[i], [&](std::size_t bit) {
      if (disguise::undo_at(text_, offset + bit)) out_.disguises.push_back(static_cast<std::uint32_t>(offset + bit));
    });
    each_bit(long_starts(b_.run[i - 1], b_.run[i], b_.run[i + 1], of_.least_run_), [&](std::size_t bit) { run_of(offset + bit); });
    const std::uint64_t before = row_before_, here = row_word(b_, i);
    row_before_ = here;
    // The word behind needs its own right neighbour for a gap at its end; a row cut short there has its digits all the same: at worst
    // three separators are missing, which `least_row` leaves room for.
    if (here != 0) {
      each_bit(long_starts(before, here, b_.digit[i + 1] | b_.separator[i + 1], of_.least_digits_), [&](std::size_t bit) { row_of(offset + bit); });
    }
  }

  void ask(detector_bits of, const candidate& c) {
    each_bit(of & wanted_ & ~out_.found, [&](std::size_t d) {
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

  void row_of(std::size_t begin) {
    const digit_row row = read_row(text_, begin);
    if (row.digits < of_.least_digits_) return;
    numbers_in(text_, row);
    if (!row.wide || row.digits > longest_number) return;
    const narrowed_row narrow(text_, row);
    numbers_in(narrow.text(), narrow.row());
  }

  void numbers_in(std::string_view text, const digit_row& row) {
    for (std::size_t at = row.begin; at < row.end; ++at) {
      if (!is_digit(text[at]) || (at > row.begin && is_digit(text[at - 1]))) continue;
      const group_ends ends = read_groups(text, at, row);
      digit_group g = ends.whole;
      number(text, at, g);
      for (std::size_t i = ends.count; i-- > 0;) {
        g.count = ends.cuts[i].digits;
        g.end = ends.cuts[i].end;
        if (g.count < of_.least_digits_) break;
        g.first_gap = std::min(g.first_gap, g.count);
        number(text, at, g);
      }
      if (work_.spent()) return;
    }
  }

  void number(std::string_view text, std::size_t at, const digit_group& g) {
    if (g.count < of_.by_count_.size()) ask(of_.by_count_[g.count], {text, at, g.end, &g});
  }

  const scanner& of_;
  std::string_view text_;
  detector_bits wanted_;
  work_budget& work_;
  sighting& out_;
  bitmaps b_;
  std::uint64_t row_before_ = 0;
  std::size_t encoded_until_ = 0;
};

scanner::scanner(std::span<const detector> table, detector_bits on) : table_(table), on_(on), literals_(table, on), least_run_(least_encoded) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    const detector_bits bit = detector_bits{1} << i;
    if ((on & bit) == 0) continue;
    const detector& d = table[i];
    if (d.starts_at == anchor::at_sign) at_sign_ |= bit;
    if (d.starts_at == anchor::run) {
      runs_ |= bit;
      least_run_ = std::min<std::size_t>(least_run_, std::max<std::size_t>(d.least_run, 1));
    }
    if (d.starts_at != anchor::digits) continue;
    for (std::size_t n = d.least_digits; n <= d.most_digits && n < by_count_.size(); ++n) by_count_[n] |= bit;
    least_digits_ = std::min<std::size_t>(least_digits_, std::max<std::size_t>(d.least_digits, 1));
  }
}

void scanner::run(std::string_view text, detector_bits wanted, work_budget& work, sighting& out) const {
  out.found = 0;
  out.disguises.clear();
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
