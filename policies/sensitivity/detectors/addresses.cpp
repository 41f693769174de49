#include <array>

#include "policies/sensitivity/detectors/digits.hpp"
#include "policies/sensitivity/detectors/found.hpp"
#include "policies/sensitivity/detectors/text.hpp"

// Where a machine is reached, and where a person lives.
namespace naru::sensitivity::detectors {
namespace {

using quad = std::array<unsigned, 4>;

/// Reached from anywhere (IANA's registry of special-purpose IPv4 addresses); x.0.0.0 is a version or a network.
bool is_public(const quad& q) noexcept {
  const unsigned a = q[0], b = q[1];
  if (a == 0 || a == 10 || a == 127 || a >= 224) return false;
  if ((a == 100 && b >= 64 && b <= 127) || (a == 169 && b == 254) || (a == 172 && b >= 16 && b <= 31)) return false;
  if ((a == 192 && (b == 168 || (b == 0 && (q[2] == 0 || q[2] == 2)))) || (a == 198 && (b == 18 || b == 19))) return false;
  if ((a == 198 && b == 51 && q[2] == 100) || (a == 203 && b == 0 && q[2] == 113)) return false;
  return b != 0 || q[2] != 0 || q[3] != 0;
}

bool is_ipv4(std::string_view text, std::size_t at) noexcept {
  quad q{};
  std::size_t i = at;
  for (std::size_t k = 0; k < 4; ++k) {
    if (k > 0 && peek(text, i++) != '.') return false;
    const std::size_t n = length_of(text, i, is_digit, 4);
    if (n == 0 || n > 3 || (n > 1 && text[i] == '0')) return false;
    for (const std::size_t end = i + n; i < end; ++i) q[k] = q[k] * 10 + static_cast<unsigned>(text[i] - '0');
    if (q[k] > 255) return false;
  }
  if (!is_public(q)) return false;
  // Four numbers are a version as well: "v1.2.3.4", "version 1.2.3.4", "Chrome/1.2.3.4", "lib-1.2.3.4", "==1.2.3.4", "1.2.3.4-rc1",
  // "1.2.3.4.5". An address that stands like a version is missed; one of these words beside a real address is rarer than such versions.
  if (!stands_alone(text, at, i) || (peek_back(text, at, 1) == '/' && is_alpha(peek_back(text, at, 2)))) return false;
  if (peek_back(text, at, 1) == '-' || ends(text, at, "==") || ends(text, at, "~=") || ends(text, at, ">=") || ends(text, at, "^"))
    return false;
  if (says(before(text, at, 16), {"version", "versions", "ver", "v", "release", "build", "firmware", "section", "§", "버전", "판"}))
    return false;
  // Four small numbers are a version or a section far more often than one of the 0.003 % of addresses that have
  // them; 1.1.1.1, 8.8.8.8, 8.8.4.4 and 9.9.9.9 everybody knows.
  if (q[0] >= 20 || q[1] >= 20 || q[2] >= 20 || q[3] >= 20 || q[0] == q[1]) return true;
  return peek(text, i) == ':' || ends(text, at, "//") || ends(text, at, "@") ||
         says_near(text, at, i, 24, 12,
                   {"ip", "ips", "ipv4", "host", "server", "address", "addr", "from", "ping", "port", "ssh", "dns", "client", "remote",
                    "서버", "아이피", "접속"});
}

/// Global unicast 2000::/3 less what is set aside (documentation, benchmarks, Teredo).
bool is_ipv6(std::string_view text, std::size_t at) noexcept {
  const auto in = [](char c) { return is_hex(c) || c == ':'; };
  const std::size_t begin = at - length_before(text, at, in, 40);
  const std::size_t n = length_of(text, begin, in, 41);
  if (n < 6 || n > 39 || glued_before(text, begin) || glued_after(text, begin + n)) return false;
  std::string_view address = text.substr(begin, n);
  while (!address.empty() && address.back() == ':' && !ends(address, address.size(), "::")) address.remove_suffix(1);
  if (address[0] != '2' && address[0] != '3') return false;
  std::size_t groups = 0, length = 0;
  bool shortened = false;
  std::array<unsigned, 2> first{};
  for (std::size_t i = 0; i < address.size(); ++i) {
    if (address[i] != ':') {
      if (length == 0) ++groups;
      if (++length > 4) return false;
      const char c = to_lower(address[i]);
      if (groups <= 2) first[groups - 1] = first[groups - 1] * 16 + static_cast<unsigned>(is_digit(c) ? c - '0' : c - 'a' + 10);
      continue;
    }
    if (length == 0 && i > 0) {
      if (shortened) return false;
      shortened = true;
    }
    length = 0;
  }
  if (shortened ? groups > 7 || groups < 2 : groups != 8) return false;
  if (first[0] < 0x2000 || first[0] > 0x3fff) return false;
  return first[0] != 0x2001 || (first[1] != 0xdb8 && first[1] >= 0x200);
}

bool is_hangul_byte(char c) noexcept { return c < 0; }

/// The word (no blank in it) that ends right before `end`.
std::string_view word_before(std::string_view text, std::size_t end) noexcept {
  const std::size_t n = length_before(text, end, [](char c) { return is_hangul_byte(c) || is_digit(c) || c == '.'; }, 48);
  return text.substr(end - n, n);
}

bool is_region(std::string_view word) noexcept {
  for (const std::string_view region : words{"서울", "부산", "대구", "인천", "광주", "대전", "울산", "세종", "경기", "강원",
                                             "충북", "충남", "전북", "전남", "경북", "경남", "제주", "충청", "전라", "경상"}) {
    if (begins(word, 0, region) && (word.size() == region.size() || ends(word, word.size(), "시") || ends(word, word.size(), "도")))
      return true;
  }
  return false;
}

bool is_district(std::string_view word) noexcept {
  if (word.size() < 6) return false;
  for (const std::string_view end : words{"구", "군", "시", "읍", "면"}) {
    if (ends(word, word.size(), end)) return true;
  }
  return false;
}

/// Districts whose name alone says where: people leave the city out.
bool is_known_district(std::string_view word) noexcept {
  for (const std::string_view name :
       words{"강남구", "서초구",   "송파구", "강동구",   "마포구",   "용산구", "종로구",   "성동구", "광진구", "동대문구",
             "중랑구", "성북구",   "강북구", "도봉구",   "노원구",   "은평구", "서대문구", "양천구", "강서구", "구로구",
             "금천구", "영등포구", "동작구", "관악구",   "해운대구", "수영구", "분당구",   "수정구", "중원구", "영통구",
             "권선구", "팔달구",   "장안구", "일산동구", "일산서구", "덕양구", "기흥구",   "수지구", "처인구", "유성구",
             "달서구", "수성구",   "연수구", "남동구",   "부평구",   "계양구", "미추홀구", "동안구", "만안구"}) {
    if (word == name) return true;
  }
  return false;
}

/// What counts things, so that the number before it is no house's: "...으로 3개".
bool counts_things(std::string_view text, std::size_t end) noexcept {
  if (peek(text, end) == '%' || peek(text, end) == ':') return true;
  for (const std::string_view unit :
       words{"개", "명", "년", "월", "일", "시", "분",     "초",   "원",   "회",   "배", "만", "천", "억", "점",
             "위", "대", "장", "주", "세", "살", "퍼센트", "단계", "가지", "차례", "km", "GB", "MB", "kg", "ms"}) {
    if (begins(text, end, unit)) return true;
  }
  return false;
}

}  // namespace

bool ip(const candidate& c) noexcept {
  const std::string_view text = c.text;
  const std::size_t first = length_of(text, c.at, is_digit, 5);
  if (first <= 3 && peek(text, c.at + first) == '.') return is_ipv4(text, c.at);
  const char left = peek_back(text, c.at, 1), right = peek(text, c.at + first);
  if (left != ':' && right != ':' && !is_hex(left) && !is_hex(right)) return false;
  return first <= 4 && is_ipv6(text, c.at);
}

bool street_address_kr(const candidate& c) noexcept {
  // 시·도, 시·군·구, a road (로, 길) or a village (동, 리) and a number (Road Name Address Act). The anchor is the road's last syllable
  // with the number's first digit; a region, two districts in a row or a district known by itself must stand before.
  const std::string_view text = c.text;
  const std::size_t road_end = c.at + 3;
  std::size_t number_at = road_end;
  if (peek(text, number_at) == ' ') ++number_at;
  const std::size_t digits = length_of(text, number_at, is_digit, 5);
  if (digits == 0 || digits > 4) return false;
  std::size_t end = number_at + digits;
  if (peek(text, end) == '-' && is_digit(peek(text, end + 1))) end += 1 + length_of(text, end + 1, is_digit, 4);
  if (is_alnum(peek(text, end)) || counts_things(text, end)) return false;
  std::size_t at = road_end;
  std::string_view word = word_before(text, at);
  if (word.size() < 6 || ends(word, word.size(), "으로")) return false;  // "...으로" is a particle
  std::size_t districts = 0;
  for (int i = 0; i < 5; ++i) {
    at = static_cast<std::size_t>(word.data() - text.data());
    if (peek_back(text, at, 1) != ' ' && peek_back(text, at, 1) != ',') return false;
    --at;
    if (peek_back(text, at, 1) == ',') --at;
    word = word_before(text, at);
    if (word.empty()) return false;
    if (is_region(word) || is_known_district(word)) return true;
    if (is_district(word) && ++districts == 2) return true;
  }
  return false;
}

}  // namespace naru::sensitivity::detectors
