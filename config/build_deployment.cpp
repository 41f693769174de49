#include <fmt/format.h>

#include <algorithm>

#include "config/build.hpp"
#include "config/price_reader.hpp"
#include "config/suggest.hpp"
#include "providers/vendors/vendor.hpp"

/// One provider's model: what the catalogue says, then its provider, then its own line.
namespace naru::config {
namespace {

using routing::ability;

void add_once(std::vector<std::string>& words, std::string_view word) {
  if (std::ranges::find(words, word) == words.end()) words.emplace_back(word);
}

/// What naru-worker can do with any model: its own request reader refuses the rest.
routing::capabilities worker_capabilities(const provider& p, const catalogue_entry* known) {
  routing::capabilities can;
  can.tools = can.vision = can.audio = can.json_schema = can.many_choices = can.logprobs = ability::no;
  if (p.local->remote) return can;
  std::uint64_t context = p.local->context != 0 ? p.local->context : std::uint64_t{2048} * p.local->sequences;
  if (known != nullptr && known->can.context) context = std::min(context, known->can.context->value);
  can.context = tokens{context};
  can.max_output = tokens{context};
  return can;
}

/// What a wire form cannot say at all (sources: the vendors' API references, 2026-11).
void narrow_by_dialect(routing::capabilities& can, std::string_view dialect) {
  if (dialect == "anthropic_messages") can.many_choices = can.logprobs = ability::no;
}

void override_ability(ability& a, const reader& r) {
  if (const auto said = r.maybe_flag()) a = *said ? ability::yes : ability::no;
}

void override_count(std::optional<tokens>& n, const reader& r) {
  if (const auto said = r.maybe_integer()) n = tokens{*said};
}

void apply_line(const reader& r, deployment& d, build_context& c) {
  d.facts.weight = r["weight"].integer();
  if (const auto own = read_label(r["clearance"], c.out.sensitivity.labels, c.problems)) d.facts.clearance = clearance{own->rank};
  if (const std::string region = r["region"].text(); !region.empty()) d.facts.region = region;
  if (const auto quality = r["quality"].maybe_thousandths()) d.facts.quality = *quality;
  if (r["retention"].present()) d.facts.retention = r["retention"].duration();
  override_ability(d.facts.trains_on_data, r["trains_on_data"]);
  d.facts.provisioned = r["provisioned"].flag();
  override_ability(d.facts.can.tools, r["tools"]);
  override_ability(d.facts.can.vision, r["vision"]);
  override_ability(d.facts.can.audio, r["audio"]);
  override_ability(d.facts.can.json_schema, r["json_schema"]);
  override_count(d.facts.can.context, r["context"]);
  override_count(d.facts.can.max_output, r["max_output"]);
  if (r["price"].present()) d.facts.price = read_price(r["price"], price_list::operators, c.problems);
}

const provider* find_or_report(const reader& use, const std::string& name, build_context& c) {
  if (const provider* p = c.out.find_provider(name)) return p;
  if (std::ranges::find(c.provider_names, name) == c.provider_names.end()) {
    c.problems.error(use.at(), use.path(), fmt::format("no provider {}{}", name, did_you_mean(name, c.provider_names)));
  }
  return nullptr;  // else it was reported where it stands
}

std::vector<std::string> names_of_models(const provider& p, const catalogue& models) {
  std::vector<std::string> names;
  for (const catalogue_entry* e : models.models_of(p.type)) names.push_back(e->model);
  return names;
}

/// Whether a model may stand there; says so when it may not, or is not known.
bool accept_model(const reader& use, const provider& p, const std::string& model, build_context& c) {
  if (p.type == "local") {
    const std::string only = local_model_name(p);
    if (model == only || p.local->model.empty() || p.local->remote) return true;
    c.problems.error(use.at(), use.path(), fmt::format("{} has one model, {}: `{}` alone means it", p.name, only, p.name));
    return false;
  }
  const catalogue_entry* known = c.models.find(p.type, model);
  if (known != nullptr && !served(*known)) {
    c.problems.error(use.at(), use.path(), fmt::format("{} is for {}, which nothing here asks for", known->id, known->kind));
    return false;
  }
  const std::vector<std::string> names = names_of_models(p, c.models);
  if (known == nullptr && !names.empty()) {
    c.problems.warn(
        use.at(), use.path(),
        fmt::format("the catalogue does not know {}: its price and abilities are unknown{}", use.text(), did_you_mean(model, names)));
  }
  return true;
}

}  // namespace

std::optional<request_kind> kind_of(const catalogue_entry& e) noexcept {
  for (const request_kind k : {request_kind::chat, request_kind::embedding, request_kind::image}) {
    if (to_string(k) == e.kind) return k;
  }
  return std::nullopt;
}

bool served(const catalogue_entry& e) noexcept {
  const auto kind = kind_of(e);
  const vendors::vendor* v = vendors::find_vendor(e.vendor);
  return kind && v != nullptr && !vendors::dialect_of(*v, e.model, *kind).empty();
}

deployment base_deployment(const provider& p, std::string_view model, const catalogue& models) {
  const vendors::vendor& v = *vendors::find_vendor(p.type);
  const catalogue_entry* known = models.find(p.type, model);
  if (known != nullptr && !served(*known)) known = nullptr;
  deployment d;
  d.provider = p.name;
  d.model = std::string(model);
  d.in_catalogue = known != nullptr;
  d.facts.id = fmt::format("{}/{}", p.name, model);
  d.facts.clearance = p.clearance;
  d.facts.region = p.region;
  d.facts.retention = p.retention;
  d.facts.trains_on_data = p.trains_on_data;
  d.facts.quality = known != nullptr ? known->quality
                    : p.local        ? routing::quality_prior(routing::quality_class::small)
                                     : routing::quality_prior(routing::quality_class::middle);
  if (known != nullptr) {
    d.kind = kind_of(*known);
    d.facts.can = known->can;
    d.facts.price = known->price;
    d.constraints = known->constraints;
  }
  if (p.local) {
    d.facts.can = worker_capabilities(p, known);
    d.facts.price = {};
    d.facts.price.free = true;
  }
  if (p.price) d.facts.price = *p.price;
  narrow_by_dialect(d.facts.can, vendors::dialect_of(v, model, request_kind::chat));
  for (const std::string_view word : v.deviations) add_once(d.constraints, word);
  return d;
}

std::optional<deployment> build_deployment(const reader& r, build_context& c) {
  const reader use = r["use"];
  const std::string id = use.text();
  if (id.empty()) return std::nullopt;
  const std::size_t slash = id.find('/');
  const std::string name = id.substr(0, slash);
  const provider* p = find_or_report(use, name, c);
  if (p == nullptr) return std::nullopt;
  const bool alone = slash == std::string::npos;
  if ((alone && p->type != "local") || slash + 1 == id.size()) {
    c.problems.error(use.at(), use.path(), fmt::format("want provider/model, got {}: which model of {}?", shown(*use.raw()), name));
    return std::nullopt;
  }
  const std::string model = alone ? local_model_name(*p) : id.substr(slash + 1);
  if (!alone && !accept_model(use, *p, model, c)) return std::nullopt;
  deployment d = base_deployment(*p, model, c.models);
  apply_line(r, d, c);
  return d;
}

deployment direct_deployment(const settings&, const provider& p, std::string_view model) {
  return base_deployment(p, model, shipped_catalogue());
}

}  // namespace naru::config
