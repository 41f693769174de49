#include "gateway/flow/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/json/writer.hpp"
#include "gateway/flow/steps.hpp"

namespace naru::flow {
namespace {

/// The one setting that keeps this request from this deployment: its own clearance, which is its provider's unless it has one.
std::string remedy(const upstream::deployment& d, const model& m, const label_scheme& labels, naru::label asked) {
  const std::string_view word = labels.name(asked);
  return fmt::format("set `clearance: {}` on {} under models.{}.deployments, or providers.{}.clearance where it has none of its own", word,
                     d.facts.id, m.name, d.provider->name);
}

std::vector<explanation::candidate> list_candidates(const snapshot& s, const model& m, const routing::plan& plan, naru::label asked,
                                                    steady_time now) {
  std::vector<explanation::candidate> out;
  for (std::size_t i = 0; i < m.deployments.size(); ++i) {
    const upstream::deployment& d = *m.deployments[i];
    const routing::judgement& j = plan.judgements[i];
    explanation::candidate c;
    c.deployment = d.facts.id;
    c.provider = d.provider->name;
    c.verdict = routing::to_string(j.verdict);
    c.why = routing::describe(j, s.labels, now);
    c.clearance = s.labels.name(d.facts.clearance);
    c.quality = d.facts.quality;
    if (j.verdict == routing::verdict::not_cleared) c.to_allow = remedy(d, m, s.labels, asked);
    c.predicted = j.predicted;
    c.first_token = j.first_token;
    c.total = j.total;
    c.measured = j.measured;
    const auto at = std::find(plan.order.begin(), plan.order.end(), i);
    c.allowed = at != plan.order.end();
    if (c.allowed) c.position = static_cast<std::uint32_t>(at - plan.order.begin()) + 1;
    out.push_back(std::move(c));
  }
  return out;
}

std::string time_text(const explanation::candidate& c) {
  return fmt::format("{:.2f} + {:.2f} s{}", c.first_token, c.total - c.first_token, c.measured ? "" : " (prior)");
}

std::string cost_text(const pricing::charge& c) {
  if (!c.known) return "unknown: " + std::string(c.why_unknown);
  return "$" + to_usd_string(c.amount);
}

}  // namespace

result<explanation> explain(const snapshot& s, const explain_input& in, const dialects::client_dialect& dialect) {
  const auto document = json::document::parse(in.body);
  if (!document) return fail(document.error());
  auto chat = dialect.read_request(*document, {.model = in.model});
  if (!chat) return fail(chat.error());
  chat->form = dialect.name();
  const auto m = find_allowed_model(s, in.who.get(), chat->model);
  if (!m) return fail(m.error());
  const auto judged = judge(s, in.who.get(), **m, in.label_header, document->root());
  const choice chosen = choose(s, {.chat = *chat,
                                   .asked = *m,
                                   .who = in.who.get(),
                                   .headers = in.headers,
                                   .label = judged.label,
                                   .seed = in.seed,
                                   .now = in.now,
                                   .wall_now = in.wall_now,
                                   .api = in.api});

  explanation e;
  e.model = (*m)->name;
  e.planned_model = chosen.model->name;
  e.strategy = routing::to_string(chosen.model->strategy);
  if (chosen.acted != nullptr) e.rule = chosen.acted->name;
  e.language = chosen.language.value_or(std::string_view{});
  e.explored = chosen.plan.explored;
  e.label = s.labels.name(judged.label);
  e.label_set_by = judged.set_by;
  e.label_failure = judged.why_failed;
  e.hits = judged.hits;
  e.input = chosen.demand.input;
  e.input_upper = chosen.demand.input_upper;
  e.output = chosen.demand.expected_output;
  e.candidates = list_candidates(s, *chosen.model, chosen.plan, judged.label, in.now);
  e.refusal = chosen.plan.refusal;
  if (e.refusal && e.refusal->code == error_code::unsupported_field)
    e.refusal->field = dialect.place_in(*chat, *document, e.refusal->field);
  return e;
}

std::string to_json(const explanation& e, const label_scheme& labels) {
  std::string out;
  json::writer w(out);
  w.begin_object().field("model", e.model).field("planned_model", e.planned_model).field("strategy", e.strategy).key("rule");
  if (e.rule.empty())
    w.null();
  else
    w.string(e.rule);
  if (!e.language.empty()) w.field("language", e.language);
  w.field("explored", e.explored);
  w.key("label").begin_object().field("value", e.label).field("set_by", e.label_set_by);
  if (!e.label_failure.empty()) w.field("failure", e.label_failure);
  w.key("hits").begin_array();
  for (const auto& h : e.hits) {
    w.begin_object().field("detector", h.detector).field("place", h.place).field("raises_to", labels.name(h.raises_to)).end_object();
  }
  w.end_array().end_object();
  w.key("tokens")
      .begin_object()
      .field("input", e.input.value)
      .field("input_upper", e.input_upper.value)
      .field("output", e.output.value)
      .end_object();
  w.key("candidates").begin_array();
  for (const auto& c : e.candidates) {
    w.begin_object().field("deployment", c.deployment).field("provider", c.provider).field("allowed", c.allowed);
    if (c.allowed) w.field("position", c.position);
    w.field("verdict", c.verdict).field("why", c.why);
    if (!c.to_allow.empty()) w.field("to_allow", c.to_allow);
    w.field("clearance", c.clearance).field("quality", static_cast<double>(c.quality) / 1000.0);
    w.key("predicted_cost_nano_usd");
    if (c.predicted.known)
      w.number(c.predicted.amount.value);
    else
      w.null();
    w.key("predicted_cost_usd");
    if (c.predicted.known)
      w.string(to_usd_string(c.predicted.amount));
    else
      w.null();
    if (!c.predicted.known) w.field("cost_unknown_because", c.predicted.why_unknown);
    w.field("predicted_first_token_ms", std::round(static_cast<double>(c.first_token) * 1000))
        .field("predicted_total_ms", std::round(static_cast<double>(c.total) * 1000))
        .field("measured", c.measured);
    w.end_object();
  }
  w.end_array().key("refusal");
  if (e.refusal) {
    w.begin_object()
        .field("status", http_status(e.refusal->code))
        .field("code", to_string(e.refusal->code))
        .field("message", e.refusal->message);
    if (!e.refusal->field.empty()) w.field("field", e.refusal->field);
    w.end_object();
  } else {
    w.null();
  }
  w.end_object();
  return out;
}

std::string to_text(const explanation& e, const label_scheme& labels) {
  std::string out = fmt::format("model     {} ({}{})\nlabel     {} (set by {})\n", e.model,
                                e.planned_model == e.model ? "" : e.planned_model + " in its place, ", e.strategy, e.label, e.label_set_by);
  if (!e.label_failure.empty()) out += fmt::format("          {}\n", e.label_failure);
  if (!e.rule.empty()) out += fmt::format("rule      {}\n", e.rule);
  if (!e.language.empty()) out += fmt::format("language  {}\n", e.language);
  if (e.explored) out += "first     there to be measured: its figures are the oldest\n";
  for (const auto& h : e.hits) out += fmt::format("          {} at {} raises to {}\n", h.detector, h.place, labels.name(h.raises_to));
  out += fmt::format("tokens    about {} in (at most {}), {} out\n\n", e.input.value, e.input_upper.value, e.output.value);
  std::size_t width = 10;
  for (const auto& c : e.candidates) width = std::max(width, c.deployment.size());
  out += fmt::format("{:>3}  {:<{}}  {:<12}  {:>7}  {:<22}  {:<22}  {}\n", "try", "deployment", width, "clearance", "quality",
                     "predicted cost", "first token + rest", "why");
  for (const auto& c : e.candidates) {
    const std::string position = c.allowed ? std::to_string(c.position) : "-";
    out += fmt::format("{:>3}  {:<{}}  {:<12}  {:>7.2f}  {:<22}  {:<22}  {}\n", position, c.deployment, width, c.clearance,
                       static_cast<double>(c.quality) / 1000.0, cost_text(c.predicted), time_text(c), c.why);
  }
  for (const auto& c : e.candidates) {
    if (!c.to_allow.empty()) out += fmt::format("\nto let {} have it: {}\n", c.deployment, c.to_allow);
  }
  if (e.refusal) out += fmt::format("\nrefused with {}: {}\n", http_status(e.refusal->code), e.refusal->message);
  return out;
}

}  // namespace naru::flow
