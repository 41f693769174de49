#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "tests/policies/sensitivity/detectors/harness.hpp"
#include "tests/policies/sensitivity/everyday.hpp"
#include "tests/policies/sensitivity/secrets.hpp"

using namespace naru;
using namespace naru::test;
using sensitivity::all_detectors;

TEST_CASE("the table is whole: every row has a name of its own, an anchor and a function", "[sensitivity][detectors]") {
  std::set<std::string_view> names;
  std::array<int, 4> of_group{};
  for (const auto& d : all_detectors()) {
    INFO(d.name);
    CHECK(names.insert(d.name).second);
    CHECK_FALSE(d.summary.empty());
    REQUIRE(d.found != nullptr);
    ++of_group[static_cast<std::size_t>(d.group)];
    if (d.starts_at == sensitivity::anchor::literal) CHECK_FALSE(d.literals.empty());
    for (const auto literal : d.literals) {
      INFO(literal);
      CHECK(literal.size() >= 3);
      for (const char c : literal) CHECK_FALSE((d.any_case && c >= 'A' && c <= 'Z'));
    }
    if (d.starts_at == sensitivity::anchor::digits) CHECK((d.least_digits > 0 && d.most_digits >= d.least_digits));
    CHECK((d.raises_to == sensitivity::usual_label::default_label) == (d.group == sensitivity::detector_group::contact));
  }
  CHECK(of_group == std::array<int, 4>{39, 10, 5, 4});
}

TEST_CASE("a thousand made-up secrets of every kind are all found", "[sensitivity][detectors][property]") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (const auto& d : all_detectors()) {
    int missed = 0;
    std::string last;
    for (int i = 0; i < 1000; ++i) {
      const auto made = make_secret(d.name, random);
      REQUIRE(made.text.find(made.secret) != std::string::npos);
      if (finds(d, made.text)) continue;
      ++missed;
      last = made.text;
    }
    INFO(d.name << " missed, the last in: " << last);
    CHECK(missed <= 2);  // of a thousand: a password made by chance may look like a placeholder
  }
}

TEST_CASE("what ordinary text is full of raises next to nothing", "[sensitivity][detectors][property]") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  constexpr int tries = 20'000;
  for (const auto& kind : everyday_kinds()) {
    std::vector<std::string> texts;
    for (int i = 0; i < tries; ++i) texts.push_back(kind.make(random));
    for (const auto& d : all_detectors()) {
      int alarms = 0;
      std::string last;
      for (const auto& text : texts) {
        if (!finds(d, text)) continue;
        ++alarms;
        last = text;
      }
      if (alarms > tries / 1000) WARN(d.name << " on " << kind.name << ": " << alarms << " of " << tries << ", such as: " << last);
      CHECK(alarms < tries / 100);
    }
  }
}

TEST_CASE("any bytes around an anchor are safe to look at", "[sensitivity][detectors][property]") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (const auto& d : all_detectors()) {
    for (int i = 0; i < 300; ++i) {
      const auto made = make_secret(d.name, random);
      // Cut anywhere, as a message may be; then with bytes changed.
      std::string text = made.text.substr(0, random() % (made.text.size() + 1));
      (void)found_in(text);
      for (std::size_t n = random() % 6; n > 0 && !text.empty(); --n) text[random() % text.size()] = static_cast<char>(random());
      (void)finds(d, text);
    }
  }
}

TEST_CASE("a secret is found in the middle of JSON, a URL, code and Korean", "[sensitivity][detectors][property]") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (const std::string_view name : {"aws_access_key", "github_token", "gitlab_token", "stripe_key", "openai_key", "anthropic_key",
                                      "npm_token", "sendgrid_key", "groq_key", "docker_token", "jwt", "naru_key"}) {
    for (int i = 0; i < 200; ++i) {
      const std::string secret = make_secret(name, random).secret;
      for (const std::string& text :
           {secret, "{\"a\":\"" + secret + "\",\"b\":1}", "https://x.example/p?k=" + secret + "&b=1", "f('" + secret + "');",
            "키" + secret + "를", "(" + secret + ")", "k=" + secret + ",", "\n" + secret + "\n", secret + "."}) {
        INFO(name << ": " << text);
        CHECK(finds(name, text));
      }
      CHECK_FALSE(finds(name, "x" + secret));
    }
  }
}
