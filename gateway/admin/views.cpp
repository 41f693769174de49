#include "gateway/admin/views.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "core/json/writer.hpp"

namespace naru::admin {
namespace {

/// The wire form that it is asked in: of chats, else of what else it is for.
std::string_view form_name(const upstream::deployment& d) noexcept {
  for (const auto* form : d.forms) {
    if (form != nullptr) return form->name();
  }
  return "none";
}

std::string rfc3339(wall_time t) { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(t))); }

void write_problems(json::writer& w, const std::vector<config::problem>& problems) {
  w.begin_array();
  for (const auto& p : problems) {
    w.begin_object()
        .field("field", p.path)
        .field("file", p.file)
        .field("line", p.line)
        .field("column", p.column)
        .field("message", p.message);
    w.field("not_yet", p.not_yet).end_object();
  }
  w.end_array();
}

std::string_view word(routing::ability a) noexcept {
  switch (a) {
    case routing::ability::yes: return "yes";
    case routing::ability::no: return "no";
    case routing::ability::unknown: break;
  }
  return "unknown";
}

void write_rate(json::writer& w, std::string_view name, const pricing::rate& r) {
  w.key(name);
  switch (r.is) {
    case pricing::rate::state::known: w.string(to_usd_per_million_string(r.per_unit)); break;
    case pricing::rate::state::unknown: w.string("unknown"); break;
    case pricing::rate::state::not_applicable: w.null(); break;
  }
}

void write_price(json::writer& w, const pricing::price& p, wall_time at) {
  w.begin_object().field("free", p.free);
  write_rate(w, "input_usd_per_million", p.tariff.rates.input);
  write_rate(w, "output_usd_per_million", p.tariff.rates.output);
  write_rate(w, "cached_input_usd_per_million", p.tariff.rates.cached_input);
  write_rate(w, "cache_write_usd_per_million", p.tariff.rates.cache_write);
  w.field("confidence", pricing::to_string(p.confidence)).key("dearest_usd_per_million");
  if (const auto dearest = pricing::dearest_per_million(p, at))
    w.string(to_usd_per_million_string(*dearest));
  else
    w.null();
  w.end_object();
}

void write_abilities(json::writer& w, const routing::capabilities& can) {
  w.begin_object()
      .field("tools", word(can.tools))
      .field("vision", word(can.vision))
      .field("audio", word(can.audio))
      .field("json_schema", word(can.json_schema))
      .field("logprobs", word(can.logprobs));
  w.key("context");
  if (can.context)
    w.number(can.context->value);
  else
    w.null();
  w.key("max_output");
  if (can.max_output)
    w.number(can.max_output->value);
  else
    w.null();
  w.end_object();
}

