#include "policies/sensitivity/text_walk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "policies/sensitivity/characters.hpp"

namespace naru::sensitivity {

bool is_identifier(std::string_view key) noexcept {
  const auto usual = [](char c) { return is_alpha(c) || c == '_' || c == '-' || c == '$'; };
  return !key.empty() && key.size() <= 40 && std::ranges::all_of(key, usual);
}

std::string place::text() const {
  std::vector<const place*> steps;
  for (const place* p = this; p->up != nullptr; p = p->up) steps.push_back(p);
  std::string out;
  for (auto p = steps.rbegin(); p != steps.rend(); ++p) {
    if ((*p)->is_index) {
      fmt::format_to(std::back_inserter(out), "[{}]", (*p)->index);
      continue;
    }
    if (!out.empty()) out += '.';
    out += is_identifier((*p)->key) ? (*p)->key : std::string_view("?");
  }
  return out;
}

std::string place::parent_text() const { return up == nullptr ? std::string{} : up->text(); }

namespace detail {

std::string digits_of(json::value v) {
  constexpr std::int64_t least = 10'000'000;  // eight digits
  constexpr double exact = 1e19;
  if (v.is_int64()) {
    const std::int64_t n = v.get_int64().value_unsafe();
    return n >= least || n <= -least ? fmt::format("{}", n < 0 ? -n : n) : std::string{};
  }
  if (v.is_uint64()) return fmt::format("{}", v.get_uint64().value_unsafe());
  // 4.111111111111111e15 is a card number too.
  const double d = v.get_double().value_unsafe();
  return d >= static_cast<double>(least) && d < exact ? fmt::format("{}", static_cast<std::uint64_t>(d)) : std::string{};
}

}  // namespace detail

}  // namespace naru::sensitivity
