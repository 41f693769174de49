#include "policies/sensitivity/scan/literals.hpp"

#include <hs/hs.h>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace naru::sensitivity::scan {

literal_set::literal_set(std::span<const detector> table, detector_bits on) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    const detector_bits bit = detector_bits{1} << i;
    if ((on & bit) == 0) continue;
    if (table[i].starts_at == anchor::literal) {
      for (const std::string_view text : table[i].literals) add(text, table[i].any_case).of |= bit;
    }
    for (const std::string_view word : table[i].words) add(word, true).word_of |= bit;
  }
  std::vector<vectorscan::expression> all;
  for (const literal& l : literals_) all.push_back({std::string(l.text), l.any_case ? unsigned{HS_FLAG_CASELESS} : 0});
  auto compiled = vectorscan::compile(all, vectorscan::kind::literals);
  if (!compiled) throw std::runtime_error("literals: " + compiled.error().message);
  engine_ = std::move(*compiled);
}

literal_set::literal& literal_set::add(std::string_view text, bool any_case) {
  if (text.size() < 3) throw std::invalid_argument("a detector's literal is shorter than three bytes: " + std::string(text));
  const auto known = std::ranges::find_if(literals_, [&](const literal& l) { return l.text == text && l.any_case == any_case; });
  return known != literals_.end() ? *known : literals_.emplace_back(text, any_case);
}

}  // namespace naru::sensitivity::scan
