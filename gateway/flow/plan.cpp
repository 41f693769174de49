#include <algorithm>

#include "gateway/flow/steps.hpp"
#include "policies/pricing/media_estimate.hpp"

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

routing::candidate as_candidate(const upstream::deployment& d, std::string_view cannot_carry, steady_time now) {
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
  c.cannot_carry = cannot_carry;
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
  if (m.expected_output) d.expected_output = *m.expected_output;
  if (chat.max_output_tokens) {
    d.max_output = tokens{*chat.max_output_tokens};
    d.expected_output = std::min(d.expected_output, *d.max_output);
  }
  return d;
}

choice choose(const snapshot& s, const model& m, const chat_request& chat, naru::label l, std::uint64_t seed, steady_time now,
              wall_time wall_now) {
  choice made;
  made.demand = make_demand(chat, m, l);
  auto& fields = made.fields;
  fields.resize(m.deployments.size());
  std::vector<routing::candidate> candidates;
  candidates.reserve(m.deployments.size());
  for (std::size_t i = 0; i < m.deployments.size(); ++i) {
    const upstream::deployment& d = *m.deployments[i];
    if (!d.off) {
      if (auto why = d.dialect->cannot_carry(chat, d.target())) fields[i] = why->field.empty() ? why->message : std::move(why->field);
    }
    candidates.push_back(as_candidate(d, fields[i], now));
  }
  made.plan = routing::make_plan({.candidates = candidates,
                                  .demand = made.demand,
                                  .require = m.require,
                                  .strategy = m.strategy,
                                  .labels = s.labels,
                                  .seed = seed,
                                  .now = now,
                                  .wall_now = wall_now});
  return made;
}

result<void> plan(exchange& x) {
  x.record.strategy = routing::to_string(x.model->strategy);
  x.chosen = choose(*x.settings, *x.model, x.chat, x.judged.label, x.shared.random(), x.now(), x.shared.shard.time().wall_now());
  const routing::plan& made = x.chosen.plan;
  if (made.refusal) {
    error e = *made.refusal;
    if (made.frees_at && !e.retry_after) e.retry_after = deadline(*made.frees_at).left(x.now());
    return fail(std::move(e));
  }
  return {};
}

}  // namespace naru::flow
