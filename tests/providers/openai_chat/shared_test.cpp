#include <catch2/catch.hpp>

#include "providers/dialects/dialect.hpp"
#include "providers/dialects/shared.hpp"
#include "support.hpp"

using namespace naru;
using namespace naru::dialects;
using std::chrono::milliseconds;

TEST_CASE("a wait is read in every way that it is written", "[dialects]") {
  const auto wait = [](std::string after, std::string date = {}) {
    return read_retry_after({{"retry-after", std::move(after)}, {"date", std::move(date)}});
  };
  CHECK(wait("30") == milliseconds{30000});
  CHECK(wait(" 1.5 ") == milliseconds{1500});
  CHECK(wait("0") == milliseconds{0});
  CHECK(wait("0.3") == milliseconds{300});
  CHECK(wait("-1") == std::nullopt);
  CHECK(wait("soon") == std::nullopt);
  CHECK(wait("1e9") == std::nullopt);
  CHECK(wait("99999999999999999999999") == milliseconds{86'400'000});
  CHECK(wait("") == std::nullopt);
  CHECK(wait("Sun, 06 Nov 1994 08:49:47 GMT", "Sun, 06 Nov 1994 08:49:37 GMT") == milliseconds{10000});
  CHECK(wait("Sunday, 06-Nov-94 08:50:37 GMT", "Sun Nov  6 08:49:37 1994") == milliseconds{60000});
  CHECK(wait("Sun, 06 Nov 1994 08:49:27 GMT", "Sun, 06 Nov 1994 08:49:37 GMT") == milliseconds{0});
  CHECK(wait("Sun, 06 Nov 1994 08:49:47 GMT") == std::nullopt);
  CHECK(read_retry_after({{"retry-after-ms", "12"}}) == milliseconds{12});
  CHECK(read_retry_after({{"retry-after-ms", "x"}, {"retry-after", "2"}}) == milliseconds{2000});
  CHECK(read_retry_after({}) == std::nullopt);
}

TEST_CASE("dates that are none are refused", "[dialects]") {
  CHECK(read_http_date("Thu, 01 Jan 1970 00:00:00 GMT") == 0);
  CHECK(read_http_date("Tue, 29 Feb 2028 23:59:59 GMT") == 1835481599);
  for (const auto* text :
       {"", "Sun", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:37 GMT ", "Sun, 6 Nov 1994 08:49:37 GMT", "Sun Nov  6 08:49:37", "Sun, 06 Foo 1994 08:49:37 GMT"}) {
    INFO(text);
    CHECK(read_http_date(text) == std::nullopt);
  }
}

TEST_CASE("each status has its class", "[dialects]") {
  const auto word = [](int status) { return std::string{to_string(class_of_status(status))}; };
  for (const int status : {408, 409, 425, 500, 502, 503, 504, 529, 520, 200}) CHECK(word(status) == "transient");
  for (const int status : {400, 413, 415, 422, 418}) CHECK(word(status) == "request");
  for (const int status : {401, 402, 403}) CHECK(word(status) == "account");
  for (const int status : {404, 410, 405, 301, 308}) CHECK(word(status) == "settings");
  CHECK(word(429) == "limited");
}

TEST_CASE("text of a vendor is valid, printable and bounded", "[dialects]") {
  CHECK(clean_text("plain 나루 😀") == "plain 나루 😀");
  CHECK(clean_text("a\tb\nc\x7f") == "a b c ");
  CHECK(clean_text("\xc2\x9b"
                   "31m") == " 31m");  // C1 control sequence introducer
  CHECK(clean_text("a\xe2\x80\xae"
                   "b") == "a b");  // right-to-left override
  CHECK(clean_text("\xff\xc0\xaf") == "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
  CHECK(clean_text("\xed\xa0\x80").find('\xed') == std::string::npos);  // a surrogate
  CHECK(clean_text("\xf4\x90\x80\x80").find('\xf4') == std::string::npos);
  CHECK(clean_text("나루", 4) == "나");  // never half a character
  CHECK(clean_text("\xe3\x82").size() == 6);
  CHECK(clean_text("").empty());
}

TEST_CASE("a code is whole or nothing", "[dialects]") {
  CHECK(clean_word(" insufficient_quota ") == "insufficient_quota");
  CHECK(clean_word("a\nb").empty());
  CHECK(clean_word("é").empty());
  CHECK(clean_word("abcd", 3).empty());
}

TEST_CASE("headers are found by their lower-case name", "[dialects]") {
  const std::vector<header> headers{{"a", "1"}, {"b", "2"}, {"a", "3"}};
  CHECK(find_header(headers, "a") == "1");
  CHECK(find_header(headers, "c").empty());
}
