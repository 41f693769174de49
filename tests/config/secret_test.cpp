#include "config/secret.hpp"

#include <catch2/catch.hpp>

#include <type_traits>
#include <utility>

using naru::secret;

TEST_CASE("a secret prints as three stars and gives its text only when asked", "[secret]") {
  const secret s{std::string("sk-very-secret")};
  CHECK(s.printed() == "***");
  CHECK(s.reveal() == "sk-very-secret");
  CHECK(secret{}.printed().empty());
  static_assert(!std::is_convertible_v<secret, std::string>);
}

TEST_CASE("a secret equals the same text alone", "[secret]") {
  const secret s{std::string("abcdef")};
  CHECK(s.equals("abcdef"));
  for (const char* other : {"abcdeg", "bbcdef", "abcde", "abcdefabcdef", "", "abcdefa"}) CHECK_FALSE(s.equals(other));
  CHECK_FALSE(secret{}.equals("a"));
  CHECK(secret{}.equals(""));
}

TEST_CASE("wiping overwrites the whole buffer", "[secret]") {
  std::string text = "a secret that is longer than the small buffer of a string";
  const char* bytes = text.data();
  const std::size_t size = text.size();
  secret::wipe(text);
  CHECK(text.empty());
  for (std::size_t i = 0; i < size; ++i) REQUIRE(bytes[i] == '\0');  // the capacity is still the string's
}

TEST_CASE("a moved secret leaves nothing behind and a copied one is whole", "[secret]") {
  secret a{std::string("short")};
  secret b = std::move(a);
  CHECK(a.empty());  // NOLINT(bugprone-use-after-move): that is what is tested
  secret c = b;
  CHECK((c == b && c.reveal() == "short"));
  c = secret{std::string("another that is long enough to be on the heap")};
  b = c;
  CHECK(b == c);
}
