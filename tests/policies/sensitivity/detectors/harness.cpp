#include "tests/policies/sensitivity/detectors/harness.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <stdexcept>

#include "policies/sensitivity/characters.hpp"
#include "tests/policies/sensitivity/secrets.hpp"

namespace naru::test {
namespace {

using sensitivity::anchor;
using sensitivity::candidate;
using sensitivity::detector;
using sensitivity::digit_group;
using sensitivity::is_digit;

bool same(std::string_view text, std::string_view literal, bool any_case) {
  if (text.size() != literal.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((any_case ? sensitivity::to_lower(text[i]) : text[i]) != literal[i]) return false;
  }
  return true;
}

bool at_literals(const detector& d, std::string_view text) {
  for (const auto literal : d.literals) {
    for (std::size_t i = 0; i + literal.size() <= text.size(); ++i) {
      if (same(text.substr(i, literal.size()), literal, d.any_case) && d.found({text, i, i + literal.size(), nullptr})) return true;
    }
  }
  return false;
}

digit_group read_group(std::string_view text, std::size_t at) {
  digit_group g;
  for (std::size_t i = at; i < text.size();) {
    if (is_digit(text[i])) {
      if (g.count < g.digits.size()) g.digits[g.count] = text[i];
      ++g.count;
      g.end = ++i;
    } else {
      const bool separator = text[i] == ' ' || text[i] == '-' || text[i] == '.';
      if (!separator || i + 1 >= text.size() || !is_digit(text[i + 1])) break;
      if (g.first_gap == 0) g.first_gap = g.count;
      ++i;
    }
  }
  if (g.first_gap == 0) g.first_gap = g.count;
  return g;
}

bool at_digits(const detector& d, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_digit(text[i]) || (i > 0 && is_digit(text[i - 1]))) continue;
    const digit_group g = read_group(text, i);
    const std::size_t least = (d.shapes & ~unsigned{sensitivity::plain_number}) != 0 ? 2 : d.least_digits;
    if (g.count >= least && g.count <= d.most_digits && d.found({text, i, g.end, &g})) return true;
  }
  return false;
}

bool at_runs(const detector& d, std::string_view text) {
  const auto in = [](char c) { return sensitivity::is_base64(c) || c == '='; };
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && in(text[end])) ++end;
    if (end - i >= d.least_run && d.found({text, i, end, nullptr})) return true;
    i = end + 1;
  }
  return false;
}

bool at_signs(const detector& d, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '@' && d.found({text, i, i + 1, nullptr})) return true;
  }
  return false;
}

void expect_six_of_each(const std::vector<example>& examples) {
  std::map<std::string_view, int> counts;
  for (const auto& e : examples) ++counts[e.detector];
  for (const auto& [name, count] : counts) {
    INFO(name);
    CHECK(count >= 6);
  }
}

}  // namespace

const detector& row(std::string_view name) {
  for (const auto& d : sensitivity::all_detectors()) {
    if (d.name == name) return d;
  }
  throw std::invalid_argument("no detector " + std::string(name));
}

bool finds(const detector& d, std::string_view text) {
  switch (d.starts_at) {
    case anchor::literal: return at_literals(d, text);
    case anchor::digits: return at_digits(d, text);
    case anchor::at_sign: return at_signs(d, text);
    case anchor::run: return at_runs(d, text);
  }
  return false;
}

std::vector<std::string_view> found_in(std::string_view text) {
  std::vector<std::string_view> names;
  for (const auto& d : sensitivity::all_detectors()) {
    if (finds(d, text)) names.push_back(d.name);
  }
  return names;
}

void expect_found(const std::vector<example>& positives) {
  for (const auto& e : positives) {
    INFO(e.detector << ": " << e.text);
    CHECK(finds(e.detector, e.text));
  }
  expect_six_of_each(positives);
}

void expect_not_found(const std::vector<example>& negatives) {
  for (const auto& e : negatives) {
    INFO(e.detector << ": " << e.text);
    CHECK_FALSE(finds(e.detector, e.text));
  }
  expect_six_of_each(negatives);
}

std::string sample_of(std::string_view alphabet, std::size_t n) {
  std::mt19937_64 random(20261124);
  return random_of(alphabet, n, random);
}

}  // namespace naru::test
