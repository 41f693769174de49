#pragma once
#include <cstdint>
#include <string>

#include "core/money.hpp"

namespace naru {

/// What one upstream call consumed, in the canonical count (OpenAI's convention, see providers/dialects for how each maps):
/// `input` is everything sent, cache reads and writes included; `output` is visible text plus reasoning.
struct usage {
  tokens input;
  tokens cached;            ///< subset of input read from the vendor's cache
  tokens cache_write;       ///< subset of input written to it (short retention: Anthropic 5 min, OpenAI 30 min)
  tokens cache_write_long;  ///< subset of input written with long retention (Anthropic 1 h, OpenAI 12 h)
  tokens output;
  tokens reasoning;        ///< subset of output
  tokens audio_input;      ///< subset of input
  tokens audio_output;     ///< subset of output
  std::string tier;        ///< service tier that the *answer* reports ("flex", "priority", ...); empty: standard
  bool estimated = false;  ///< true when the vendor sent none (broken stream) and this was counted here
  auto operator<=>(const usage&) const = default;
};

}  // namespace naru
