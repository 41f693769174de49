#include "config/time_zone.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

#include "config/posix_zone.hpp"

using namespace naru;
using namespace naru::config;
using namespace std::chrono_literals;

namespace {

std::int32_t offset(const routing::time_zone& zone, int y, unsigned m, unsigned d, int hour) {
  using namespace std::chrono;
  return zone.offset_at(sys_days{year{y} / month{m} / day{d}} + hours{hour});
}

std::string big_endian(std::uint64_t value, int width) {
  std::string out;
  for (int i = width - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xff);
  return out;
}
std::string header(char version, unsigned changes, unsigned types, unsigned letters) {
  return std::string("TZif") + version + std::string(15, '\0') + big_endian(0, 4) + big_endian(0, 4) + big_endian(0, 4) +
         big_endian(changes, 4) + big_endian(types, 4) + big_endian(letters, 4);
}
/// A zone of one change (in 1988) with a last rule.
std::string made_zone(std::string_view rule) {
  std::string out = header('2', 0, 1, 4) + big_endian(0, 4) + std::string(2, '\0') + std::string("LMT\0", 4);
  out += header('2', 1, 2, 4) + big_endian(576'000'000, 8) + std::string(1, '\1');
  out += big_endian(30'600, 4) + std::string(2, '\0') + big_endian(32'400, 4) + std::string(2, '\0') + std::string("KST\0", 4);
  return out + "\n" + std::string(rule) + "\n";
}

}  // namespace

TEST_CASE("fixed offsets need no file", "[zone]") {
  CHECK(fixed_zone("UTC")->first == 0);
  CHECK(fixed_zone("Z")->first == 0);
  CHECK(fixed_zone("+09:00")->first == 32'400);
  CHECK(fixed_zone("-0530")->first == -19'800);
  for (const char* bad : {"", "utc", "+9", "+09:0", "+15:00", "+09:60", "09:00", "+0a:00", "+09-00", "+:0900", "Asia/Seoul"}) {
    CAPTURE(bad);
    CHECK_FALSE(fixed_zone(bad));
  }
}

TEST_CASE("a name leads nowhere but to a zone", "[zone]") {
  for (const char* bad : {"", "/etc/passwd", "../x", "a b", "a//b", "Asia/Seoul\n", "%"}) CHECK_FALSE(is_zone_name(bad));
  for (const char* fine : {"Asia/Seoul", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "CET"}) CHECK(is_zone_name(fine));
}

TEST_CASE("the system's zones say what the clocks say", "[zone]") {
  const auto load = [](const std::string& name) {
    std::ifstream in(std::string(zone_folder) + name, std::ios::binary);
    auto zone = read_zone(name, std::string{std::istreambuf_iterator<char>(in), {}});
    if (!zone) FAIL(name << ": " << zone.error().message);
    return *zone;
  };
  if (!std::ifstream(std::string(zone_folder) + "Asia/Seoul")) return;  // no tzdata on this machine; the made ones below say the same
  const auto seoul = load("Asia/Seoul");
  CHECK(offset(seoul, 2026, 1, 1, 0) == 9 * 3600);
  CHECK(offset(seoul, 1988, 7, 1, 0) == 10 * 3600);  // summer time of the Olympic years
  CHECK(offset(seoul, 2090, 7, 1, 0) == 9 * 3600);
  const auto york = load("America/New_York");
  CHECK(offset(york, 2026, 3, 8, 6) == -5 * 3600);
  CHECK(offset(york, 2026, 3, 8, 7) == -4 * 3600);
  CHECK(offset(york, 2026, 11, 1, 5) == -4 * 3600);
  CHECK(offset(york, 2026, 11, 1, 6) == -5 * 3600);
  CHECK(offset(york, 2080, 7, 1, 0) == -4 * 3600);
  CHECK(offset(york, 2080, 12, 1, 0) == -5 * 3600);
  CHECK(offset(load("Australia/Sydney"), 2060, 1, 15, 0) == 11 * 3600);
  CHECK(offset(load("America/Sao_Paulo"), 2050, 1, 15, 0) == -3 * 3600);
  CHECK(offset(load("UTC"), 2026, 1, 1, 0) == 0);
}

TEST_CASE("the last rule is written out for the years to come", "[zone]") {
  const auto york = read_zone("x", made_zone("EST5EDT,M3.2.0,M11.1.0"));
  REQUIRE(york);
  CHECK(offset(*york, 2100, 7, 1, 0) == -4 * 3600);
  CHECK(offset(*york, 2099, 12, 1, 0) == -5 * 3600);
  CHECK(offset(*york, 2026, 3, 8, 6) == -5 * 3600);
  CHECK(offset(*york, 2026, 3, 8, 7) == -4 * 3600);
  CHECK(offset(*york, 1980, 1, 1, 0) == 30'600);  // before its first change
  // The southern hemisphere, a name in brackets, an offset of its own, and hours beyond a day.
  CHECK(offset(*read_zone("x", made_zone("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0")), 2026, 1, 15, 0) == 11 * 3600);
  CHECK(offset(*read_zone("x", made_zone("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0")), 2026, 7, 15, 0) == 37'800);
  CHECK(offset(*read_zone("x", made_zone("IST-2IDT,M3.4.4/26,M10.5.0")), 2026, 3, 27, 1) == 3 * 3600);  // Friday at 2: Thursday at 26
  CHECK(offset(*read_zone("x", made_zone("AAA-1BBB,J60/0,J300/0")), 2028, 3, 1, 0) == 2 * 3600);        // J does not count 29 February
  CHECK(offset(*read_zone("x", made_zone("AAA-1BBB,59/0,299/0")), 2028, 2, 28, 23) == 2 * 3600);        // plain days do
  CHECK(offset(*read_zone("x", made_zone("KST-9")), 2050, 7, 1, 0) == 32'400);
}

TEST_CASE("a file that is cut or damaged anywhere is refused or read, never trusted", "[zone]") {
  const std::string whole = made_zone("EST5EDT,M3.2.0,M11.1.0");
  REQUIRE(read_zone("x", whole));
  for (std::size_t size = 0; size + 1 < whole.size(); ++size) (void)read_zone("x", whole.substr(0, size));
  CHECK_FALSE(read_zone("x", whole.substr(0, 100)));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const char flip : {'\x01', '\x80', '\xff'}) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ flip);
      (void)read_zone("x", damaged);
    }
  }
  std::string first_version = whole;
  first_version[4] = '\0';
  CHECK(read_zone("x", first_version).error().message.find("version 1") != std::string::npos);
  for (const char* bad : {"EST", "ES5", "EST5EDT", "EST5EDT,M3.2.0", "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0",
                          "EST5EDT,M3.2.7,M11.1.0", "EST5EDT,J0,J3", "EST5EDT,M3.2.0,M11.1.0,", "EST5EDT,M3.2.0/200,M11.1.0", "<EST5"}) {
    CAPTURE(bad);
    CHECK_FALSE(read_zone("x", made_zone(bad)));
  }
}
