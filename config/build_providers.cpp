#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/build.hpp"
#include "config/price_reader.hpp"
#include "config/suggest.hpp"
#include "config/units.hpp"
#include "policies/routing/regions.hpp"
#include "providers/vendors/vendor.hpp"

namespace naru::config {
namespace {

constexpr std::array<std::string_view, 10> local_keys{"model",      "sequences",     "context", "threads", "queue",
                                                      "max_tokens", "chat_template", "socket",  "program", "nice"};
constexpr std::array<std::string_view, 4> network_keys{"api_key", "api_keys", "proxy", "tls"};

bool is_provider_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= 64 && name.front() != '-' && name.front() != '.' && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  });
}

/// "OPENAI_API_KEY is not set", "neither A nor B is set".
std::string not_set(const std::vector<std::string>& names) {
  if (names.size() == 1) return names.front() + " is not set";
  if (names.size() == 2) return fmt::format("neither {} nor {} is set", names[0], names[1]);
  return fmt::format("none of {} is set", fmt::join(names, ", "));
}

void switch_off(provider& p, std::string why) {
  p.off = true;
  p.off_reason = std::move(why);
}

/// The vendor's usual variables, for a provider without a key of its own. An empty one counts as not set: compose files leave such.
void read_usual_key(const reader& r, const vendors::vendor& v, provider& p, build_context& c) {
  std::vector<std::string> names;
  for (const std::string_view name : v.key_variables) {
    names.emplace_back(name);
    auto value = c.from.variable(name);
    if (!value || value->empty()) continue;
    if (!std::ranges::all_of(*value, [](char ch) { return ch > ' ' && ch < 0x7f; })) {
      c.problems.error(r.at(), r["api_key"].path(), fmt::format("want a secret: visible ASCII without blanks, got ${{env:{}}}", name));
    }
    p.api_keys.emplace_back(std::move(*value));
    return;
  }
  if (v.key_required) switch_off(p, not_set(names));
}

void read_keys(const reader& r, const vendors::vendor& v, provider& p, build_context& c) {
  const reader one = r["api_key"];
  const reader several = r["api_keys"];
  if (one.present() && several.present()) c.problems.error(several.at(), several.path(), "want either api_key or api_keys");
  if (!one.present() && !several.present()) return read_usual_key(r, v, p, c);
  std::vector<reader> keys = several.items();
  if (one.present()) keys.push_back(one);
  if (keys.empty()) {
    if (several.is_list()) c.problems.error(several.at(), several.path(), "want at least one key, got an empty list");
    return;
  }
  std::vector<std::string> missing;
  for (const reader& key : keys) {
    if (!key.raw()->unset.empty()) {
      missing.push_back(key.raw()->unset);
    } else if (std::string text = key.text(); !text.empty()) {
      p.api_keys.emplace_back(std::move(text));
    }
  }
  if (missing.size() == keys.size()) return switch_off(p, not_set(missing));
  if (!missing.empty()) c.problems.warn(several.at(), several.path(), not_set(missing) + ": the other keys bear the load");
}

/// What the settings say, else the variable that usually does.
std::string said_or(const reader& r, std::string_view variable, build_context& c) {
  if (r.present() || variable.empty()) return r.text();
  return c.from.variable(variable).value_or(std::string{});
}

void read_address(const reader& r, const vendors::vendor& v, provider& p, build_context& c) {
  p.resource = r["resource"].text();
  p.project = said_or(r["project"], v.project_variable, c);
  p.api_version = r["api_version"].text();
  if (r["base_url"].present() || p.resource.empty()) p.base_url = said_or(r["base_url"], v.address_variable, c);
  while (!r["base_url"].present() && p.base_url.ends_with('/')) p.base_url.pop_back();
  if (p.base_url.empty()) {
    auto address = vendors::address_of(v, {.resource = p.resource, .region = p.region, .project = p.project, .api_version = p.api_version});
    if (!address) {
      if (r.raw() == nullptr) return switch_off(p, address.error().message);  // nobody named it
      c.problems.error(r.at(), r[address.error().field].path(), fmt::format("is missing: {}", address.error().message));
      return;
    }
    p.base_url = std::move(*address);
  }
  p.to = parse_url(p.base_url);
  const bool is_local = v.name == "local";
  if (!p.to && !is_local && !r["base_url"].present()) {
    c.problems.error(r.at(), r["base_url"].path(),
                     fmt::format("is missing: want an address such as https://host:port/v1 for type {}", v.name));
  }
  if (!p.to) return;
  p.proxy = build_proxy(r["proxy"], *p.to, c);
  if (!p.to->tls && p.to->host != "localhost" && !p.to->host.starts_with("127.") && p.to->host != "::1" && !p.api_keys.empty()) {
    c.problems.warn(r["base_url"].at(), r["base_url"].path(), "the key goes there unencrypted: want https");
  }
}

void read_tls(const reader& r, provider& p, build_context& c) {
  const reader ca = r["ca"];
  if (!ca.present() || ca.text().empty()) return;
  p.tls_ca = c.from.resolve(ca.text());
  if (const auto read = c.from.depend_on(p.tls_ca); !read) {
    c.problems.error(ca.at(), ca.path(), fmt::format("{} cannot be read: {}", p.tls_ca, read.error().message));
  }
}

