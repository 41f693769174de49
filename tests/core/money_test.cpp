#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/event.hpp"
#include "core/label.hpp"
#include "core/money.hpp"

using namespace naru;

TEST_CASE("prices per million tokens are read exactly", "[money]") {
  CHECK(parse_usd_per_million("0.0375")->value == 37'500);
  CHECK(parse_usd_per_million("8")->value == 8'000'000);
  CHECK(parse_usd_per_million("0.000001")->value == 1);
  CHECK(parse_usd_per_million("0.10")->value == 100'000);
  CHECK(parse_usd_per_million("0.0000010")->value == 1);
  CHECK_FALSE(parse_usd_per_million("0.0000001"));
  for (const auto* bad : {"", "-1", "1e3", ".5", "1.", "1.2.3", "0x1", " 1", "1 ", "99999999999999999999", "nan"}) {
    INFO(bad);
    CHECK_FALSE(parse_usd_per_million(bad));
    CHECK_FALSE(parse_usd(bad));
  }
}

TEST_CASE("amounts print as they are read", "[money]") {
  for (const auto* text : {"0", "0.02", "500", "0.000000001", "12.5", "18446744073.709551615"})
    CHECK(to_usd_string(*parse_usd(text)) == text);
  CHECK_FALSE(parse_usd("18446744073.709551616"));
  CHECK(to_usd_per_million_string(pico_usd{37'500}) == "0.0375");
}

TEST_CASE("a cost is summed in 128 bits and rounded up once", "[money]") {
  cost_sum one;
  one.add(pico_usd{1}, tokens{1});
  CHECK(one.total().value == 1);
  cost_sum thousand;
  for (int i = 0; i < 1000; ++i) thousand.add(pico_usd{1}, tokens{1});
  CHECK(thousand.total().value == 1);
  cost_sum huge;
  huge.add(pico_usd{~0ULL}, tokens{~0ULL});
  CHECK(huge.total() == nano_usd::max());
  CHECK(nano_usd::max() + nano_usd{1} == nano_usd::max());
}

TEST_CASE("a clearance permits its own rank and what lies below, nothing above", "[label]") {
  for (std::uint8_t c = 0; c < 4; ++c) {
    for (std::uint8_t l = 0; l < 4; ++l) CHECK(permits(clearance{c}, label{l}) == (l <= c));
  }
}

TEST_CASE("a label scheme knows its words", "[label]") {
  const label_scheme house;
  CHECK(house.name(house.default_label()) == "internal");
  CHECK(house.name(house.highest()) == "restricted");
  CHECK(house.name(house.below_highest()) == "confidential");
  CHECK_FALSE(house.find("Internal").has_value());
  CHECK(house.name(label{200}) == "restricted");
  CHECK(label_scheme({"one"}, 0).below_highest() == label{0});
}

TEST_CASE("every error code has a status and a word", "[error]") {
  for (int i = 0; i <= static_cast<int>(error_code::stream_broken); ++i) {
    const auto code = static_cast<error_code>(i);
    CHECK(http_status(code) >= 400);
    CHECK_FALSE(to_string(code).empty());
  }
  CHECK_FALSE(client_should_retry(error_code::upstream_failed));
  CHECK(client_should_retry(error_code::rate_limited));
}

TEST_CASE("only what a client would see commits a stream", "[event]") {
  CHECK_FALSE(bears_content(answer_start{}));
  CHECK_FALSE(bears_content(keep_alive{}));
  CHECK_FALSE(bears_content(usage_report{}));
  CHECK_FALSE(bears_content(answer_failed{}));
  CHECK_FALSE(bears_content(text_delta{}));
  CHECK(bears_content(text_delta{0, "x"}));
  CHECK(bears_content(tool_call_start{}));
  CHECK(bears_content(finished{}));
}
