#include "policies/routing/language.hpp"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

namespace naru::routing {
namespace {

/// The first bytes of it, not through the middle of a character.
std::string_view beginning(std::string_view text) noexcept {
  if (text.size() <= language_bytes) return text;
  std::size_t end = language_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end);
}

/// CLD2 has kept two codes that ISO 639 has withdrawn.
std::string_view iso(std::string_view code) noexcept {
  if (code == "iw") return "he";
  if (code == "jw") return "jv";
  return code;
}

}  // namespace

std::string_view language_of(std::string_view text) {
  constexpr int least_percent = 60;  // below, a text is as much something else
  const std::string_view part = beginning(text);
  CLD2::Language languages[3];
  int percents[3];
  int bytes = 0;
  int valid = 0;
  bool reliable = false;
  CLD2::CLDHints none{nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  double scores[3];
  const CLD2::Language found = CLD2::ExtDetectLanguageSummaryCheckUTF8(part.data(), static_cast<int>(part.size()), true, &none, 0,
                                                                       languages, percents, scores, nullptr, &bytes, &reliable, &valid);
  if (found == CLD2::UNKNOWN_LANGUAGE || !reliable || languages[0] != found || percents[0] < least_percent) return {};
  return iso(CLD2::LanguageCode(found));
}

}  // namespace naru::routing
