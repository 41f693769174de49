#include <fmt/format.h>

#include <algorithm>

#include "config/build.hpp"

/// What no section sees alone, and what is allowed but probably not meant.
namespace naru::config {
namespace {

/// Beside connections: listeners, logs, DNS, the worker, and what libraries open.
constexpr std::uint64_t spare_descriptors = 64;

void check_callers(const reader& root, build_context& c) {
  if (!root["callers"].items().empty()) return;
  const auto items = root["listen"]["traffic"].items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const listener& at = c.out.traffic[i];
    const reader address = items[i]["address"];
    if (!at.loopback) {
      c.problems.error(address.at(), address.path(),
                       fmt::format("want callers, or loopback: {} can be reached from other machines", at.address()));
    }
  }
}

/// A number that an operator chose stands, with a warning; the default gives way to what the system allows.
void check_descriptors(const reader& root, build_context& c) {
  if (!c.options.descriptor_limit) return;
  const std::uint64_t wanted = std::uint64_t{c.out.limits.connections} * 2 + spare_descriptors;
  if (wanted <= *c.options.descriptor_limit) return;
  const reader at = root["limits"]["connections"];
  if (!at.present()) {
    const std::uint64_t left = *c.options.descriptor_limit - std::min(*c.options.descriptor_limit, spare_descriptors);
    c.out.limits.connections = static_cast<std::uint32_t>(std::max<std::uint64_t>(left / 2, 1));
    c.out.limits.connections_lowered = true;
    return;
  }
  c.problems.warn(at.at(), at.path(),
                  fmt::format("{} connections may take {} descriptors (a proxied stream takes two), the limit is {}",
                              c.out.limits.connections, wanted, *c.options.descriptor_limit));
}

void doubt_providers(const reader& root, build_context& c) {
  const reader section = root["providers"];
  const label_scheme& labels = c.out.sensitivity.labels;
  for (const provider& p : c.out.providers) {
    const auto named = c.provider_places.find(p.name);
    if (named == c.provider_places.end()) continue;
    const reader r = section.named(p.name);
    // A model file that cannot be read has been told of already.
    const bool told = p.local && !p.local->model.empty();
    if (p.off && !r.says("off") && !told) c.problems.warn(named->second, r.path(), "off: " + p.off_reason);
    if (p.clearance_set && !permits(p.clearance, labels.default_label())) {
      c.problems.warn(r["clearance"].at(), r["clearance"].path(),
                      fmt::format("no request of the default label, {}, can reach it", labels.name(labels.default_label())));
    }
  }
}

void doubt_answers(build_context& c) {
  if (c.out.models.empty()) c.problems.warn({}, "models", "no model is offered: nothing can answer");
}

}  // namespace

void doubt_deployment(const reader& r, const deployment& d, const model& m, build_context& c) {
  const label_scheme& labels = c.out.sensitivity.labels;
  const reader own = r["clearance"];
  if (own.present() && !permits(d.facts.clearance, labels.default_label())) {
    c.problems.warn(own.at(), own.path(),
                    fmt::format("no request of the default label, {}, can reach it", labels.name(labels.default_label())));
  }
  const pricing::rates& rates = d.facts.price.tariff.rates;
  if (d.facts.price.free || (rates.input.known() && rates.output.known())) return;
  const std::string_view more =
      m.require.max_cost ? ", so that it is never tried under require.max_cost" : ", so that its costs are flagged as unknown";
  c.problems.warn(r.at(), r.path(), fmt::format("the price of {} is not known{}: say `price:`", d.facts.id, more));
}

void doubt_model(const reader& r, const model& m, build_context& c) {
  const label_scheme& labels = c.out.sensitivity.labels;
  const label base = m.label.value_or(labels.default_label());
  const auto cleared = [base](const deployment& d) { return permits(d.facts.clearance, base); };
  if (m.deployments.empty() || std::ranges::any_of(m.deployments, cleared)) return;
  const std::string_view which = m.label ? "the label of this model" : "the default label";
  c.problems.warn(r.at(), r.path(),
                  fmt::format("no deployment is cleared for {}, {}: every request will be refused", labels.name(base), which));
}

void cross_check(const reader& root, build_context& c) {
  check_callers(root, c);
  check_descriptors(root, c);
  doubt_providers(root, c);
  doubt_answers(c);
}

}  // namespace naru::config
