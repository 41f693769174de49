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

}  // namespace

routing::requirements read_require(const reader& r, build_context& c) {
  routing::requirements out;
  out.max_cost = r["max_cost"].maybe_usd();
  if (r["max_latency"].present()) out.max_latency = r["max_latency"].duration();
  out.min_quality = r["quality"].maybe_thousandths().value_or(0);
  if (r["retention"].present()) out.retention = r["retention"].duration();
  out.no_training = !r["trains_on_data"].flag();
  for (const reader& each : r["region"].items()) {
    std::string region = each.text();
    if (region.empty()) continue;
    if (routing::country_of(region).empty()) {
      c.problems.warn(each.at(), each.path(),
                      fmt::format("nothing is known of the region {}: only a deployment in this very one is found", shown(*each.raw())));
    }
    out.regions.push_back(std::move(region));
  }
  return out;
}

namespace {

routing::tuning read_tuning(const reader& r, build_context& c) {
  routing::tuning out;
  if (r["strategy"].says("auto")) out.balance = routing::quality_first;
  if (const reader given = r["balance"]; given.present()) {
    if (r["strategy"].says("auto")) c.problems.error(given.at(), given.path(), "auto has weights of its own: want strategy: balanced");
    const auto weight = [&](std::string_view key) { return given[key].maybe_thousandths().value_or(0); };
    out.balance = {weight("cost"), weight("latency"), weight("quality")};
    if (out.balance == routing::balance{0, 0, 0}) c.problems.error(given.at(), given.path(), "want at least one weight above 0");
  }
  out.explore = r["explore"].maybe_thousandths().value_or(0);
  const auto seconds = [&](std::string_view key) { return std::chrono::duration<float>(r["expect"][key].duration()).count(); };
  out.prior = {seconds("first_token"), seconds("per_token")};
  return out;
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
  m.strategy = r["strategy"].says("auto") ? routing::strategy::balanced
                                          : routing::find_strategy(r["strategy"].text()).value_or(routing::strategy::cheapest);
  m.tuning = read_tuning(r, c);
  m.require = read_require(r["require"], c);
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
  every.strategy = routing::strategy::balanced;
  every.tuning.balance = routing::quality_first;
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
/// the abilities that the first such line gives. Cleared for the lowest of what the provider and all lines say: a line that raises does so
/// for the name it stands under, but one that lowers distrusts the deployment, and asking for it by its id is no way round that.
void add_direct(build_context& c) {
  std::map<std::string, std::size_t, std::less<>> seen;
  const auto add = [&](deployment d) -> deployment& {
    const auto [at, is_new] = seen.emplace(d.facts.id, c.out.direct.size());
    if (is_new) c.out.direct.push_back(std::move(d));
    return c.out.direct[at->second];
  };
  for (const model& m : c.out.models) {
    for (const deployment& line : m.deployments) {
      deployment base = line;
      base.facts.clearance = c.out.find_provider(line.provider)->clearance;
      base.facts.weight = 1;
      clearance& direct = add(std::move(base)).facts.clearance;
      direct = std::min(direct, line.facts.clearance);
    }
  }
  for (const provider& p : c.out.providers) {
    if (p.local) {
      add(base_deployment(p, local_model_name(p), c.models));
      continue;
    }
    for (const catalogue_entry* e : c.models.models_of(p.type)) {
      if (served(*e)) add(base_deployment(p, e->model, c.models));
    }
  }
}

}  // namespace

void build_models(const reader& root, build_context& c) {
  c.out.lenient = root["translation"].says("lenient");
  const reader section = root["models"];
  if (section.present())
    read_all(section, c);
  else
    add_usual(c);
  add_direct(c);
}

}  // namespace naru::config
