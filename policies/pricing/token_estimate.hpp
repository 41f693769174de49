#pragma once
#include <cstdint>
#include <string_view>

#include "core/money.hpp"

/// How many model tokens a text probably is, without a tokenizer: bytes by class times tokens per byte.
namespace naru::pricing {

/// Bytes of text by how they tokenize. Counted over UTF-8; add up the texts of a request.
struct text_bytes {
  std::uint64_t letters = 0;  ///< ASCII letters and white space: prose, identifiers
  std::uint64_t dense = 0;    ///< ASCII digits, punctuation, control bytes: code, numbers, markup
  std::uint64_t cjk = 0;      ///< Hangul, Han, kana: 3 bytes a character
  std::uint64_t other = 0;    ///< every other non-ASCII byte: accents, Cyrillic, Arabic, emoji
  [[nodiscard]] std::uint64_t total() const noexcept { return letters + dense + cjk + other; }
  text_bytes& operator+=(const text_bytes& b) noexcept;
  bool operator==(const text_bytes&) const = default;
};

/// Sorts the bytes of a text into classes. Any bytes are allowed. Cost: one vectorizable pass, no allocation.
[[nodiscard]] text_bytes count_bytes(std::string_view text) noexcept;

struct token_estimate {
  tokens expected;  ///< for ordering: about the median over vendors
  tokens upper;     ///< for limits, holds and context borders: about the 95th percentile, never below `expected`
  token_estimate& operator+=(const token_estimate& b) noexcept {
    expected = expected + b.expected;
    upper = upper + b.upper;
    return *this;
  }
};

/// @param messages  number of messages: each costs a few tokens of framing
/// Source of the constants: priors, reasoned in token_estimate.cpp; not fitted to any vendor's counts.
[[nodiscard]] token_estimate estimate_tokens(const text_bytes& bytes, std::uint64_t messages = 0) noexcept;

}  // namespace naru::pricing
