#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "policies/sensitivity/detector.hpp"

/// The plainest scan over the table: every literal, digit group, '@' and run, one detector at a time. What the engine must agree with.
namespace naru::test {

/// A row by its name; std::invalid_argument when there is none.
[[nodiscard]] const sensitivity::detector& row(std::string_view name);
[[nodiscard]] bool finds(const sensitivity::detector& d, std::string_view text);
[[nodiscard]] inline bool finds(std::string_view name, std::string_view text) { return finds(row(name), text); }
/// The names of all that find something in `text`.
[[nodiscard]] std::vector<std::string_view> found_in(std::string_view text);

/// For the tables of examples.
struct example {
  std::string_view detector;
  std::string text;
};
/// Checks each with its text shown, and that every detector named has at least six.
void expect_found(const std::vector<example>& positives);
void expect_not_found(const std::vector<example>& negatives);

/// `n` characters of the alphabet, the same at every run: examples need no real secret in this file.
[[nodiscard]] std::string sample_of(std::string_view alphabet, std::size_t n);

}  // namespace naru::test
