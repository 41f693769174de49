#include <algorithm>

#include "gateway/flow/steps.hpp"
#include "gateway/net/http/syntax.hpp"
#include "policies/pricing/media_estimate.hpp"
#include "policies/routing/language.hpp"

namespace naru::flow {
namespace {

struct text_sum {
  pricing::text_bytes& sum;
  pricing::token_estimate& media;
  bool& images;
  bool& audio;
  void operator()(const text_part& p) const { sum += pricing::count_bytes(p.text); }
  void operator()(const refusal_part& p) const { sum += pricing::count_bytes(p.text); }
  void operator()(const image_part& p) const { images = true, media += pricing::estimate_image(p.detail == "low"); }
  void operator()(const audio_part& p) const { audio = true, media += pricing::estimate_audio(p.data.size(), p.format); }
  void operator()(const file_part& p) const { media += pricing::estimate_file(p.data.size(), p.media_type); }
  void operator()(const reasoning_part& p) const { sum += pricing::count_bytes(p.text); }
};

struct walked {
  pricing::text_bytes text;
  pricing::token_estimate media;
  bool images = false;
  bool audio = false;
};

walked walk(const chat_request& chat) {
  walked w;
  const text_sum add{w.text, w.media, w.images, w.audio};
  for (const message& m : chat.messages) {
    for (const part& p : m.parts) std::visit(add, p);
    for (const tool_call& c : m.calls) {
      w.text += pricing::count_bytes(c.name);
      w.text += pricing::count_bytes(c.arguments);
    }
  }
  for (const tool& t : chat.tools) {
    w.text += pricing::count_bytes(t.name);
    w.text += pricing::count_bytes(t.description);
    if (t.parameters) w.text += pricing::count_bytes(json::to_text(*t.parameters));
  }
  if (chat.response_format.schema) w.text += pricing::count_bytes(json::to_text(*chat.response_format.schema));
  return w;
}

/// How long an answer the model usually gives, at most what was asked for.
void expect_output(routing::demand& d, const model& m) {
  d.expected_output = m.expected_output.value_or(routing::demand{}.expected_output);
  if (d.max_output) d.expected_output = std::min(d.expected_output, *d.max_output);
}

routing::candidate as_candidate(const upstream::deployment& d, routing::size_class size, steady_time now) {
  routing::candidate c;
  c.facts = &d.facts;
  c.health = d.live->view(now);
  c.off = d.off;
  c.off_reason = d.off_reason;
  if (d.provider && d.provider->worker && !d.provider->worker->ready()) {
    c.off = true;
    c.off_reason = "the local worker is not ready";
  }
  c.draining = d.live->draining();
  c.in_flight = d.live->in_flight();
  c.pace = d.live->figures().pace(size);
  c.room = d.live->figures().room();
  return c;
}

}  // namespace

routing::demand make_demand(const chat_request& chat, const model& m, naru::label l) {
  const walked w = walk(chat);
  auto input = pricing::estimate_tokens(w.text, chat.messages.size());
  input += w.media;
  routing::demand d;
  d.label = l;
  d.tools = !chat.tools.empty();
  d.images = w.images;
  d.audio = w.audio;
  d.json_schema = chat.response_format.what == response_format::kind::json_schema;
  d.choices = static_cast<std::uint32_t>(std::min<std::uint64_t>(chat.n.value_or(1), 1024));
  d.logprobs = chat.logprobs.value_or(false);
  d.input = input.expected;
  d.input_upper = input.upper;
  if (chat.max_output_tokens) d.max_output = tokens{*chat.max_output_tokens};
  expect_output(d, m);
  return d;
}

namespace {

/// The text of the last user message, as far as a language is looked for: of its first part that is text.
std::string_view last_said(const chat_request& chat) noexcept {
  for (auto m = chat.messages.rbegin(); m != chat.messages.rend(); ++m) {
    if (m->role != role::user) continue;
    for (const part& p : m->parts) {
      if (const auto* text = std::get_if<text_part>(&p); text != nullptr && !text->text.empty()) return text->text;
    }
  }
  return {};
}

/// The value of a header; of several lines the first, as a rule compares one value.
std::string_view header_value(std::span<const net::header> headers, std::string_view name) noexcept {
  const auto at = std::ranges::find_if(headers, [&](const net::header& h) { return net::http::same_text(h.name, name); });
  return at == headers.end() ? std::string_view{} : at->value;
}

void apply_rules(const snapshot& s, const routed_request& r, choice& made) {
  if (s.rules.rules().empty()) return;
  routing::few<std::string_view> headers;
  for (const std::string& name : s.rules.header_names()) headers.push_back(header_value(r.headers, name));
  routing::traits t;
  if (r.who != nullptr) {
    t.team = r.who->team;
    t.key = r.who->name;
    t.user = r.who->user;
  }
  t.model = r.asked->name;
  t.api = r.api;
  t.label = r.label;
  t.input = made.demand.input;
  t.at = r.wall_now;
  t.headers = headers;
  auto found = s.rules.find(t);
  if (found.wants_language) {
    made.language = t.language = routing::language_of(last_said(r.chat));
    found = s.rules.find(t);
  }
  made.acted = found.acted;
  if (made.acted == nullptr || made.acted->use.empty()) return;
  made.model = s.find_model(made.acted->use);
  if (made.model == nullptr) {
    // A name that nobody configured, of a provider that is off. What the rule leads away from must not answer in its place.
    static const auto nobody = std::make_shared<const model>();
    made.model = nobody;
  }
}

}  // namespace

namespace {

/// The field that keeps a deployment from having the request. Under `translation: lenient` it is left out instead, where that helps.
std::optional<std::string> cannot_carry(const snapshot& s, const chat_request& chat, const upstream::deployment& d, std::size_t index,
                                        choice& made) {
  auto how = speak(d, chat);
  made.forms[index] = how.form;
  if (how.form == nullptr) return "model";
  if (!how.obstacle) return std::nullopt;
  if (s.lenient) {
    if (auto less = trim(d, chat)) {
      made.forms[index] = less->form;
      made.lessened.emplace_back(index, std::move(*less));
      return std::nullopt;
    }
  }
  return how.obstacle->field.empty() ? std::move(how.obstacle->message) : std::move(how.obstacle->field);
}

}  // namespace

choice choose(const snapshot& s, const routed_request& r) {
  choice made;
  made.model = r.asked;
  made.demand = make_demand(r.chat, *made.model, r.label);
  apply_rules(s, r, made);
  const model& m = *made.model;
  if (made.model != r.asked) expect_output(made.demand, m);
  const routing::size_class size = routing::size_class_of(made.demand.input);
  routing::few<routing::candidate> candidates;
  candidates.reserve(m.deployments.size());
  made.forms.assign(m.deployments.size(), nullptr);
  for (const auto& each : m.deployments) {
    const upstream::deployment& d = *each;
    routing::candidate& c = candidates.emplace_back(as_candidate(d, size, r.now));
    if (d.off) continue;
    if (auto why = cannot_carry(s, r.chat, d, candidates.size() - 1, made)) {
      made.fields.push_front(std::move(*why));
      c.cannot_carry = made.fields.front();
    }
  }
  made.plan = routing::make_plan({.candidates = candidates,
                                  .demand = made.demand,
                                  .require = m.require,
                                  .strategy = m.strategy,
                                  .labels = s.labels,
                                  .seed = r.seed,
                                  .now = r.now,
                                  .wall_now = r.wall_now,
                                  .tuning = m.tuning,
                                  .acted = made.acted});
  return made;
}

result<void> plan(exchange& x) {
  x.chosen = choose(*x.settings, {.chat = x.chat,
                                  .asked = x.model,
                                  .who = x.caller.get(),
                                  .headers = x.request->headers,
                                  .label = x.judged.label,
                                  .seed = x.shared.next_turn(),
                                  .now = x.now(),
                                  .wall_now = x.shared.shard.time().wall_now(),
                                  .api = x.came.api});
  x.model = x.chosen.model;
  x.record.strategy = routing::to_string(x.model->strategy);
  if (x.chosen.acted != nullptr) {
    x.record.rule = x.chosen.acted->name;
    x.reply->set_header("x-naru-rule", x.record.rule);
  }
  const routing::plan& made = x.chosen.plan;
  if (made.refusal) {
    error e = *made.refusal;
    if (e.code == error_code::unsupported_field) e.field = x.dialect.place_in(x.chat, x.document, e.field);
    if (made.frees_at && !e.retry_after) e.retry_after = deadline(*made.frees_at).left(x.now());
    return fail(std::move(e));
  }
  return {};
}

}  // namespace naru::flow
