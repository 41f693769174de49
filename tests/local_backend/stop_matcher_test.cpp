#include "local_backend/stop_matcher.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <optional>

using naru::local_backend::stop_matcher;

namespace {

struct outcome {
  std::string text;
  bool stopped = false;
  bool operator==(const outcome&) const = default;
};

/// The definition, in its plainest form: the first place where a stop string ends, and the longest that ends there.
outcome expected(const std::vector<std::string>& stops, std::string_view text) {
  for (std::size_t end = 1; end <= text.size(); ++end) {
    std::size_t longest = 0;
    for (const auto& s : stops) {
      if (text.substr(0, end).ends_with(s)) longest = std::max(longest, s.size());
    }
    if (longest != 0) return {std::string{text.substr(0, end - longest)}, true};
  }
  return {std::string{text}, false};
}

outcome in_pieces(const std::vector<std::string>& stops, const std::vector<std::string_view>& pieces) {
  stop_matcher m{stops};
  outcome o;
  for (const auto p : pieces) {
    if (m.feed(p, o.text)) return o.stopped = true, o;
  }
  m.finish(o.text);
  return o;
}

}  // namespace

TEST_CASE("the answer ends before the stop string, wherever the pieces are cut", "[stop]") {
  const std::vector<std::string> stops{"END", "\n\n"};
  for (const std::string text : {"one END two", "one\n\ntwo", "ENEND", "EN\nEND", "no stop here", "\n END", "E", ""}) {
    const auto whole = expected(stops, text);
    for (std::size_t a = 0; a <= text.size(); ++a) {
      for (std::size_t b = a; b <= text.size(); ++b) {
        const std::string_view t{text};
        INFO("\"" << text << "\" cut at " << a << " and " << b);
        CHECK(in_pieces(stops, {t.substr(0, a), t.substr(a, b - a), t.substr(b)}) == whole);
      }
    }
  }
}

TEST_CASE("text that may begin a stop string is held back until it is clear", "[stop]") {
  stop_matcher m{{"</answer>"}};
  std::string out;
  CHECK_FALSE(m.feed("yes</ans", out));
  CHECK(out == "yes");
  CHECK_FALSE(m.feed("x", out));
  CHECK(out == "yes</ansx");
  CHECK_FALSE(m.feed("</answer", out));
  CHECK(out == "yes</ansx");
  CHECK(m.feed(">", out));
  CHECK(out == "yes</ansx");
}

TEST_CASE("without stop strings everything passes at once", "[stop]") {
  stop_matcher m{{}};
  std::string out;
  CHECK_FALSE(m.feed("abc", out));
  CHECK(out == "abc");
}

TEST_CASE("any text in any pieces ends where the whole text ends", "[stop][property]") {
  CHECK(rc::check([] {
    // A small alphabet, so that stop strings overlap with themselves and each other.
    const auto word = rc::gen::container<std::string>(rc::gen::element('a', 'b', 'c'));
    const auto stops = *rc::gen::resize(6, rc::gen::container<std::vector<std::string>>(rc::gen::nonEmpty(word)));
    const auto text = *rc::gen::resize(40, word);
    const auto cuts = *rc::gen::container<std::vector<std::uint8_t>>(rc::gen::inRange<std::uint8_t>(0, 5));
    std::vector<std::string_view> pieces;
    std::size_t at = 0;
    for (const auto n : cuts) {
      pieces.push_back(std::string_view{text}.substr(at, n));
      at = std::min(text.size(), at + n);
    }
    pieces.push_back(std::string_view{text}.substr(at));
    RC_ASSERT(in_pieces(stops, pieces) == expected(stops, text));
  }));
}
