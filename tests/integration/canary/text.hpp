#pragma once
#include <cstddef>
#include <random>
#include <set>
#include <string>
#include <string_view>

/// Random text, its disguises, and how a canary is found again in bytes.
namespace naru::test::canary {

using generator = std::mt19937_64;

/// 0..n-1; `n` is at least 1.
[[nodiscard]] std::size_t below(generator& random, std::size_t n);
/// True in `percent` of a hundred cases.
[[nodiscard]] bool chance(generator& random, std::size_t percent);
template <class List>
[[nodiscard]] const auto& one_of(generator& random, const List& list) {
  return *(std::begin(list) + static_cast<std::ptrdiff_t>(below(random, std::size(list))));
}

/// `count` characters out of `letters`.
[[nodiscard]] std::string some_of(generator& random, std::string_view letters, std::size_t count);
/// "cnry" and 24 lower-case letters: never the same twice, and nothing else looks like it.
[[nodiscard]] std::string make_token(generator& random);
/// Harmless words with blanks between them.
[[nodiscard]] std::string some_words(generator& random, std::size_t count);

[[nodiscard]] std::string to_base64(std::string_view bytes);
/// A JSON string with its quotes. @param escaped  every character as \u00XX, which is the same text
[[nodiscard]] std::string quoted(std::string_view text, bool escaped = false);

/// Every canary in these bytes, as they are, behind JSON escapes (of strings in strings too), and in base64.
[[nodiscard]] std::set<std::string> tokens_in(std::string_view bytes);

}  // namespace naru::test::canary
