#include "policies/sensitivity/scan/scanner.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "policies/sensitivity/scan/classes.hpp"
#include "policies/sensitivity/scan/digit_rows.hpp"
#include "tests/policies/sensitivity/detectors/harness.hpp"
#include "tests/policies/sensitivity/everyday.hpp"
#include "tests/policies/sensitivity/secrets.hpp"
#include "tests/support/seeded_random.hpp"

using namespace naru::sensitivity;
using namespace naru::test;

namespace {

std::vector<std::string_view> names_of(scan::detector_bits bits) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < all_detectors().size(); ++i) {
    if (bits >> i & 1) names.push_back(all_detectors()[i].name);
  }
  return names;
}

bool scanner_finds(std::string_view name, std::string_view text) {
  const auto found = names_of(scan::detect(text));
  return std::ranges::find(found, name) != found.end();
}

std::string filler(std::mt19937_64& random, std::size_t n) {
  std::string out;
  while (out.size() < n) out += everyday_kinds()[random() % everyday_kinds().size()].make(random) + "\n";
  return out.substr(0, n);
}

}  // namespace

TEST_CASE("the fast classes are those of the plain ones, for any bytes", "[sensitivity][property]") {
  auto random = naru::test::seeded_random();
  for (int round = 0; round < 200; ++round) {
    std::string text(scan::block_bytes * 5, ' ');
    for (char& c : text) c = round % 2 == 0 ? static_cast<char>(random()) : "0123456789 -.@:)\\%&=_/+aZ\n\xE2\xC2\xEF\xD9"[random() % 30];
    scan::bitmaps plain;
    scan::classifiers().back()(text.data(), 5, plain, 1);
    for (const scan::classifier fast : scan::classifiers()) {
      scan::bitmaps out;
      fast(text.data(), 5, out, 1);
      for (const auto words : {&scan::bitmaps::digit, &scan::bitmaps::separator, &scan::bitmaps::run, &scan::bitmaps::at,
                               &scan::bitmaps::special, &scan::bitmaps::letter, &scan::bitmaps::hex, &scan::bitmaps::newline,
                               &scan::bitmaps::point, &scan::bitmaps::colon, &scan::bitmaps::mark}) {
        for (std::size_t i = 1; i <= 5; ++i) CHECK((out.*words)[i] == (plain.*words)[i]);
      }
    }
  }
}

TEST_CASE("a secret is found wherever in a text it stands", "[sensitivity][property]") {
  // Words of 64 bytes, chunks of 2 KiB: every place before, at and behind their borders.
  auto random = naru::test::seeded_random();
  for (const detector& d : all_detectors()) {
    const made_secret made = make_secret(d.name, random);
    INFO(d.name << ": " << made.text);
    REQUIRE(finds(d, made.text));
    for (std::size_t before = 0; before < 140; ++before) {
      if (!scanner_finds(d.name, std::string(before, '.') + "\n\n" + made.text)) FAIL_CHECK("not found behind " << before << " bytes");
    }
    for (std::size_t before = 1960; before < 2060; before += 3) {
      if (!scanner_finds(d.name, std::string(before, ' ') + made.text + std::string(before % 70, ' ')))
        FAIL_CHECK("not found behind " << before << " bytes");
    }
  }
}

TEST_CASE("the scanner finds all that a plain scan over the table finds", "[sensitivity][property]") {
  auto random = naru::test::seeded_random();
  for (int round = 0; round < 400; ++round) {
    std::string text = filler(random, random() % 300);
    for (int i = 0; i < 3; ++i) {
      text += make_secret(all_detectors()[random() % all_detectors().size()].name, random).text + "\n" + filler(random, random() % 90);
    }
    const auto found = names_of(scan::detect(text));
    for (const auto name : found_in(text)) {
      INFO(name << " in: " << text);
      CHECK(std::ranges::find(found, name) != found.end());
    }
  }
}

TEST_CASE("a number is read with its gaps made single, and without any", "[sensitivity]") {
  const std::string text = "pay 4111 - 1111-  1111 -1111 now";
  const auto row = scan::read_row(text, 4);
  CHECK(row.digits == 16);
  CHECK(row.wide);
  CHECK(scan::narrowed_row(text, row, scan::narrowed_row::gaps::single).text() == "pay 4111-1111-1111-1111 now");
  CHECK(scan::narrowed_row(text, row, scan::narrowed_row::gaps::none).text() == "pay 4111111111111111 now");
  CHECK(scan::read_row("12    34", 0).digits == 2);
}

TEST_CASE("a scan ends when its budget is spent", "[sensitivity]") {
  const scan::scanner all(all_detectors(), ~scan::detector_bits{0});
  scan::sighting seen;
  work_budget little(1000);
  all.run(std::string(1001, 'a'), ~scan::detector_bits{0}, little, seen);
  CHECK(little.spent());
  std::string dense;
  for (int i = 0; i < 1000; ++i) dense += "sk-";
  work_budget enough(dense.size() + 10 * closer_look);
  all.run(dense, ~scan::detector_bits{0}, enough, seen);
  CHECK(enough.spent());
}

TEST_CASE("any bytes may be scanned", "[sensitivity][property]") {
  auto random = naru::test::seeded_random();
  for (int i = 0; i < 5000; ++i) {
    std::string bytes;
    for (std::size_t n = random() % 200; n > 0; --n)
      bytes += random() % 3 == 0 ? "@-_I0123456789skgh:/.%&\\\n"[random() % 25] : static_cast<char>(random());
    (void)scan::detect(bytes);
  }
}
