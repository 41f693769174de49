#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "core/json/writer.hpp"
#include "policies/sensitivity/characters.hpp"
#include "policies/sensitivity/detector.hpp"
#include "policies/sensitivity/disguise/base64.hpp"
#include "policies/sensitivity/disguise/undo.hpp"
#include "policies/sensitivity/labeller.hpp"
#include "tests/policies/sensitivity/secrets.hpp"
#include "tests/support/seeded_random.hpp"

// Whatever a secret is dressed in on its way, it is found: at least 99 of 100 made-up ones, for each detector in each disguise.
using namespace naru;
using namespace naru::sensitivity;
using naru::test::made_secret;

namespace {

using random_source = std::mt19937_64;

/// One content of a message, as JSON.
std::string as_text(std::string_view text) {
  std::string out;
  json::writer w(out);
  w.begin_object().field("role", "user").field("content", text).end_object();
  return out;
}

template <class Each>
std::string map_secret(const made_secret& m, Each&& each) {
  const std::size_t at = m.text.find(m.secret);
  std::string out = m.text.substr(0, at);
  for (std::size_t i = 0; i < m.secret.size(); ++i) out += each(m.secret[i], i);
  return out + m.text.substr(at + m.secret.size());
}

std::string to_base64(std::string_view bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += i + k > bytes.size() ? '=' : test::standard64[group >> (18 - 6 * k) & 63];
  }
  return out;
}

std::string utf8(std::uint32_t code) { return std::string(disguise::detail::make_undone(0, 0, code).text()); }

struct disguise_kind {
  std::string_view name;
  std::string (*message)(const made_secret& m, random_source& random);  ///< empty: it does not fit this secret
};

std::string escaped(const made_secret& m, random_source&) {
  const std::string inner =
      map_secret(m, [](char c, std::size_t) { return c < 0 ? std::string(1, c) : fmt::format("\\u{:04x}", static_cast<int>(c)); });
  return as_text(R"({"note": ")" + inner + R"("})");
}

std::string in_arguments(const made_secret& m, random_source&) {
  std::string arguments, out;
  json::writer inner(arguments);
  inner.begin_object().field("note", m.text).end_object();
  json::writer w(out);
  w.begin_object().field("role", "assistant").key("tool_calls").begin_array().begin_object().key("function").begin_object();
  w.field("name", "f").field("arguments", arguments).end_object().end_object().end_array().end_object();
  return out;
}

std::string in_tool_input(const made_secret& m, random_source&) {
  std::string out;
  json::writer w(out);
  w.begin_object().field("role", "assistant").key("content").begin_array().begin_object().field("type", "tool_use");
  w.key("input").begin_object().field("note", m.text).end_object().end_object().end_array().end_object();
  return out;
}

std::string in_result(const made_secret& m, random_source&) {
  std::string out;
  json::writer w(out);
  w.begin_object().field("role", "tool").field("tool_call_id", "c").field("content", m.text).end_object();
  return out;
}

std::string over_parts(const made_secret& m, random_source& random) {
  std::size_t at = m.text.find(m.secret) + 1 + random() % (m.secret.size() - 1);
  while ((static_cast<unsigned char>(m.text[at]) & 0xC0) == 0x80) --at;  // a character is never cut
  std::string out;
  json::writer w(out);
  w.begin_object().field("role", "user").key("content").begin_array();
  for (const std::string_view part : {std::string_view(m.text).substr(0, at), std::string_view(m.text).substr(at)}) {
    w.begin_object().field("type", "text").field("text", part).end_object();
  }
  w.end_array().end_object();
  return out;
}

