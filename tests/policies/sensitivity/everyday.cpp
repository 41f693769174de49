#include "tests/policies/sensitivity/everyday.hpp"

#include <array>

#include "tests/policies/sensitivity/secrets.hpp"

namespace naru::test {
namespace {

using rng = std::mt19937_64;

std::string number(std::uint64_t least, std::uint64_t most, std::size_t width, rng& r) {
  std::string s = std::to_string(least + r() % (most - least + 1));
  while (s.size() < width) s.insert(s.begin(), '0');
  return s;
}

std::string uuid(rng& r) {
  const auto hex = [&](std::size_t n) { return random_of(lower_hex, n, r); };
  return "trace " + hex(8) + "-" + hex(4) + "-4" + hex(3) + "-a" + hex(3) + "-" + hex(12) + " done";
}

std::string order(rng& r) {
  switch (r() % 6) {
    case 0: return "Order #" + number(100'000, 99'999'999, 1, r) + " shipped";
    case 1: return "order 1" + random_of(decimal, 2, r) + "-" + random_of(decimal, 7, r) + "-" + random_of(decimal, 7, r);
    case 2: return "주문번호 " + number(2020, 2026, 4, r) + number(1, 12, 2, r) + number(1, 28, 2, r) + "-" + random_of(decimal, 7, r);
    case 3: return "ORD-" + random_of(decimal, 16, r) + " is late";
    case 4: return "order number: " + random_of(decimal, 13, r);
    default: return "송장번호 " + random_of(decimal, 12, r);
  }
}

std::string isbn(rng& r) {
  std::string n = std::string(r() % 2 == 0 ? "978" : "979") + random_of(decimal, 9, r);
  int sum = 0;
  for (std::size_t i = 0; i < 12; ++i) sum += (n[i] - '0') * (i % 2 == 0 ? 1 : 3);
  n += static_cast<char>('0' + (10 - sum % 10) % 10);
  if (r() % 2 == 0) return "ISBN " + n;
  return "ISBN " + n.substr(0, 3) + "-" + n.substr(3, 2) + "-" + n.substr(5, 4) + "-" + n.substr(9, 3) + "-" + n.substr(12);
}

std::string version(rng& r) {
  const std::string v = number(0, 40, 1, r) + "." + number(0, 60, 1, r) + "." + number(0, 200, 1, r);
  switch (r() % 5) {
    case 0: return "\"react\": \"^" + v + "\"";
    case 1: return "v" + v + "." + number(0, 255, 1, r);
    case 2: return "Chrome/" + v + "." + number(0, 255, 1, r) + " Safari";
    case 3: return "openssl==" + v + "-rc" + number(1, 9, 1, r);
    default: return "upgrade to version " + v + "." + number(1, 99, 1, r);
  }
}

std::string timestamp(rng& r) {
  const std::string day = number(1990, 2035, 4, r) + "-" + number(1, 12, 2, r) + "-" + number(1, 28, 2, r);
  const std::string time = number(0, 23, 2, r) + ":" + number(0, 59, 2, r) + ":" + number(0, 59, 2, r);
  switch (r() % 3) {
    case 0: return "at " + day + "T" + time + "." + random_of(decimal, 6, r) + "Z";
    case 1: return "[" + day + " " + time + "] INFO";
    default:
      return number(1990, 2035, 4, r) + number(1, 12, 2, r) + number(1, 28, 2, r) + number(0, 23, 2, r) + number(0, 59, 2, r) +
             number(0, 59, 2, r);
  }
}

std::string blob(rng& r) {
  const std::size_t n = 40 + r() % 400;
  return "data:image/png;base64," + random_of(standard64, n, r) + "==";
}

std::string price(rng& r) {
  switch (r() % 4) {
    case 0: return "$" + number(1, 999, 1, r) + "," + random_of(decimal, 3, r) + "." + random_of(decimal, 2, r);
    case 1: return "합계 " + number(1, 99, 1, r) + "," + random_of(decimal, 3, r) + "," + random_of(decimal, 3, r) + "원";
    case 2: return "EUR " + number(1, 99999, 1, r) + "." + random_of(decimal, 2, r);
    default: return "입금액 " + number(1'000'000, 9'999'999'999ULL, 1, r) + "원";
  }
}

std::string product(rng& r) {
  switch (r() % 5) {
    case 0: return "part SN-" + random_of(decimal, 4, r) + "-" + random_of(decimal, 4, r);
    case 1:
      return "model " + random_of("ABCDEFGHJKLMNPRSTVWXYZ", 2, r) + "-" + random_of(decimal, 3, r) + "-" + random_of(decimal, 4, r) + "X";
    case 2: return "SKU " + random_of(decimal, 3, r) + "-" + random_of(decimal, 5, r);
    case 3: return "P/N " + random_of(decimal, 6, r) + "-" + random_of(decimal, 3, r);
    default: return "품번 " + random_of(upper_alnum, 5, r) + "-" + random_of(decimal, 5, r);
  }
}

std::string color(rng& r) { return "color: #" + random_of(lower_hex, 6, r) + "; background: #" + random_of(lower_hex, 8, r); }

std::string numbers(rng& r) {
  std::string s = "[";
  for (int i = 0; i < 12; ++i) s += number(0, 99999, 1, r) + "." + random_of(decimal, 2, r) + ", ";
  return s + "0]";
}

std::string identifier(rng& r) {
  static constexpr std::array<std::string_view, 8> words{"token", "password", "secret", "user", "access", "refresh", "stream", "count"};
  const auto word = [&] { return std::string(words[r() % words.size()]); };
  switch (r() % 4) {
    case 0: return word() + "_" + word() + " = get_" + word() + "_" + number(1, 99, 1, r) + "()";
    case 1: return "const " + word() + "Name = \"" + word() + "-" + word() + "\";";
    case 2: return "{\"" + word() + "\": \"" + word() + "_" + word() + "\"}";
    default: return "max_" + word() + "s: " + number(1, 99999, 1, r);
  }
}

constexpr std::array<everyday_kind, 15> kinds{{
    {"UUID", uuid},
    {"SHA-1", [](rng& r) { return "commit " + random_of(lower_hex, 40, r) + " fixes it"; }},
    {"SHA-256", [](rng& r) { return "sha256:" + random_of(lower_hex, 64, r); }},
    {"order number", order},
    {"ISBN-13", isbn},
    {"version", version},
    {"ISO timestamp", timestamp},
    {"epoch milliseconds", [](rng& r) { return "\"ts\": " + number(1'000'000'000'000ULL, 1'999'999'999'999ULL, 13, r); }},
    {"epoch microseconds", [](rng& r) { return "\"ts\": " + number(1'500'000'000'000'000ULL, 1'899'999'999'999'999ULL, 16, r); }},
    {"hex colour", color},
    {"base64 image", blob},
    {"price", price},
    {"product code", product},
    {"numbers", numbers},
    {"identifier", identifier},
}};

}  // namespace

std::span<const everyday_kind> everyday_kinds() { return kinds; }

}  // namespace naru::test
