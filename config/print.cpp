#include <fmt/format.h>

#include <array>

#include "config/load.hpp"
#include "config/sources.hpp"
#include "core/json/writer.hpp"

/// The settings as JSON, for people: durations in milliseconds, money in USD, secrets as ***.
namespace naru::config {
namespace {

using json::writer;

void write(writer& w, const listener& l) {
  w.begin_object().field("address", l.address()).field("loopback", l.loopback);
  if (l.tls) w.key("tls").begin_object().field("certificate", l.tls->certificate).field("key", l.tls->key).end_object();
  w.end_object();
}

void write_rate(writer& w, std::string_view key, const pricing::rate& r) {
  if (r.known())
    w.field(key, to_usd_per_million_string(r.per_unit));
  else if (r.is == pricing::rate::state::not_applicable)
    w.field(key, "none");
}

void write(writer& w, const pricing::rates& r) {
  write_rate(w, "input", r.input);
  write_rate(w, "output", r.output);
  write_rate(w, "cached_input", r.cached_input);
  write_rate(w, "cache_write", r.cache_write);
  write_rate(w, "cache_write_long", r.cache_write_long);
  write_rate(w, "reasoning", r.reasoning);
}

void write(writer& w, const pricing::price& p) {
  if (p.free) {
    w.string("free");
    return;
  }
  w.begin_object();
  write(w, p.tariff.rates);
  w.key("tiers").begin_array();
  for (const pricing::tier& t : p.tariff.tiers) {
    w.begin_object().field("above_prompt_tokens", t.above_prompt.value);
    write(w, t.rates);
    w.end_object();
  }
  w.end_array().field("confidence", pricing::to_string(p.confidence)).end_object();
}

void write(writer& w, const deployment& d, const label_scheme& labels) {
  w.begin_object().field("id", d.facts.id).field("clearance", labels.name(d.facts.clearance)).field("region", d.facts.region);
  w.field("weight", d.facts.weight).field("quality", static_cast<double>(d.facts.quality) / 1000).field("in_catalogue", d.in_catalogue);
  w.key("price");
  write(w, d.facts.price);
  w.end_object();
}

void write(writer& w, const local_model& l) {
  w.begin_object().field("model", l.model).field("sequences", l.sequences).field("context", l.context).field("threads", l.threads);
  w.field("queue", l.queue).field("max_tokens", l.max_tokens).field("chat_template", l.chat_template).field("socket", l.socket);
  w.field("program", l.program).field("nice", l.nice).field("remote", l.remote).end_object();
}

void write(writer& w, const provider& p, const label_scheme& labels) {
  w.begin_object().field("name", p.name).field("type", p.type).field("base_url", p.base_url);
  w.key("api_keys").begin_array();
  for (const secret& key : p.api_keys) w.string(key.printed());
  w.end_array().field("clearance", labels.name(p.clearance)).field("region", p.region);
  if (p.proxy) {
    const std::string_view user = p.proxy->credentials ? "***@" : "";
    w.field("proxy", fmt::format("http://{}{}:{}", user, p.proxy->host, p.proxy->port)).field("proxy_from", p.proxy->source);
  }
  w.key("timeouts_ms").begin_object().field("connect", p.timeouts.connect.count()).field("first_byte", p.timeouts.first_byte.count());
  w.field("idle", p.timeouts.idle.count()).field("total", p.timeouts.total.count()).end_object();
  w.field("tls_ca", p.tls_ca);
  if (p.price) {
    w.key("price");
    write(w, *p.price);
  }
  if (p.local) {
    w.key("local");
    write(w, *p.local);
  }
  w.field("off", p.off).field("off_reason", p.off_reason).end_object();
}

double share(std::uint32_t thousandths) noexcept { return static_cast<double>(thousandths) / 1000; }

void write(writer& w, const routing::requirements& r) {
  w.begin_object();
  if (r.max_cost) w.field("max_cost_usd", to_usd_string(*r.max_cost));
  if (r.max_latency) w.field("max_latency_ms", r.max_latency->count());
  if (r.min_quality > 0) w.field("quality", share(r.min_quality));
  if (r.retention) w.field("retention_ms", r.retention->count());
  if (r.no_training) w.field("trains_on_data", false);
  w.key("regions").begin_array();
  for (const std::string& region : r.regions) w.string(region);
  w.end_array().end_object();
}

void write_names(writer& w, std::string_view key, const std::vector<std::string>& names) {
  if (names.empty()) return;
  w.key(key).begin_array();
  for (const std::string& name : names) w.string(name);
  w.end_array();
}

void write(writer& w, const routing::rule& r) {
  w.begin_object().field("name", r.name);
  write_names(w, "teams", r.when.teams);
  write_names(w, "keys", r.when.keys);
  write_names(w, "users", r.when.users);
  write_names(w, "asked_models", r.when.models);
  write_names(w, "languages", r.when.languages);
  write_names(w, "prefer", r.prefer);
  write_names(w, "deny", r.deny);
  if (!r.use.empty()) w.field("use", r.use);
  w.key("require");
  write(w, r.require);
  w.end_object();
}

void write(writer& w, const model& m, const label_scheme& labels) {
  w.begin_object().field("name", m.name).field("strategy", routing::to_string(m.strategy));
  w.key("aliases").begin_array();
  for (const std::string& alias : m.aliases) w.string(alias);
  w.end_array();
  if (m.label) w.field("label", labels.name(*m.label));
  const auto& b = m.tuning.balance;
  w.key("balance")
      .begin_object()
      .field("cost", share(b.cost))
      .field("latency", share(b.latency))
      .field("quality", share(b.quality))
      .end_object();
  w.field("explore", share(m.tuning.explore)).key("require");
  write(w, m.require);
  if (m.hedge) {
    w.key("hedge").begin_object();
    if (m.hedge->after)
      w.field("after_ms", m.hedge->after->count());
    else
      w.field("after", "p95");
    w.field("share_milli", m.hedge->share_milli).end_object();
  }
  if (m.expected_output) w.field("expected_output_tokens", m.expected_output->value);
  w.key("deployments").begin_array();
  for (const deployment& d : m.deployments) write(w, d, labels);
  w.end_array().end_object();
}

void write(writer& w, const caller& c, const label_scheme& labels) {
  const std::string hash = to_hex({reinterpret_cast<const char*>(c.key_sha256.data()), 4});
  w.begin_object().field("name", c.name).field("key_sha256", hash + "...").field("team", c.team).field("user", c.user);
  w.key("models").begin_array();
  for (const std::string& name : c.models) w.string(name);
  w.end_array();
  if (c.label) w.field("label", labels.name(*c.label));
  if (c.concurrent) w.field("concurrent", *c.concurrent);
  w.end_object();
}

void write(writer& w, const limits& l) {
  w.begin_object().field("head_bytes", l.head).field("body_bytes", l.body).field("head_time_ms", l.head_time.count());
  w.field("body_time_ms", l.body_time.count()).field("idle_time_ms", l.idle_time.count()).field("connections", l.connections);
  w.field("attempts", l.attempts).field("deadline_ms", l.deadline.count()).end_object();
}

void write(writer& w, const resilience::breaker_settings& b) {
  w.begin_object().field("window_ms", b.window.count()).field("least_calls", b.minimum_calls).field("share_milli", b.error_share_milli);
  w.field("slow_call_ms", b.slow_call.count()).field("slow_share_milli", b.slow_share_milli).field("cooldown_ms", b.open_for.count());
  w.field("cooldown_max_ms", b.open_max.count()).field("probes", b.probes).end_object();
}

void write(writer& w, const resilience::overload_settings& o) {
  w.begin_object().field("requests", o.requests).field("lag_ms", o.lag.count()).field("retry_after_ms", o.retry_after.count()).end_object();
}

void write(writer& w, const sensitivity& s) {
  w.begin_object().key("labels").begin_array();
  for (const std::string& name : s.labels.names()) w.string(name);
  w.end_array().field("default", s.labels.name(s.labels.default_label())).field("trust_header", s.trust_header);
  w.key("detectors").begin_object();
  for (const auto& d : s.detectors) w.field(d.detector, s.labels.name(d.raises_to));
  w.end_object();
  w.field("opaque", s.more.opaque ? s.labels.name(*s.more.opaque) : std::string_view("inherit")).field("budget_bytes", s.more.budget);
  w.key("custom").begin_array();
  for (const auto& c : s.more.custom) {
    w.begin_object().field("name", c.name).field("pattern", c.pattern).field("label", s.labels.name(c.raises_to)).end_object();
  }
  w.end_array().end_object();
}

void write(writer& w, const concurrency_limit& l) {
  constexpr std::array<std::string_view, 3> words{"team", "key", "user"};
  w.begin_object().field(words[static_cast<std::size_t>(l.of)], l.name).field("concurrent", l.concurrent).end_object();
}

template <class T, class... More>
void write_all(writer& w, std::string_view key, const std::vector<T>& list, const More&... more) {
  w.key(key).begin_array();
  for (const T& each : list) write(w, each, more...);
  w.end_array();
}

}  // namespace

std::string print_redacted(const settings& s) {
  constexpr std::array<std::string_view, 5> levels{"trace", "debug", "info", "warn", "error"};
  const label_scheme& labels = s.sensitivity.labels;
  std::string out;
  writer w(out);
  w.begin_object();
  write_all(w, "traffic", s.traffic);
  w.key("admin");
  write(w, s.admin.at);
  w.field("admin_token", s.admin.token ? s.admin.token->printed() : std::string_view{}).field("shards", s.shards);
  w.key("limits");
  write(w, s.limits);
  w.key("breaker");
  write(w, s.health.breaker);
  w.key("overload");
  write(w, s.overload);
  write_all(w, "providers", s.providers, labels);
  write_all(w, "models", s.models, labels);
  w.key("sensitivity");
  write(w, s.sensitivity);
  write_all(w, "callers", s.callers, labels);
  write_all(w, "rates", s.concurrency);
  write_all(w, "rules", s.rules);
  w.key("log").begin_object().field("access", s.log.access).field("level", levels[static_cast<std::size_t>(s.log.level)]).end_object();
  w.key("stream").begin_object().field("hold_head_ms", s.stream.hold_head.count()).field("ping_ms", s.stream.ping.count()).end_object();
  w.key("shutdown").begin_object().field("delay_ms", s.shutdown.delay.count()).field("cap_ms", s.shutdown.cap.count()).end_object();
  w.end_object();
  return out;
}

}  // namespace naru::config
