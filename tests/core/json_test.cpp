#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "core/json/document.hpp"
#include "core/json/locate.hpp"
#include "core/json/writer.hpp"

using namespace naru;

namespace {
error refused(std::string_view text) {
  auto doc = json::document::parse(text);
  REQUIRE_FALSE(doc.has_value());
  return doc.error();
}
}  // namespace

TEST_CASE("bad JSON is refused with the place and what was wanted", "[json]") {
  struct row {
    std::string text;
    std::string message;
  };
  const std::vector<row> rows{
      {"", "offset 0: want a JSON value, got nothing"},
      {R"({"a" 1})", "offset 5: want ':' after the key"},
      {R"({"a":1,})", "offset 7: want a key in double quotes"},
      {R"([1 2])", "offset 3: want ',' or ']'"},
      {R"({"a":01})", "offset 6: a number must not start with 0"},
      {R"({"a":"\ud800"})", "offset 6: a high surrogate stands alone"},
      {R"({"a":"\udc00"})", "offset 6: a low surrogate stands alone"},
      {R"({"a":"\ud800\u0041"})", "offset 6: a high surrogate stands alone"},
      {"{\"a\":\"\xff\"}", "offset 6: not valid UTF-8"},
      {"{\"a\":\"\n\"}", "offset 6: a control character in a string must be escaped"},
      {R"({"a":"x)", "offset 7: a string is not closed"},
      {R"({"a":1} x)", "offset 8: want the end of the text after the value"},
      {R"({"a":\x})", "offset 5: want true, false, null, a number, a string, an object or an array"},
      {"\xEF\xBB\xBF{}", "offset 0: want JSON, got a byte order mark"},
      {R"({"a":1e999})", "a number is out of range"},
  };
  for (const auto& r : rows) {
    INFO(r.text);
    const error e = refused(r.text);
    CHECK(e.code == error_code::bad_request);
    CHECK(e.message == r.message);
  }
}

TEST_CASE("a key twice is refused with its path, in small objects and large ones", "[json]") {
  const error e = refused(R"({"m":[{"a":1},{"role":"user","role":"system"}]})");
  CHECK(e.field == "m[1].role");
  std::string big = "{";
  for (int i = 0; i < 40; ++i) big += "\"k" + std::to_string(i) + "\":1,";
  CHECK(refused(big + "\"k7\":2}").field == "k7");
  CHECK(refused(R"({"a":1,"\u0061":2})").field == "a");
}

TEST_CASE("nesting past the limit is refused and never recursed into", "[json]") {
  for (const std::size_t depth : {65UL, 1000UL, 200000UL}) {
    CHECK(refused(std::string(depth, '[') + std::string(depth, ']')).message == "offset 64: nested deeper than allowed");
  }
  CHECK(json::document::parse(std::string(64, '[') + std::string(64, ']')).has_value());
}

TEST_CASE("the slow checker and simdjson agree on mutated documents", "[json][property]") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 rng(seed);
  const std::string base = R"({"model":"m","n":[1,-2.5e3,true,null],"s":"a\u00e9\n\ud83d\ude00","o":{"x":{},"y":[]}})";
  for (int i = 0; i < 20000; ++i) {
    std::string text = base;
    const int edits = 1 + static_cast<int>(rng() % 3);
    for (int k = 0; k < edits; ++k) {
      const std::size_t at = rng() % text.size();
      switch (rng() % 3) {
        case 0: text[at] = static_cast<char>(rng()); break;
        case 1: text.erase(at, 1); break;
        default: text.insert(at, 1, "{}[]\",:\\u0e-"[rng() % 12]);
      }
    }
    const auto doc = json::document::parse(text);
    const auto fault = json::find_fault(text, 64);
    INFO(text);
    if (doc) {
      CHECK(fault.wanted.empty());
    } else if (fault.wanted.empty()) {
      // what is well-formed may still be refused for a duplicate key, a NUL in a key or a number's range
      CHECK((doc.error().message.find("twice") != std::string::npos || doc.error().message.find("NUL") != std::string::npos ||
             doc.error().message.find("out of range") != std::string::npos));
    }
  }
}

