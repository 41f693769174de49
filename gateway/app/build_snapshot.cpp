#include "gateway/app/build_snapshot.hpp"

#include <algorithm>

#include "gateway/app/make_origin.hpp"
#include "gateway/app/make_signer.hpp"
#include "providers/dialects/registry.hpp"

namespace naru::app {
namespace {

const dialects::upstream_dialect& dialect_named(std::string_view name) {
  if (const auto* d = dialects::find_upstream(name)) return *d;
  throw std::logic_error("a vendor names a dialect that does not exist: " + std::string(name));
}

class builder {
 public:
  builder(const settings& from, lasting& state) : from_(from), state_(state), made_(std::make_shared<flow::snapshot>()) {}

  result<std::shared_ptr<const flow::snapshot>> build() {
    made_->labels = from_.sensitivity.labels;
    made_->labeller =
        std::make_unique<sensitivity::labeller>(from_.sensitivity.labels, from_.sensitivity.detectors, from_.sensitivity.more);
    made_->trust_label_header = from_.sensitivity.trust_header;
    made_->lenient = from_.lenient;
    made_->rules = routing::rule_book(from_.rules, from_.rule_headers);
    made_->attempts = from_.limits.attempts;
    made_->deadline = from_.limits.deadline;
    made_->hold_head = from_.stream.hold_head;
    made_->ping = from_.stream.ping;
    made_->breaker = from_.health.breaker;
    made_->overload = from_.overload;
    for (const auto& p : from_.providers) {
      if (auto added = add_provider(p); !added) return fail(std::move(added.error()));
    }
    for (const auto& d : from_.direct) made_->deployments.emplace(d.facts.id, make_deployment(d));
    for (const auto& m : from_.models) add_model(m);
    for (const auto& c : from_.callers) add_caller(c);
    return std::shared_ptr<const flow::snapshot>(std::move(made_));
  }

 private:
  result<void> add_provider(const config::provider& p) {
    auto made = std::make_shared<upstream::provider>();
    const vendors::vendor& v = *vendors::find_vendor(p.type);
    made->name = p.name;
    made->vendor = p.type;
    made->auth = v.auth;
    made->shape = v.shape;
    made->resource = p.resource;
    made->location = p.region;
    made->project = p.project;
    made->api_version = p.api_version;
    for (const auto& h : v.headers) made->headers.emplace_back(std::string(h.name), std::string(h.value));
    made->timeouts = {p.timeouts.connect, p.timeouts.first_byte, p.timeouts.idle, p.timeouts.total};
    std::vector<std::string> keys;
    keys.reserve(p.api_keys.size());
    for (const auto& key : p.api_keys) keys.emplace_back(key.reveal());
    made->keys = std::make_shared<upstream::key_ring>(std::move(keys));
    const bool supervised = p.local && !p.local->remote;
    if (supervised) made->worker = state_.worker;
    if (p.local && p.local->remote && !p.api_keys.empty()) made->auth = vendors::auth_style::bearer;  // naru-worker --token-file
    if (!p.off) {
      auto origin = make_origin(p, supervised ? state_.worker_socket : std::string{});
      if (!origin) return fail(std::move(origin.error()));
      made->origin = std::move(*origin);
      auto signs = make_signer(p);
      if (!signs) return fail(std::move(signs.error()));
      made->signs = std::move(*signs);
      if (p.bearer) made->auth = vendors::auth_style::bearer;
      // The older keys of Azure travel in a header of their own.
      if (!p.bearer && v.auth == vendors::auth_style::entra) made->auth = vendors::auth_style::api_key;
      made->base_path = p.to ? p.to->path : "/v1";
    }
    providers_.emplace(p.name, made);
    if (!p.off) made_->providers.emplace(p.name, flow::direct_template{fill(config::direct_deployment(from_, p, "*")), state_.passing});
    return {};
  }

  upstream::deployment fill(const config::deployment& from) {
    const config::provider& p = *from_.find_provider(from.provider);
    const vendors::vendor& v = *vendors::find_vendor(p.type);
    upstream::deployment d;
    d.facts = from.facts;
    d.provider = providers_.at(from.provider);
    using enum request_kind;
    for (const request_kind kind : {chat, embedding, image, token_count}) {
      const bool is_for = !from.kind || from.kind == kind || (kind == token_count && from.kind == chat);
      const std::string_view form = is_for ? vendors::dialect_of(v, from.model, kind) : std::string_view{};
      if (!form.empty()) d.forms[static_cast<std::size_t>(kind)] = &dialect_named(form);
    }
    if (from.kind.value_or(chat) == chat && !v.also.empty()) d.also = &dialect_named(v.also);
    d.model = from.model;
    d.constraints = from.constraints;
    d.usage_in_stream = v.usage_in_stream;
    d.max_tokens_field_only = v.max_tokens_field_only;
    d.off = p.off;
    d.off_reason = p.off_reason;
    return d;
  }

  std::shared_ptr<const upstream::deployment> make_deployment(const config::deployment& from) {
    upstream::deployment d = fill(from);
    d.live = state_.live.get(d.facts.id);
    return upstream::sealed(std::move(d));
  }

  void add_model(const config::model& m) {
    auto made = std::make_shared<flow::model>();
    made->name = m.name;
    made->strategy = m.strategy;
    made->require = m.require;
    made->tuning = m.tuning;
    made->base = m.label;
    made->expected_output = m.expected_output;
    made->hedge = m.hedge;
    if (m.hedge) made->hedge_budget = std::make_shared<resilience::hedge_budget>();
    for (const auto& d : m.deployments) {
      made->deployments.push_back(make_deployment(d));
      made_->deployments.emplace(d.facts.id, made->deployments.back());
    }
    for (const auto& alias : m.aliases) made_->models.emplace(alias, made);
    made_->models.emplace(m.name, std::move(made));
  }

  void add_caller(const config::caller& c) {
    auto made = std::make_shared<flow::caller>();
    made->name = c.name;
    made->team = c.team;
    made->user = c.user;
    made->base = c.label;
    made->models = c.models;
    if (c.concurrent) made->scopes.push_back(state_.scopes.get("key " + c.name, *c.concurrent));
    for (const auto& limit : from_.concurrency) {
      using enum config::concurrency_limit::scope;
      if (limit.of == team && limit.name == c.team) made->scopes.push_back(state_.scopes.get("team " + c.team, limit.concurrent));
      if (limit.of == user && limit.name == c.user) made->scopes.push_back(state_.scopes.get("user " + c.user, limit.concurrent));
      if (limit.of == key && limit.name == c.name && !c.concurrent)
        made->scopes.push_back(state_.scopes.get("key " + c.name, limit.concurrent));
    }
    made_->callers.add(c.key_sha256, std::move(made));
  }

  const settings& from_;
  lasting& state_;
  std::shared_ptr<flow::snapshot> made_;
  std::map<std::string, std::shared_ptr<const upstream::provider>, std::less<>> providers_;
};

}  // namespace

result<std::shared_ptr<const flow::snapshot>> build_snapshot(const settings& from, lasting& state) { return builder(from, state).build(); }

}  // namespace naru::app
