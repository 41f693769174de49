#include <algorithm>
#include <string>

#include "providers/dialects/bedrock_converse/request.hpp"
#include "providers/dialects/foreign.hpp"

namespace naru::dialects::bedrock_converse {
namespace {

using bedrock::family;

/// A model that takes no sampling parameters still comes here with a 1, which says nothing and is left out (see first_refused).
void write_inference(const chat_request& r, const target& t, json::writer& w) {
  std::string fields;
  json::writer own(fields);
  own.begin_object();
  if (r.max_output_tokens) own.field("maxTokens", *r.max_output_tokens);
  if (!constrained(t, "no_sampling_params") && !constrained(t, "sampling_params_deprecated")) {
    if (r.temperature) own.field("temperature", *r.temperature);
    if (r.top_p) own.field("topP", *r.top_p);
  }
  // An empty stop string never stops anything, and the service refuses it.
  if (!std::ranges::all_of(r.stop, &std::string_view::empty)) {
    own.key("stopSequences").begin_array();
    for (const auto stop : r.stop) {
      if (!stop.empty()) own.string(stop);
    }
    own.end_array();
  }
  own.end_object();
  if (fields != "{}") w.key("inferenceConfig").raw(fields);
}

/// The answer's form, and Claude's effort. Whether the schema binds cannot be said: it always does.
result<void> write_output(const chat_request& r, const thinking& plan, json::writer& w) {
  const bool wants_schema = r.response_format.what == response_format::kind::json_schema;
  const bool effort = plan.how == thinking::mode::adaptive && !plan.effort.empty();
  if (!wants_schema && !effort) return {};
  w.key("outputConfig").begin_object();
  if (wants_schema) {
    const auto& f = r.response_format;
    if (!f.schema || !f.schema->is_object()) {
      return fail(error_code::bad_request, "want a JSON Schema object", "response_format.json_schema.schema");
    }
    w.key("textFormat").begin_object().field("type", "json_schema").key("structure").begin_object().key("jsonSchema").begin_object();
    w.field("schema", json::to_text(*f.schema));  // a string that holds the JSON text
    if (!f.name.empty()) w.field("name", f.name);
    if (!f.description.empty()) w.field("description", f.description);
    w.end_object().end_object().end_object();
  }
  if (effort) w.field("effort", plan.effort);
  w.end_object();
  return {};
}

void write_tier(std::string_view tier, json::writer& w) {
  if (tier.empty() || tier == "auto") return;
  w.key("serviceTier").begin_object().field("type", tier == "standard_only" ? "default" : tier).end_object();
}

/// Messages, tools and what the model's maker adds: also all that counts tokens.
result<void> write_prompt(const chat_request& r, const thinking& plan, family f, json::writer& w) {
  if (auto ok = write_messages(r, f, w); !ok) return ok;
  if (auto ok = write_tools(r, f, w); !ok) return ok;
  write_model_fields(r, plan, f, w);
  return {};
}

result<wire_request> write_count(const chat_request& r, const target& t, const thinking& plan) {
  wire_request out{bedrock::model_path(t.model, "count-tokens"), {}, {}, {}};
  json::writer w(out.body);
  w.begin_object().key("input").begin_object().key("converse").begin_object();
  if (auto ok = write_prompt(r, plan, bedrock::family_of(t.model), w); !ok) return fail(std::move(ok.error()));
  w.end_object().end_object().end_object();
  return out;
}

}  // namespace

result<wire_request> write_request(const chat_request& r, const target& t) {
  const auto plan = plan_thinking(r, t);
  if (!plan) return fail(plan.error());
  if (r.kind == request_kind::token_count) return write_count(r, t, *plan);
  const family f = bedrock::family_of(t.model);
  wire_request out{bedrock::model_path(t.model, r.stream ? "converse-stream" : "converse"), {}, {}, {}};
  json::writer w(out.body);
  w.begin_object();
  if (auto ok = write_prompt(r, *plan, f, w); !ok) return fail(std::move(ok.error()));
  write_inference(r, t, w);
  if (auto ok = write_output(r, *plan, w); !ok) return fail(std::move(ok.error()));
  write_tier(r.service_tier, w);
  // Which stop string it was is told by Claude's own field alone, when asked for.
  if (f == family::claude && !r.stop.empty()) w.key("additionalModelResponseFieldPaths").begin_array().string("/stop_sequence").end_array();
  w.end_object();
  return out;
}

}  // namespace naru::dialects::bedrock_converse
