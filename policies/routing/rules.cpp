#include "policies/routing/rules.hpp"

#include <algorithm>

namespace naru::routing {
namespace {

bool has(const std::vector<std::string>& words, std::string_view word) noexcept { return std::ranges::find(words, word) != words.end(); }

bool fits(const std::vector<std::string>& wanted, std::string_view word) noexcept { return wanted.empty() || has(wanted, word); }

/// Whether a deployment's id is `name`, or belongs to the provider `name`.
bool is_or_belongs_to(std::string_view id, std::string_view name) noexcept {
  if (!id.starts_with(name)) return false;
  return id.size() == name.size() || (id[name.size()] == '/' && name.find('/') == std::string_view::npos);
}

bool fits_headers(const condition& c, const traits& t) noexcept {
  return std::ranges::all_of(c.headers,
                             [&](const condition::header& h) { return h.name < t.headers.size() && has(h.values, t.headers[h.name]); });
}

/// All but the language, the cheap ones first.
bool fits_but_language(const condition& c, const traits& t) noexcept {
  if (c.label_ranks && !c.label_ranks->contains(t.label.rank)) return false;
  if (c.input_tokens && !c.input_tokens->contains(t.input.value)) return false;
  return fits(c.teams, t.team) && fits(c.keys, t.key) && fits(c.users, t.user) && fits(c.models, t.model) && fits(c.apis, t.api) &&
         fits_headers(c, t) && (!c.hours || c.hours->contains(t.at));
}

/// `zh` means every Chinese, `zh-Hant` the one.
bool fits_language(const condition& c, std::string_view found) noexcept {
  return std::ranges::any_of(c.languages, [&](const std::string& wanted) {
    return found.starts_with(wanted) && (found.size() == wanted.size() || found[wanted.size()] == '-');
  });
}

}  // namespace

std::uint32_t rule::preference(std::string_view deployment) const noexcept {
  const auto at = std::ranges::find_if(prefer, [&](const std::string& name) { return is_or_belongs_to(deployment, name); });
  return static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(at - prefer.begin(), 255));
}

bool rule::denies(std::string_view deployment) const noexcept {
  return std::ranges::any_of(deny, [&](const std::string& name) { return is_or_belongs_to(deployment, name); });
}

rule_book::match rule_book::find(const traits& t) const noexcept {
  for (const rule& r : rules_) {
    if (!fits_but_language(r.when, t)) continue;
    if (r.when.languages.empty()) return {&r, false};
    if (!t.language) return {nullptr, true};
    if (fits_language(r.when, *t.language)) return {&r, false};
  }
  return {};
}

}  // namespace naru::routing
