#include <string>

#include "core/json/writer.hpp"
#include "providers/dialects/foreign.hpp"
#include "providers/dialects/places.hpp"
#include "providers/dialects/tgi/parts.hpp"

// Source: text-generation-inference, OpenAPI 3.3.6-dev0 and the router's source (2026-01).
namespace naru::dialects::tgi {
namespace {

constexpr std::string_view form = "TGI's own form";
constexpr field_places has{.top_k = true, .repeat_penalty = true, .penalties = true, .seed = true, .stop = true, .json_schema = true};

std::optional<error> value_out_of_range(const chat_request& r) {
  if (r.presence_penalty.value_or(0) != 0) return cannot("presence_penalty", "this server knows a frequency penalty alone");
  if (r.frequency_penalty && *r.frequency_penalty <= -2) return cannot("frequency_penalty", "this server takes more than -2");
  if (r.repeat_penalty && *r.repeat_penalty <= 0) return cannot("repeat_penalty", "this server takes more than 0");
  if (r.temperature.value_or(0) < 0) return cannot("temperature", "this server takes no negative temperature");
  if (r.top_p && !(*r.top_p > 0 && *r.top_p <= 1)) return cannot("top_p", "this server takes more than 0, and up to 1");
  if (r.top_k && *r.top_k == 0) return cannot("top_k", "this server takes 1 or more");
  if (r.seed.value_or(0) < 0) return cannot("seed", "this server takes no negative seed");
  return std::nullopt;
}

/// A temperature of 0 is invalid here and means no sampling; the server's own default is none either.
void write_sampling(const chat_request& r, json::writer& w) {
  const bool greedy = r.temperature && *r.temperature == 0;
  const bool samples = !greedy && (r.temperature || r.top_p || r.top_k);
  if (greedy) w.field("do_sample", false);
  if (samples) w.field("do_sample", true);
  if (r.temperature && !greedy) w.field("temperature", *r.temperature);
  if (r.top_p && *r.top_p < 1 && !greedy) w.field("top_p", *r.top_p);
  if (r.top_k && !greedy) w.field("top_k", *r.top_k);
  if (r.repeat_penalty) w.field("repetition_penalty", *r.repeat_penalty);
  if (r.frequency_penalty.value_or(0) != 0) w.field("frequency_penalty", *r.frequency_penalty);
  if (r.seed) w.field("seed", *r.seed);
  if (r.stop.empty()) return;
  w.key("stop").begin_array();
  for (const auto stop : r.stop) w.string(stop);
  w.end_array();
}

}  // namespace

std::optional<error> cannot_carry(const chat_request& r, const target& t) {
  if (auto e = first_missing(r, t, form, has)) return e;
  if (auto e = value_out_of_range(r)) return e;
  const auto prompt = only_user_text(r, form);
  return prompt ? std::nullopt : std::optional{prompt.error()};
}

result<wire_request> write_request(const chat_request& r, const target&) {
  const auto prompt = only_user_text(r, form);
  if (!prompt) return fail(prompt.error());
  wire_request out{.path = r.stream ? "/generate_stream" : "/generate", .headers = {}, .body = {}, .spliced = {}};
  json::writer w(out.body);
  w.begin_object().field("inputs", *prompt).key("parameters").begin_object();
  if (r.max_output_tokens) w.field("max_new_tokens", *r.max_output_tokens);
  write_sampling(r, w);
  if (r.response_format.what == response_format::kind::json_schema) {
    const auto schema = answer_schema(r.response_format);
    if (!schema) return fail(schema.error());
    w.key("grammar").begin_object().field("type", "json").key("value").raw(*schema).end_object();
  }
  w.field("details", true).field("return_full_text", false);
  w.end_object().end_object();
  return out;
}

}  // namespace naru::dialects::tgi
