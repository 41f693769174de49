#include "policies/sensitivity/patterns.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

using namespace naru::sensitivity;

namespace {

bool matches(const std::string& pattern, std::string_view text) {
  const auto compiled = pattern_set::compile(std::vector{pattern});
  INFO((compiled ? std::string{} : compiled.error().message));
  REQUIRE(compiled.has_value());
  return compiled->matches(text) != 0;
}
std::string refusal(const std::string& pattern) {
  const auto compiled = pattern_set::compile(std::vector{pattern});
  return compiled ? "taken" : compiled.error().message;
}

}  // namespace

TEST_CASE("a word's boundary is honoured beside every script", "[sensitivity][patterns]") {
  const std::string project = R"((?i)\bproject[ -]x\b)";
  CHECK(matches(project, "about Project X today"));
  CHECK(matches(project, "project-x"));
  CHECK(matches(project, "(PROJECT X)"));
  CHECK_FALSE(matches(project, "project xylophone"));
  CHECK_FALSE(matches(project, "myproject x"));
  CHECK_FALSE(matches(project, "비밀project-x"));  // over Unicode a Hangul syllable is a letter
  CHECK(matches(R"(\b한강\b)", "오늘 한강 갔다"));
  CHECK(matches(R"(\b한강\b)", "한강"));
  CHECK_FALSE(matches(R"(\b한강\b)", "한강에서"));
  CHECK(matches(R"(\b(?:alpha|beta)\b)", "the beta!"));
  CHECK(matches(R"(\bfoo\b|\bbar\b)", "a bar"));
  CHECK(matches(R"(\b[A-Z]+\b)", "ÄÖ AB"));
}

TEST_CASE("what cannot be honoured is refused with the reason", "[sensitivity][patterns]") {
  CHECK(refusal(R"((a)\1)").find("Back-references") != std::string::npos);
  CHECK(refusal("(?=a)b").find("Zero-width") != std::string::npos);
  CHECK(refusal("(?<=a)b").find("Zero-width") != std::string::npos);
  CHECK(refusal("a*").find("matches the empty text") != std::string::npos);
  CHECK(refusal("(a").find("parenthesis") != std::string::npos);
  for (const std::string boundary :
       {R"(a\b b)", R"(\b-x)", R"(x\b-)", R"(x(?:\by|z))", R"(\b(?:foo|-bar))", R"(foo?\b)", R"([a-]\b)", R"(\b\bx)"}) {
    INFO(boundary);
    CHECK(refusal(boundary).find("\\b can be honoured only") != std::string::npos);
  }
  CHECK(refusal(R"(\Bx)").find("\\B") != std::string::npos);
  CHECK(refusal("\xff").find("UTF-8") != std::string::npos);
}

TEST_CASE("scripts have their letters, and case is none of ASCII's alone", "[sensitivity][patterns]") {
  CHECK(matches("(?i)straße É", "STRAßE é"));
  CHECK(matches(R"(\w{4})", "한강대교"));
  CHECK(matches(R"(\p{Hangul}{2}-\d{3})", "서울-١٢٣"));
}

TEST_CASE("bytes that are no UTF-8 are looked through all the same", "[sensitivity][patterns]") {
  CHECK(matches("secret", "\xff\xfe secret \x80"));
}

TEST_CASE("each pattern has its bit, on every thread", "[sensitivity][patterns]") {
  const auto set = pattern_set::compile(std::vector<std::string>{"one", "two", "three"});
  REQUIRE(set);
  CHECK(set->matches("three one") == 0b101);
  CHECK(set->matches("") == 0);
  CHECK(set->shortest() == 3);
  CHECK(pattern_set::compile({})->matches("anything") == 0);
  std::vector<std::thread> threads;
  std::vector<std::uint64_t> seen(4);
  for (std::size_t i = 0; i < 4; ++i) threads.emplace_back([&, i] { seen[i] = set->matches("two"); });
  for (auto& t : threads) t.join();
  CHECK(seen == std::vector<std::uint64_t>(4, 0b010));
}

TEST_CASE("which of many patterns is bad is said", "[sensitivity][patterns]") {
  const auto set = pattern_set::compile(std::vector<std::string>{"one", "(two"});
  REQUIRE_FALSE(set);
  CHECK(set.error().field == "1");
}