/// What `fastest`, `balanced` and max_latency go by, for each size of the prompt that has been measured.
void write_pace(json::writer& w, const upstream::figures& measured, steady_time at) {
  constexpr std::array<std::string_view, routing::size_classes> words{"small", "medium", "large", "huge"};
  w.key("pace").begin_array();
  for (std::size_t i = 0; i < words.size(); ++i) {
    const routing::pace pace = measured.pace(static_cast<routing::size_class>(i));
    if (pace.first_token.evidence <= 0) continue;
    w.begin_object()
        .field("prompt", words[i])
        .field("first_token_ms", std::round(static_cast<double>(pace.first_token.value) * 1000))
        .field("per_token_ms", std::round(static_cast<double>(pace.per_token.value) * 10'000) / 10)
        .field("age_s", std::chrono::duration_cast<std::chrono::seconds>(at - pace.at).count())
        .end_object();
  }
  const routing::room room = measured.room();
  w.end_array().key("limits_left");
  if (at < room.until)
    w.number(std::round(static_cast<double>(room.left) * 1000) / 1000);
  else
    w.null();
}

/// On, or off with the reason: by the settings, by an operator, by the worker, by health.
void write_standing(json::writer& w, const upstream::deployment& d, steady_time at) {
  const auto health = d.live->view(at);
  std::string off = d.off ? d.off_reason : std::string{};
  if (!d.off && d.provider->worker && !d.provider->worker->ready()) off = "the local worker: " + d.provider->worker->reason();
  w.field("on", off.empty()).key("off_reason");
  if (off.empty())
    w.null();
  else
    w.string(off);
  w.field("draining", d.live->draining()).field("state", resilience::to_string(health.is));
  w.key("frees_in_ms");
  if (health.is == resilience::standing::up)
    w.null();
  else
    w.number(deadline(health.until).left(at).count());
  w.field("in_flight", d.live->in_flight());
}

}  // namespace

std::string version_view() {
  std::string out;
  json::writer(out).begin_object().field("name", "naru").field("version", NARU_VERSION).field("compiler", __VERSION__).end_object();
  return out;
}

std::string config_view(const settings& s, const reload_state& r) {
  std::string out;
  json::writer w(out);
  w.begin_object().key("path");
  if (r.path.empty())
    w.null();
  else
    w.string(r.path);
  w.field("hash", r.hash).field("last_reload_at", rfc3339(r.at)).key("problems");
  write_problems(w, r.problems);
  w.key("warnings");
  write_problems(w, r.warnings);
  w.key("settings").raw(config::print_redacted(s)).end_object();
  return out;
}

std::string check_view(const config::loaded& draft) {
  std::string out;
  json::writer w(out);
  w.begin_object().field("ok", draft.ok()).key("problems");
  write_problems(w, draft.errors);
  w.key("warnings");
  write_problems(w, draft.warnings);
  w.end_object();
  return out;
}

std::string providers_view(const settings& s, const flow::snapshot& now, steady_time at) {
  std::string out;
  json::writer w(out);
  w.begin_object().key("items").begin_array();
  for (const auto& p : s.providers) {
    std::uint64_t known = 0, up = 0;
    for (const auto& [id, d] : now.deployments) {
      if (d->provider->name != p.name) continue;
      ++known;
      up += !d->off && d->live->view(at).is == resilience::standing::up ? 1 : 0;
    }
    w.begin_object().field("name", p.name).field("type", p.type).field("on", !p.off).key("off_reason");
    if (p.off)
      w.string(p.off_reason);
    else
      w.null();
    w.field("base_url", p.base_url)
        .field("keys", p.api_keys.size())
        .field("clearance", s.sensitivity.labels.name(p.clearance))
        .field("region", p.region);
    w.field("deployments", known).field("deployments_up", up).end_object();
  }
  w.end_array().key("next").null().end_object();
  return out;
}

std::string deployments_view(const flow::snapshot& now, steady_time at, wall_time wall) {
  std::string out;
  json::writer w(out);
  w.begin_object().key("items").begin_array();
  for (const auto& [id, d] : now.deployments) {
    w.begin_object().field("id", id).field("provider", d->provider->name).field("model", d->model).field("dialect", form_name(*d));
    write_standing(w, *d, at);
    w.field("clearance", now.labels.name(d->facts.clearance)).field("region", d->facts.region);
    w.field("quality", static_cast<double>(d->facts.quality) / 1000.0).key("capabilities");
    write_abilities(w, d->facts.can);
    w.key("price");
    write_price(w, d->facts.price, wall);
    write_pace(w, d->live->figures(), at);
    w.end_object();
  }
  w.end_array().key("next").null().end_object();
  return out;
}

std::string models_view(const flow::snapshot& now) {
  std::string out;
  json::writer w(out);
  w.begin_object().key("items").begin_array();
  for (const auto& [name, m] : now.models) {
    if (name != m->name) continue;  // an alias: listed with its model
    w.begin_object().field("name", name).field("strategy", routing::to_string(m->strategy)).key("aliases").begin_array();
    for (const auto& [alias, other] : now.models) {
      if (other == m && alias != name) w.string(alias);
    }
    w.end_array().key("deployments").begin_array();
    for (const auto& d : m->deployments) w.string(d->facts.id);
    w.end_array().key("label");
    if (m->base)
      w.string(now.labels.name(*m->base));
    else
      w.null();
    w.end_object();
  }
  w.end_array().key("next").null().end_object();
  return out;
}

std::string error_view(const error& e) {
  std::string out;
  json::writer w(out);
  w.begin_object().key("error").begin_object();
  w.field("code", e.reason.empty() ? to_string(e.code) : std::string_view(e.reason)).field("message", e.message).key("field");
  if (e.field.empty())
    w.null();
  else
    w.string(e.field);
  w.end_object().end_object();
  return out;
}

}  // namespace naru::admin