std::string base64(const made_secret& m, random_source&) { return as_text(to_base64(m.text)); }
std::string base64_inside(const made_secret& m, random_source&) { return as_text("Decode this: " + to_base64(m.text) + ", please."); }
std::string data_url(const made_secret& m, random_source&) { return as_text("data:text/plain;base64," + to_base64(m.text)); }
std::string percent(const made_secret& m, random_source& random) {
  return as_text(map_secret(m, [&](char c, std::size_t) {
    return is_alnum(c) && random() % 4 != 0 ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }));
}
std::string full_width(const made_secret& m, random_source&) {
  return as_text(map_secret(
      m, [](char c, std::size_t) { return c > 0x20 && c < 0x7F ? utf8(static_cast<std::uint32_t>(c) + 0xFEE0) : std::string(1, c); }));
}
std::string arabic(const made_secret& m, random_source&) {
  if (std::ranges::none_of(m.secret, is_digit)) return {};
  return as_text(map_secret(
      m, [](char c, std::size_t) { return is_digit(c) ? utf8(static_cast<std::uint32_t>(c - '0') + 0x660) : std::string(1, c); }));
}
std::string no_width(const made_secret& m, random_source& random) {
  constexpr std::array<std::uint32_t, 6> codes{0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD};
  return as_text(map_secret(m, [&](char c, std::size_t i) {
    const bool letter = c < 0;  // in the middle of a character nothing fits
    return (i == 0 || letter ? std::string{} : utf8(codes[random() % codes.size()])) + c;
  }));
}
std::string broken_line(const made_secret& m, random_source& random, std::string_view with) {
  const std::size_t at = 1 + random() % (m.secret.size() - 1);
  // A break beside a blank is no break in the middle of anything.
  if (m.secret[at] == ' ' || m.secret[at - 1] == ' ' || m.secret[at] < 0 || m.secret[at - 1] < 0 || m.secret[at] == '\n' ||
      m.secret[at - 1] == '\n')
    return {};
  return as_text(map_secret(m, [&](char c, std::size_t i) { return std::string(i == at ? with : "") + c; }));
}
std::string line_break(const made_secret& m, random_source& random) { return broken_line(m, random, "\n"); }
std::string soft_break(const made_secret& m, random_source& random) {
  if (m.secret.find('=') != std::string::npos) return {};  // quoted-printable writes it =3D
  return broken_line(m, random, "=\r\n");
}
std::string references(const made_secret& m, random_source& random) {
  return as_text(map_secret(m, [&](char c, std::size_t) {
    if (c < 0 || (is_alnum(c) && random() % 4 != 0)) return std::string(1, c);
    return random() % 2 == 0 ? fmt::format("&#{};", static_cast<int>(c)) : fmt::format("&#x{:x};", static_cast<int>(c));
  }));
}

constexpr std::array<disguise_kind, 16> kinds{{{"JSON escapes in a text", escaped},
                                               {"arguments of a tool", in_arguments},
                                               {"input of a tool", in_tool_input},
                                               {"result of a tool", in_result},
                                               {"two parts of a message", over_parts},
                                               {"base64", base64},
                                               {"base64 inside a text", base64_inside},
                                               {"a data URL", data_url},
                                               {"percent-encoding", percent},
                                               {"full width", full_width},
                                               {"Arabic-Indic digits", arabic},
                                               {"characters without width", no_width},
                                               {"a line break in the middle", line_break},
                                               {"a soft break", soft_break},
                                               {"character references", references},
                                               {"nothing", [](const made_secret& m, random_source&) { return as_text(m.text); }}}};

const labeller& all_on() {
  static const labeller l = [] {
    std::vector<detector_action> actions;
    for (const auto name : detector_names()) actions.push_back({std::string(name), label_scheme{}.highest()});
    return labeller(label_scheme{}, std::move(actions));
  }();
  return l;
}

bool found(std::string_view detector, const std::string& message) {
  const auto document = json::document::parse(R"({"model":"m","messages":[)" + message + "]}");
  REQUIRE(document.has_value());
  const judgement j = all_on().judge({label{0}, "default", {}, true, document->root()});
  REQUIRE_FALSE(j.failed);
  return std::ranges::any_of(j.hits, [&](const hit& h) { return h.detector == detector; });
}

}  // namespace

