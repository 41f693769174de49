#include <fmt/format.h>

#include <algorithm>

#include "config/build.hpp"
#include "config/suggest.hpp"
#include "policies/routing/regions.hpp"

namespace naru::config {
namespace {

bool is_model_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= 128 &&
         std::ranges::all_of(name, [](char c) { return static_cast<unsigned char>(c) > ' ' && c != 0x7f; });
}

void read_require(const reader& r, routing::requirements& out, build_context& c) {
  out.max_cost = r["max_cost"].maybe_usd();
  for (const reader& each : r["region"].items()) {
    std::string region = each.text();
    if (region.empty()) continue;
    if (routing::country_of(region).empty()) {
      c.problems.warn(each.at(), each.path(),
                      fmt::format("nothing is known of the region {}: only a deployment in this very one is found", shown(*each.raw())));
    }
    out.regions.push_back(std::move(region));
  }
}

void read_deployments(const reader& r, model& m, build_context& c) {
  const reader list = r["deployments"];
  const auto items = list.items();
  if (list.is_list() && items.empty()) c.problems.error(list.at(), list.path(), "want at least one deployment, got an empty list");
  if (items.size() > 256)
    return c.problems.error(list.at(), list.path(), fmt::format("want at most 256 deployments, got {}", items.size()));
  for (const reader& each : items) {
    auto d = build_deployment(each, c);
    if (!d) continue;
    const bool twice = std::ranges::any_of(m.deployments, [&](const deployment& o) { return o.facts.id == d->facts.id; });
    if (twice) {
      c.problems.error(each.at(), each.path(), fmt::format("{} stands twice", d->facts.id));
      continue;
    }
    doubt_deployment(each, *d, m, c);
    m.deployments.push_back(std::move(*d));
  }
  const bool nobody = !m.deployments.empty() && std::ranges::all_of(m.deployments, [](const deployment& d) { return d.facts.weight == 0; });
  if (m.strategy == routing::strategy::weighted && nobody) c.problems.error(list.at(), list.path(), "want at least one weight above 0");
}

model read_model(const std::string& name, const reader& r, build_context& c) {
  model m;
  m.name = name;
  m.strategy = routing::find_strategy(r["strategy"].text()).value_or(routing::strategy::cheapest);
  read_require(r["require"], m.require, c);
  read_deployments(r, m, c);
  m.label = read_label(r["label"], c.out.sensitivity.labels, c.problems);
  doubt_model(r, m, c);
  m.hedge = build_hedge(r["hedge"]);
  if (r["expect"]["output_tokens"].present()) m.expected_output = tokens{r["expect"]["output_tokens"].integer()};
  return m;
}

/// Names and aliases are one space: each name once, none that `provider/model` already means.
class names {
 public:
  explicit names(build_context& c) : c_(c) {}

  bool take(const std::string& name, const place& at, const std::string& path) {
    if (!is_model_name(name)) {
      c_.problems.error(at, path, "want a name without blanks, at most 128 bytes");
      return false;
    }
    const std::string first = name.substr(0, name.find('/'));
    if (first.size() < name.size() && std::ranges::find(c_.provider_names, first) != c_.provider_names.end()) {
      c_.problems.error(at, path, fmt::format("{} already means a model of the provider {}", name, first));
      return false;
    }
    const auto [earlier, is_new] = taken_.emplace(name, at);
    if (!is_new) c_.problems.error(at, path, fmt::format("{} is taken: {}", name, c_.problems.where(earlier->second)));
    return is_new;
  }

 private:
  build_context& c_;
  std::map<std::string, place, std::less<>> taken_;
};

void read_all(const reader& section, build_context& c) {
  names all(c);
  const auto entries = section.entries();
  for (const auto& [name, r] : entries) all.take(name, section.raw()->find_entry(name)->at, r.path());
  for (const auto& [name, r] : entries) {
    model m = read_model(name, r, c);
    for (const reader& each : r["aliases"].items()) {
      std::string alias = each.text();
      if (!alias.empty() && all.take(alias, each.at(), each.path())) m.aliases.push_back(std::move(alias));
    }
    c.out.models.push_back(std::move(m));
  }
}

/// Without a section: `auto` over what every provider that is on offers by default, and `local`.
void add_usual(build_context& c) {
  model every;
  every.name = "auto";
  every.strategy = routing::strategy::automatic;
  for (const provider& p : c.out.providers) {
    if (p.off || p.local) continue;
    for (const catalogue_entry* e : c.models.chat_models_of(p.type)) {
      if (e->offered_by_default) every.deployments.push_back(base_deployment(p, e->model, c.models));
    }
  }
  // The embedded model stands in the list even when its file is missing, so that a refusal says why; not when it was switched off.
  for (const provider& p : c.out.providers) {
    if (!p.local || p.off_reason == "switched off in the settings") continue;
    every.deployments.push_back(base_deployment(p, local_model_name(p), c.models));
    if (p.name != "local") continue;
    model local;
    local.name = "local";
    local.strategy = routing::strategy::priority;
    local.deployments.push_back(every.deployments.back());
    c.out.models.push_back(std::move(local));
  }
  if (!every.deployments.empty()) c.out.models.insert(c.out.models.begin(), std::move(every));
}

/// All that can be asked for as provider/model and is known: of each provider the catalogue's models, and those that a line names, with
/// the abilities that the line gives but the provider's own clearance.
void add_direct(build_context& c) {
  std::map<std::string, std::size_t, std::less<>> seen;
  const auto add = [&](deployment d) {
    if (seen.emplace(d.facts.id, c.out.direct.size()).second) c.out.direct.push_back(std::move(d));
  };
  for (const model& m : c.out.models) {
    for (deployment d : m.deployments) {
      d.facts.clearance = c.out.find_provider(d.provider)->clearance;
      d.facts.weight = 1;
      add(std::move(d));
    }
  }
  for (const provider& p : c.out.providers) {
    if (p.local) {
      add(base_deployment(p, local_model_name(p), c.models));
      continue;
    }
    for (const catalogue_entry* e : c.models.chat_models_of(p.type)) add(base_deployment(p, e->model, c.models));
  }
}

}  // namespace

void build_models(const reader& root, build_context& c) {
  const reader section = root["models"];
  if (section.present())
    read_all(section, c);
  else
    add_usual(c);
  add_direct(c);
}

}  // namespace naru::config
