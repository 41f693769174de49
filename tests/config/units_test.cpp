#include "config/units.hpp"

#include <catch2/catch.hpp>

#include "config/suggest.hpp"

using namespace naru::config;
using namespace std::chrono_literals;

TEST_CASE("a size has its unit, of 1024 or of 1000", "[units]") {
  CHECK(parse_size("64KiB") == 65'536U);
  CHECK(parse_size("1.5MiB") == 1'572'864U);
  CHECK(parse_size("10MB") == 10'000'000U);
  CHECK(parse_size("0B") == 0U);
  for (const char* bad : {"64", "64K", "64 KiB", "KiB", "-1B", "1.B", ".5MiB", "0.3B", "064KiB", "64kib", "99999999999GiB", "", "1e3B"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_size(bad));
  }
}

TEST_CASE("a time has its unit", "[units]") {
  CHECK(parse_duration("250ms") == 250ms);
  CHECK(parse_duration("1.5s") == 1500ms);
  CHECK(parse_duration("10m") == 10min);
  CHECK(parse_duration("24h") == parse_duration("1d"));
  for (const char* bad : {"10", "10 s", "1m30s", "010s", "0.5ms", "s", "10S", "999999999999999999d", "-1s"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_duration(bad));
  }
}

TEST_CASE("whole numbers are decimal and have no other spelling", "[units]") {
  CHECK(parse_integer("0") == 0U);
  CHECK(parse_integer("18446744073709551615") == 18'446'744'073'709'551'615U);
  for (const char* bad : {"", "010", "0x10", "1_000", "+1", "-1", "1.0", "1e3", "18446744073709551616"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_integer(bad));
  }
  CHECK(parse_thousandths("0.4") == 400U);
  CHECK(parse_thousandths("1") == 1000U);
  CHECK_FALSE(parse_thousandths("0.4001"));
}

TEST_CASE("a day must exist", "[units]") {
  CHECK(parse_date("2026-12-31") == std::chrono::sys_days{2026y / 12 / 31});
  CHECK(parse_date("2028-02-29"));
  for (const char* bad : {"2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "26-01-01", "2026/01/01", "2026-01-0x"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_date(bad));
  }
}

TEST_CASE("a place to listen at is an IP address and a port", "[units]") {
  const auto v4 = parse_address("127.0.0.1:8080");
  REQUIRE(v4);
  CHECK(v4->loopback);
  CHECK(v4->address() == "127.0.0.1:8080");
  CHECK(parse_address("[::1]:80")->loopback);
  CHECK(parse_address("[::1]:80")->address() == "[::1]:80");
  CHECK(parse_address("localhost:1")->host == "127.0.0.1");
  CHECK_FALSE(parse_address(":8080")->loopback);
  CHECK(parse_address(":8080")->host == "::");
  CHECK_FALSE(parse_address("0.0.0.0:8443")->loopback);
  CHECK_FALSE(parse_address("[::ffff:10.0.0.1]:8443")->loopback);
  for (const char* bad : {"127.0.0.1", "8080", "127.0.0.1:", "127.0.0.1:65536", "::1:80", "[::1]", "[::1]80", "example.com:80",
                          "256.0.0.1:80", "1.2.3:80", "[1::2::3]:80", "[12345::]:80", "[:1]:80", "127.0.0.01:80", ""}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_address(bad));
  }
}

TEST_CASE("an address of a server has a scheme, a host, perhaps a port and a path", "[units]") {
  const auto to = parse_url("https://api.openai.com/v1/");
  REQUIRE(to);
  CHECK((to->tls && to->host == "api.openai.com" && to->port == 443 && to->path == "/v1"));
  const auto plain = parse_url("http://10.1.2.3:8000");
  REQUIRE(plain);
  CHECK((!plain->tls && plain->host == "10.1.2.3" && plain->port == 8000 && plain->path.empty()));
  CHECK(parse_url("http://[::1]:8000/v1")->host == "::1");
  for (const char* bad : {"api.openai.com/v1", "ftp://x", "https://", "https://user:pass@host/v1", "https://host/v1?x=1", "https://host:0/",
                          "https://host:99999/", "https://ho st/", "https://host/\r\nx", "https://[zz]/"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_url(bad));
  }
  const auto via = parse_proxy("http://user:secret@proxy.acme:3128");
  REQUIRE(via);
  CHECK((via->host == "proxy.acme" && via->port == 3128 && via->credentials->reveal() == "user:secret"));
  CHECK(parse_proxy("http://proxy:3128/"));
  for (const char* bad : {"proxy:3128", "https://proxy:3128", "http://proxy", "socks5://proxy:1080"}) CHECK_FALSE(parse_proxy(bad));
}

TEST_CASE("a bare number is read in the two units that are likely", "[units]") {
  CHECK(likely_durations(10, 10s, 100ms, 10min) == "10s or 10m");
  CHECK(likely_durations(20, 10min, 1s, 24h) == "20m or 20s");
  CHECK(likely_durations(500, 10s, 100ms, 10min) == "500ms or 500s");
  CHECK(likely_sizes(64, 65'536, 1024, 1'048'576) == "64KiB or 64B");
  CHECK(likely_sizes(65'536, 65'536, 1024, 1'048'576) == "65536B or 65536KiB");
}

TEST_CASE("did you mean finds a slip of the fingers and nothing far away", "[suggest]") {
  CHECK(edit_distance("attempts", "atempts") == 1);
  CHECK(edit_distance("abcd", "abdc") == 1);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  const std::vector<std::string> known{"attempts", "body", "body_time", "head"};
  CHECK(did_you_mean("atempts", known) == ", did you mean attempts?");
  CHECK(did_you_mean("body-time", known) == ", did you mean body_time?");
  CHECK(did_you_mean("Head", known) == ", did you mean head?");
  CHECK(did_you_mean("wallet", known).empty());
  CHECK(did_you_mean("b", std::vector<std::string>{"a", "c"}).empty());
  CHECK(did_you_mean(std::string(500, 'x'), known).empty());
}