TEST_CASE("splicing replaces, adds and removes fields and leaves every other byte", "[json]") {
  using pairs = std::vector<std::pair<std::string_view, std::string_view>>;
  const std::string text = " {\"a\" : 1 , \"model\":\"x\",\n  \"z\": [1, {\"model\":2}] } ";
  CHECK(json::splice(text, pairs{{"model", "\"y\""}}) == "{\"a\" : 1 , \"model\":\"y\",\n  \"z\": [1, {\"model\":2}] } ");
  CHECK(json::splice("{\"a\":1}", pairs{{"b", "2"}}) == "{\"a\":1,\"b\":2}");
  CHECK(json::splice("{}", pairs{{"b", "2"}}) == "{\"b\":2}");
  CHECK(json::splice("{\"a\":1,\"b\":2,\"c\":3}", {}, {"a"}) == "{\"b\":2,\"c\":3}");
  CHECK(json::splice("{\"a\":1,\"b\":2,\"c\":3}", {}, {"b"}) == "{\"a\":1,\"c\":3}");
  CHECK(json::splice("{\"a\":1,\"b\":2,\"c\":3}", {}, {"c"}) == "{\"a\":1,\"b\":2}");
  CHECK(json::splice("{\"a\":1}", pairs{{"b", "2"}}, {"a"}) == "{\"b\":2}");
  CHECK(json::splice("{\"a\":1}", {}, {"a"}) == "{}");
}

TEST_CASE("splicing random documents yields valid JSON with the wanted fields", "[json][property]") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 rng(seed);
  const std::vector<std::string> values{"1", "\"a\\\"b\\\\\"", "[]", "{\"k\":[1,{}]}", "null", "\"}\"", "-1.5e3"};
  const auto blank = [&] { return std::string(rng() % 3, ' '); };
  for (int i = 0; i < 5000; ++i) {
    std::string text = blank() + "{" + blank();
    const std::size_t count = rng() % 6;
    for (std::size_t k = 0; k < count; ++k) {
      if (k != 0) text += "," + blank();
      text += "\"k" + std::to_string(k) + "\"" + blank() + ":" + blank() + values[rng() % values.size()] + blank();
    }
    text += "}" + blank();
    const std::string set_key = "k" + std::to_string(rng() % 7), gone = "k" + std::to_string(rng() % 7);
    if (set_key == gone) continue;
    const std::string out = json::splice(text, {{set_key, "42"}}, {gone});
    INFO(text << " -> " << out);
    const auto doc = json::document::parse(out);
    REQUIRE(doc.has_value());
    const auto o = doc->root().get_object().value();
    CHECK(json::get_uint(o, set_key) == 42);
    CHECK_FALSE(json::find(o, gone).has_value());
    for (std::size_t k = 0; k < count; ++k) {
      const std::string key = "k" + std::to_string(k);
      if (key == set_key || key == gone) continue;
      const auto fields_before = json::list_fields(text), fields_after = json::list_fields(out);
      const auto find = [&](const json::field_list& all) {
        return std::find_if(all.begin(), all.end(), [&](const json::field& f) { return f.key == key; });
      };
      REQUIRE((find(fields_before) != fields_before.end() && find(fields_after) != fields_after.end()));
      const json::span *before = &find(fields_before)->at, *after = &find(fields_after)->at;
      CHECK(text.substr(before->value_begin, before->value_end - before->value_begin) ==
            out.substr(after->value_begin, after->value_end - after->value_begin));
    }
  }
}

TEST_CASE("the writer makes valid JSON of any bytes", "[json][property]") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 rng(seed);
  for (int i = 0; i < 3000; ++i) {
    std::string bytes;
    for (std::size_t k = rng() % 20; k > 0; --k) bytes += static_cast<char>(rng() % 4 == 0 ? 0x80 + rng() % 0x80 : rng() % 0x80);
    std::string out;
    json::writer w(out);
    w.begin_object()
        .field("s", bytes)
        .field("n", -1.5)
        .field("i", 7)
        .field("b", true)
        .key("l")
        .begin_array()
        .null()
        .number(1)
        .end_array()
        .end_object();
    const auto doc = json::document::parse(out);
    INFO(out);
    REQUIRE(doc.has_value());
    const auto back = json::get_string(doc->root().get_object().value(), "s");
    REQUIRE(back.has_value());
    if (bytes.find_first_of("\x80\xff") == std::string::npos && std::none_of(bytes.begin(), bytes.end(), [](char c) { return c < 0; }))
      CHECK(*back == bytes);
  }
}

TEST_CASE("a key that is no usual word is not repeated in an error", "[json]") {
  const auto twice = naru::json::document::parse(R"({"a":{"4111111111111111":1,"4111111111111111":2}})");
  REQUIRE_FALSE(twice.has_value());
  CHECK(twice.error().field == "a.?");
  CHECK(twice.error().message.find("4111") == std::string::npos);
}
