#include <algorithm>

#include "tests/integration/canary/trial.hpp"

namespace naru::test::canary {
namespace {

const offered* find_model(const setup& s, const std::string& name) {
  const auto found = std::ranges::find_if(
      s.models, [&](const offered& m) { return m.name == name || std::ranges::find(m.aliases, name) != m.aliases.end(); });
  return found == s.models.end() ? nullptr : &*found;
}

/// provider/model asked for directly may have what its provider may, and never more than the least trusting line says of it.
std::optional<deployment> find_direct(const setup& s, const std::string& name) {
  const auto slash = name.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const auto p = std::ranges::find(s.providers, name.substr(0, slash), &provider::name);
  if (p == s.providers.end()) return std::nullopt;
  deployment direct{static_cast<std::size_t>(p - s.providers.begin()), name.substr(slash + 1), p->cleared};
  for (const offered& m : s.models) {
    for (const deployment& line : m.deployments) {
      if (line.provider == direct.provider && line.model == direct.model) direct.cleared = std::min(direct.cleared, line.cleared);
    }
  }
  return direct;
}

bool may_ask(const known_caller& who, const std::string& name, const offered* m) {
  const auto allowed = [&](const std::string& one) { return one == name || (m != nullptr && one == m->name); };
  return who.models.empty() || std::ranges::any_of(who.models, allowed);
}

rank said_by_header(const setup& s, const std::string& word) {
  const auto found = std::ranges::find(s.labels, word);
  return found == s.labels.end() ? s.highest() : static_cast<rank>(found - s.labels.begin());
}

rank least_label(const setup& s, const asking& a, const offered* m) {
  rank least = s.usual;
  if (m != nullptr && m->label) least = *m->label;
  if (a.who != nullptr && a.who->label) least = *a.who->label;
  if (s.trusts_header) {
    for (const std::string& word : a.header_words) least = std::max(least, said_by_header(s, word));
  }
  for (const secret& each : a.secrets) {
    if (const auto to = s.detectors.find(each.detector)->second) least = std::max(least, *to);
  }
  return least;
}

}  // namespace

bool duty::somebody_is_cleared() const {
  return std::ranges::any_of(candidates, [&](const deployment& d) { return d.cleared >= least; });
}

duty what_must_hold(const setup& s, const asking& a) {
  duty must;
  if (!s.callers.empty() && a.who == nullptr) {
    must.refusal = 401;
    return must;
  }
  const offered* m = find_model(s, a.model);
  if (m != nullptr)
    must.candidates = m->deployments;
  else if (auto direct = find_direct(s, a.model))
    must.candidates.push_back(std::move(*direct));
  if (must.candidates.empty())
    must.refusal = 404;
  else if (a.who != nullptr && !may_ask(*a.who, a.model, m))
    must.refusal = 403;
  must.least = least_label(s, a, m);
  return must;
}

}  // namespace naru::test::canary