void refuse_foreign_keys(const reader& r, const vendors::vendor& v, build_context& c) {
  const bool is_local = v.name == "local";
  const auto refuse = [&](std::string_view key, std::string_view why) {
    if (const reader at = r[key]; at.present()) c.problems.error(at.at(), at.path(), std::string(why));
  };
  if (!is_local) {
    for (const std::string_view key : local_keys) refuse(key, "is only for type: local");
  } else if (!r["base_url"].present()) {
    for (const std::string_view key : network_keys) refuse(key, "means nothing for a model on this machine, which is reached by a socket");
  } else {
    for (const std::string_view key : local_keys) {
      if (key != "model") refuse(key, "means nothing for a naru-worker on another machine, which has settings of its own");
    }
  }
}

/// What becomes of what it saw. A model on this machine keeps nothing and learns from nothing; of a vendor nothing is taken for granted:
/// it depends on the contract.
void read_data_use(const reader& r, provider& p) {
  if (p.type == "local" && !p.to) {
    p.retention = milliseconds{0};
    p.trains_on_data = routing::ability::no;
  }
  if (r["retention"].present()) p.retention = r["retention"].duration();
  if (const auto said = r["trains_on_data"].maybe_flag()) p.trains_on_data = *said ? routing::ability::yes : routing::ability::no;
}

void read_region(const reader& r, const vendors::vendor& v, provider& p, build_context& c) {
  p.region = said_or(r, v.region_variable, c);
  if (r.present() && !p.region.empty() && routing::country_of(p.region).empty()) {
    c.problems.warn(r.at(), r.path(),
                    fmt::format("nothing is known of the region {}: only a wish for this very name finds it", shown(*r.raw())));
  }
}

void read_timeouts(const reader& r, timeouts& t) {
  t.connect = r["connect"].duration();
  t.first_byte = r["first_byte"].duration();
  t.idle = r["idle"].duration();
  t.total = r["total"].duration();
}

const vendors::vendor* find_type(const std::string& name, const reader& r, build_context& c) {
  const reader type = r["type"];
  const std::string word = type.present() ? type.text() : name;
  const vendors::vendor* v = vendors::find_vendor(word);
  if (v == nullptr && !type.present()) {
    std::vector<std::string> known;
    for (const vendors::vendor& each : vendors::all_vendors()) known.emplace_back(each.name);
    c.problems.error(r.at(), type.path(),
                     fmt::format("is missing: want {}, because {} is no vendor's name{}", listed({known.begin(), known.end()}), name,
                                 did_you_mean(name, known)));
  }
  return v;
}

/// Providers that nobody named: `local`, and without a section every vendor with a usual variable.
void add_defaults(const reader& section, bool has_worker, build_context& c) {
  const auto add = [&](const std::string& name) {
    c.provider_names.push_back(name);
    if (auto p = build_provider(name, section.named(name), c)) c.out.providers.push_back(std::move(*p));
  };
  if (!c.providers_given) {
    for (const vendors::vendor& v : vendors::all_vendors()) {
      if (!v.key_variables.empty()) add(std::string(v.name));
    }
  }
  if (!has_worker && std::ranges::find(c.provider_names, "local") == c.provider_names.end()) add("local");
}

}  // namespace

std::optional<provider> build_provider(const std::string& name, const reader& r, build_context& c) {
  const vendors::vendor* v = find_type(name, r, c);
  if (v == nullptr) return std::nullopt;
  provider p;
  p.name = name;
  p.type = std::string(v->name);
  const auto given = read_label(r["clearance"], c.out.sensitivity.labels, c.problems);
  const label usual = p.type == "local" ? c.out.sensitivity.labels.highest() : c.out.sensitivity.labels.default_label();
  p.clearance = clearance{given.value_or(usual).rank};
  p.clearance_set = given.has_value();
  if (r.says("off")) {
    p.base_url = std::string(v->base_url);
    p.to = parse_url(p.base_url);
    if (p.type == "local") p.local.emplace();
    switch_off(p, "switched off in the settings");
    return p;
  }
  refuse_foreign_keys(r, *v, c);
  read_keys(r, *v, p, c);
  build_credentials(r, *v, p, c);
  read_region(r["region"], *v, p, c);
  read_address(r, *v, p, c);
  read_data_use(r, p);
  read_timeouts(r["timeouts"], p.timeouts);
  read_tls(r["tls"], p, c);
  if (r["price"].present()) p.price = read_price(r["price"], price_list::operators, c.problems);
  if (p.type == "local") build_local(r, p, c);
  return p;
}

void build_providers(const reader& root, build_context& c) {
  const reader section = root["providers"];
  c.providers_given = section.present();
  if (section.raw() != nullptr) {
    for (const entry& e : section.raw()->entries) {
      c.provider_names.push_back(e.key);
      c.provider_places.emplace(e.key, e.at);
      if (!is_provider_name(e.key)) {
        c.problems.error(e.at, join("providers", e.key),
                         "want a name of letters, digits, _, - and ., at most 64: it stands in provider/model");
      }
    }
  }
  bool has_worker = false;
  for (const auto& [name, r] : section.entries()) {
    auto p = build_provider(name, r, c);
    if (!p) continue;
    if (p->local && !p->local->remote && !r.says("off") && std::exchange(has_worker, true)) {
      c.problems.not_yet(c.provider_places.find(name)->second, r.path(), "a second embedded model on one machine");
      continue;
    }
    c.out.providers.push_back(std::move(*p));
  }
  if (c.provider_names.size() > 256)
    c.problems.error(section.at(), section.path(), fmt::format("want at most 256 providers, got {}", c.provider_names.size()));
  add_defaults(section, has_worker, c);
}

}  // namespace naru::config