// With another seed in each run: 99 of 100 is asked of a detector over all disguises, some 1,500 secrets, and a little less of the 100 in
// each, where two more misses are chance.
TEST_CASE("at least 99 of 100 disguised secrets are found by every detector", "[sensitivity][property][recall]") {
  auto random = naru::test::seeded_random();
  for (const detector& d : all_detectors()) {
    int all_made = 0, all_missed = 0;
    for (const disguise_kind& kind : kinds) {
      int made = 0, missed = 0;
      std::string example;
      for (int tries = 0; made < 100 && tries < 200; ++tries) {
        const made_secret m = test::make_secret(d.name, random);
        const std::string message = kind.message(m, random);
        if (message.empty()) continue;
        ++made;
        if (found(d.name, message)) continue;
        ++missed;
        example = message;
      }
      CAPTURE(d.name, kind.name, made, missed, example);
      CHECK(missed * 20 <= made);
      all_made += made;
      all_missed += missed;
    }
    CAPTURE(d.name, all_made, all_missed);
    CHECK(all_made > 500);
    CHECK(all_missed * 100 <= all_made);
  }
}

TEST_CASE("cards are found whatever blanks and dashes stand in them, and numbers of persons around their dash", "[sensitivity][recall]") {
  auto random = naru::test::seeded_random();
  const auto spaced = [](std::string_view digits, std::string_view between) {
    std::string out;
    for (const char c : digits) {
      if (is_digit(c)) out.append(out.empty() ? "" : between) += c;
    }
    return out;
  };
  for (const std::string_view between : {" ", "-", " - ", "  "}) {
    int cards = 0, persons = 0, apart = 0;
    for (int i = 0; i < 200; ++i) {
      if (!found("card", as_text("my number is " + spaced(test::make_secret("card", random).secret, between) + " thanks"))) ++cards;
      std::string person = test::make_secret("kr_rrn", random).secret;
      if (!found("kr_rrn", as_text("my number is " + spaced(person, between) + " thanks"))) ++apart;
      const std::size_t dash = person.find('-');
      if (dash == std::string::npos) continue;
      person.replace(dash, 1, between);
      if (!found("kr_rrn", as_text("my number is " + person + " thanks"))) ++persons;
    }
    CAPTURE(between, cards, persons, apart);
    CHECK(cards <= 2);
    CHECK(persons <= 2);
    CHECK(apart == 0);
  }
  // A foreigner born in 2015, whose digits in a row are also a time in milliseconds.
  CHECK(found("kr_rrn", as_text("1 5 0 3 0 1 7 2 3 4 5 6 7")));
  CHECK(found("kr_rrn", as_text("1-5-0-3-0-1-7-2-3-4-5-6-7")));
  CHECK_FALSE(found("kr_rrn", as_text("at 1503017234567 ms")));
}

TEST_CASE("what is no disguise is left alone", "[sensitivity]") {
  const auto places = [](std::string_view text) {
    std::vector<std::uint32_t> out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (std::string_view("\n\\%&").find(text[i]) != std::string_view::npos || text[i] < 0) {
        if (disguise::undo_at(text, i)) out.push_back(static_cast<std::uint32_t>(i));
      }
    }
    return out;
  };
  for (const std::string_view plain : {"100% sure & well", "a\nb", "The end.\nThe beginning", "C:\\Users\\kim", "한글 “따옴표” ’s …",
                                       "x && y", "12\n2026-11-24 log", "the frames_of\n/// one answer", "see key_2\n# next"}) {
    INFO(plain);
    CHECK(places(plain).empty());
  }
  CHECK(disguise::undo_all("a\\u0041\\n\\\\b", places("a\\u0041\\n\\\\b")) == "aA\n\\b");
  CHECK(disguise::undo_all("%34%31&#45;&commat;", places("%34%31&#45;&commat;")) == "41-@");
  CHECK(disguise::undo_all("\\ud83d\\ude00", places("\\ud83d\\ude00")) == "\xF0\x9F\x98\x80");
}

TEST_CASE("base64 of pictures is not taken for text", "[sensitivity]") {
  const std::string_view picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ";
  CHECK_FALSE(disguise::find_base64(picture, 0, picture.size()));
  const std::string_view text = "key=aGVsbG8gd29ybGQgaGVsbG8=";
  const auto piece = disguise::find_base64(text, 0, text.size());
  REQUIRE(piece);
  CHECK(disguise::decode_base64(text.substr(piece->begin, piece->end - piece->begin)) == "hello world hello");
}
