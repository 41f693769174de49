#include "policies/sensitivity/detectors/digits.hpp"
#include "policies/sensitivity/detectors/found.hpp"
#include "policies/sensitivity/detectors/text.hpp"

// Payment cards: a length and a range that an issuer uses, and Luhn's check digit.
namespace naru::sensitivity::detectors {
namespace {

/// Issuer ranges and their lengths, as the networks publish them.
bool known_issuer(const number& n) noexcept {
  const std::uint64_t two = n.value(0, 2), three = n.value(0, 3), four = n.value(0, 4);
  const std::size_t count = n.count;
  if (n.digits[0] == '4') return count == 13 || count == 16 || count == 19;                       // Visa
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return count == 16;             // Mastercard
  if (two == 34 || two == 37) return count == 15;                                                 // American Express
  if (two == 65 || four == 6011 || (three >= 644 && three <= 649)) return count >= 16;            // Discover
  if (four >= 3528 && four <= 3589) return count >= 16;                                           // JCB
  if (two == 36 || two == 38 || two == 39 || (three >= 300 && three <= 305)) return count >= 14;  // Diners Club
  if (two == 62 || two == 81) return count >= 16;                                                 // UnionPay
  if (two == 50 || (two >= 56 && two <= 58) || two == 67 || two == 63) return count >= 13;        // Maestro
  if (four >= 2200 && four <= 2204) return count >= 16;                                           // Mir
  if (two == 94 || two == 93) return count == 16;                                                 // Korean domestic cards
  return false;
}

bool is_card_number(std::string_view text, std::size_t at, std::size_t end) noexcept {
  if (end == no_end || !ends_alone(text, end)) return false;
  const number n = digits_of(text, at, end);
  return n.count >= 13 && n.count <= 19 && known_issuer(n) && luhn(n.view()) && varied(n.view(), 2);
}

/// The whole group, however it is divided: at most five separators, or a row of small numbers would be one.
std::size_t whole_end(std::string_view text, const candidate& c) noexcept {
  if (c.digits->count < 13 || c.digits->count > 19) return no_end;
  std::size_t separators = 0;
  for (std::size_t i = c.at; i < c.digits->end; ++i) {
    if (is_digit(text[i])) continue;
    if (text[i] == '.' || ++separators > 5) return no_end;
  }
  return c.digits->end;
}

}  // namespace

bool card(const candidate& c) noexcept {
  const std::string_view text = c.text;
  if (text[c.at] < '2' || text[c.at] == '7' || !begins_alone(text, c.at)) return false;
  const std::size_t unbroken = length_of(text, c.at, is_digit, 20);
  bool found = is_card_number(text, c.at, whole_end(text, c));
  // As printed on the card, with an expiry or the like behind.
  if (!found && unbroken >= 13) found = is_card_number(text, c.at, c.at + unbroken);
  if (!found && unbroken == 4) {
    found = is_card_number(text, c.at, match_groups(text, c.at, {4, 4, 4, 4}, " -.")) ||
            is_card_number(text, c.at, match_groups(text, c.at, {4, 6, 5}, " -.")) ||
            is_card_number(text, c.at, match_groups(text, c.at, {4, 6, 4}, " -.")) ||
            is_card_number(text, c.at, match_groups(text, c.at, {4, 4, 4, 4, 3}, " -."));
  }
  return found && !is_called(text, c.at, {"order", "ord", "invoice", "inv", "tracking", "trace", "barcode", "sku", "주문", "송장"});
}

}  // namespace naru::sensitivity::detectors
