#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "policies/sensitivity/disguise/glance.hpp"
#include "policies/sensitivity/disguise/undo.hpp"
#include "policies/sensitivity/scan/anchors.hpp"
#include "policies/sensitivity/scan/number_rules.hpp"
#include "policies/sensitivity/scan/scanner.hpp"
#include "tests/policies/sensitivity/detectors/harness.hpp"
#include "tests/policies/sensitivity/secrets.hpp"
#include "tests/support/seeded_random.hpp"

// What the scan leaves out before it calls a detector must be nothing that a detector would have found.
using namespace naru::sensitivity;
using namespace naru::test;

namespace {

constexpr std::array<std::string_view, 14> numbers{"kr_rrn",
                                                   "kr_business_number",
                                                   "kr_driver_licence",
                                                   "us_ssn",
                                                   "us_itin",
                                                   "uk_nino",
                                                   "jp_my_number",
                                                   "in_aadhaar",
                                                   "card",
                                                   "iban",
                                                   "kr_bank_account",
                                                   "phone",
                                                   "eu_national_id",
                                                   "ip"};

/// A secret with a byte or two of it, or beside it, changed, taken out or put in.
std::string mutated(const made_secret& made, std::mt19937_64& random) {
  constexpr std::string_view bytes = "0123456789  --..+/()XZaB_:,";
  std::string text = made.text;
  const std::size_t at = text.find(made.secret);
  for (std::size_t n = random() % 3; n > 0; --n) {
    const std::size_t where = at + random() % (made.secret.size() + 1);
    const char c = bytes[random() % bytes.size()];
    switch (random() % 3) {
      case 0: text.insert(std::min(where, text.size()), 1, c); break;
      case 1:
        if (where < text.size()) text[where] = c;
        break;
      default: text.insert(at, std::string(1 + random() % 3, bytes[random() % bytes.size()]));
    }
  }
  return text;
}

std::string missed_in(const std::string& text) {
  const scan::detector_bits bits = scan::detect(text);
  std::string missed;
  for (const auto name : found_in(text)) {
    const auto row = std::ranges::find(all_detectors(), name, &detector::name);
    if ((bits >> (row - all_detectors().begin()) & 1) == 0) missed.append(name) += ' ';
  }
  return missed;
}

}  // namespace

TEST_CASE("no form of a number keeps a detector from what it finds", "[sensitivity][property]") {
  auto random = seeded_random();
  for (int round = 0; round < 20'000; ++round) {
    const made_secret made = make_secret(numbers[random() % numbers.size()], random);
    const std::string text = std::string(random() % 70, ' ') + mutated(made, random);
    if (const std::string missed = missed_in(text); !missed.empty()) FAIL_CHECK(missed << "in: " << text);
  }
}

TEST_CASE("rows of numbers of all lengths and gaps hide nothing", "[sensitivity][property]") {
  auto random = seeded_random();
  constexpr std::array<std::string_view, 12> gaps{" ", " ", "-", "-", ".", "  ", " - ", "/", "+", ")", "L", "A"};
  for (int round = 0; round < 20'000; ++round) {
    std::string text = round % 3 == 0 ? "ssn pesel bsn 계좌 " : "";
    for (std::size_t n = 1 + random() % 6; n > 0; --n) {
      text += random_of(decimal, 1 + random() % 13, random);
      text += gaps[random() % gaps.size()];
    }
    if (const std::string missed = missed_in(text); !missed.empty()) FAIL_CHECK(missed << "in: " << text);
  }
}

TEST_CASE("the fast anchors are those of the plain ones, for any bitmaps", "[sensitivity][property]") {
  auto random = seeded_random();
  constexpr std::string_view bytes = "0123456789 -.@:)+/AbZ\n";
  for (int round = 0; round < 300; ++round) {
    std::string text((scan::chunk_blocks + 2) * scan::block_bytes, ' ');
    const std::size_t digits = 1 + random() % bytes.size();  // from nothing but zeros to all
    for (char& c : text) c = bytes[random() % digits];
    scan::bitmaps b;
    scan::classify(text.data(), scan::chunk_blocks + 2, b, 0);
    const std::size_t blocks = round % 4 == 0 ? 1 : 1 + random() % scan::chunk_blocks;
    if (blocks == 1 && round % 8 == 0) b.digit[1] = 0;
    scan::anchors plain;
    plain.row[0] = b.digit[0];
    scan::anchor_finders().back()(b, blocks, plain);
    for (const scan::anchor_finder fast : scan::anchor_finders()) {
      scan::anchors out;
      out.row[0] = b.digit[0];
      fast(b, blocks, out);
      for (const auto words :
           {&scan::anchors::row, &scan::anchors::number, &scan::anchors::run, &scan::anchors::two, &scan::anchors::apart,
            &scan::anchors::six, &scan::anchors::decimal, &scan::anchors::hex, &scan::anchors::disguise, &scan::anchors::any}) {
        for (std::size_t i = 1; i <= blocks; ++i) CHECK((out.*words)[i] == (plain.*words)[i]);
      }
    }
  }
}

TEST_CASE("what ordinary logs are full of is called for by no number", "[sensitivity]") {
  const scan::number_rules rules(all_detectors(), ~scan::detector_bits{0});
  const auto wanting = [&](std::string_view text, std::string_view number) {
    const std::size_t at = text.find(number);
    const scan::digit_row row = scan::read_row(text, at);
    return rules.wanting(text, scan::look_at_text(text, at, row.end), rules.active(0));
  };
  CHECK(wanting("2026-06-26T14:11:13.497081Z", "2026-06-26") == 0);
  CHECK(wanting("2026-06-26T14:11:13.497081Z", "13.497081") == 0);
  CHECK(wanting("read=635017 written=13807", "635017") == 0);
  CHECK(wanting("200 335695 0.668 ms", "200 335695") == 0);
  CHECK(wanting("v1.0.48 892629149 bytes", "892629149") == 0);
  CHECK(wanting("card 4111 1111 1111 1111", "4111") != 0);
  CHECK(wanting("tel +44 20 7946 0958", "44") != 0);
}

TEST_CASE("a number of less than 64 forms may be had, and no row without one", "[sensitivity]") {
  constexpr number_form any{};
  detector none;
  none.name = "none";
  none.starts_at = anchor::digits;
  CHECK_THROWS_AS(scan::number_rules(std::span(&none, 1), 1), std::invalid_argument);
  const std::array<number_form, 65> forms{any};
  detector many = none;
  many.forms = forms;
  CHECK_THROWS_AS(scan::number_rules(std::span(&many, 1), 1), std::invalid_argument);
  CHECK_NOTHROW(scan::number_rules(std::span(&many, 1), 0));
}

TEST_CASE("a glance refuses only what is no disguise", "[sensitivity][property]") {
  auto random = seeded_random();
  constexpr std::string_view bytes = "\n\n\r\\%&=#;()-- .AZa19ntux\"'{\xE2\x80\x8B";
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::size_t n = 1 + random() % 12; n > 0; --n) text += bytes[random() % bytes.size()];
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (std::string_view("\n\\%&").find(text[i]) == std::string_view::npos && text[i] > 0) continue;
      if (!disguise::may_undo_at(text, i) && disguise::undo_at(text, i)) FAIL_CHECK("at " << i << " of: " << text);
    }
  }
}
