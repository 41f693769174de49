#include "providers/dialects/openai_responses/response.hpp"

#include "core/json/document.hpp"
#include "providers/dialects/openai_responses/request.hpp"

namespace naru::dialects::openai_responses {
namespace {

using json::writer;

template <class T>
void value_or_null(writer& w, std::string_view key, const std::optional<T>& v) {
  w.key(key);
  if (v)
    w.number(*v);
  else
    w.null();
}
void text_or_null(writer& w, std::string_view key, std::string_view text) {
  w.key(key);
  if (text.empty())
    w.null();
  else
    w.string(text);
}

const extra_field* find_extra(const chat_request& r, std::string_view name) noexcept {
  for (const auto& e : r.extra) {
    if (e.name == name) return &e;
  }
  return nullptr;
}

void write_tool_choice(writer& w, const chat_request& r) {
  w.key("tool_choice");
  switch (r.tool_choice.how) {
    case tool_choice::mode::none: w.string("none"); return;
    case tool_choice::mode::required: w.string("required"); return;
    case tool_choice::mode::named: w.begin_object().field("type", "function").field("name", r.tool_choice.name).end_object(); return;
    case tool_choice::mode::unset:
    case tool_choice::mode::automatic: break;
  }
  if (const auto* other = find_extra(r, "tool_choice.type"))
    w.raw(json::to_text(other->value));
  else
    w.string("auto");
}

void write_tools(writer& w, const chat_request& r) {
  w.key("tools").begin_array();
  for (const tool& t : r.tools) {
    w.begin_object().field("type", "function").field("name", t.name);
    text_or_null(w, "description", t.description);
    w.key("parameters");
    if (t.parameters)
      w.raw(json::to_text(*t.parameters));
    else
      w.null();
    w.field("strict", t.strict.value_or(true)).end_object();
  }
  for (const auto& e : r.extra) {
    if (e.name.starts_with("tools[") && e.name.ends_with(']')) w.raw(json::to_text(e.value));
  }
  w.end_array();
}

void write_text(writer& w, const chat_request& r) {
  const auto& f = r.response_format;
  w.key("text").begin_object().key("format").begin_object();
  if (f.what == response_format::kind::json_schema) {
    w.field("type", "json_schema").field("name", f.name);
    text_or_null(w, "description", f.description);
    w.key("schema").raw(f.schema ? json::to_text(*f.schema) : "{}").field("strict", f.strict.value_or(false));
  } else {
    w.field("type", f.what == response_format::kind::json_object ? "json_object" : "text");
  }
  w.end_object().field("verbosity", r.verbosity.empty() ? std::string_view{"medium"} : r.verbosity).end_object();
}

/// All that the type `Response` of OpenAI's SDK has beside the answer itself, null where it is not known.
std::string echo_of(const chat_request& r) {
  std::string out;
  writer w{out};
  w.begin_object().field("background", false);
  text_or_null(w, "instructions", instructions_of(r));
  value_or_null(w, "max_output_tokens", r.max_output_tokens);
  w.key("metadata");
  if (const auto* metadata = find_extra(r, "metadata"))
    w.raw(json::to_text(metadata->value));
  else
    w.begin_object().end_object();
  w.field("parallel_tool_calls", r.parallel_tool_calls.value_or(true));
  text_or_null(w, "previous_response_id", r.previous_response);
  w.key("reasoning").begin_object();
  text_or_null(w, "effort", r.reasoning_effort);
  w.key("summary");
  if (r.thinking.shown.value_or(false))
    w.string("auto");
  else
    w.null();
  w.end_object();
  w.field("store", false);  // nothing of an answer in another form is kept under this id
  value_or_null(w, "temperature", r.temperature);
  write_text(w, r);
  write_tool_choice(w, r);
  write_tools(w, r);
  value_or_null(w, "top_logprobs", r.top_logprobs);
  value_or_null(w, "top_p", r.top_p);
  w.field("truncation", "disabled");
  text_or_null(w, "safety_identifier", r.user);
  w.end_object();
  return out.substr(1, out.size() - 2);
}

void write_error(writer& w, const ending& how) {
  w.key("error");
  if (how.status != "failed") {
    w.null();
    return;
  }
  w.begin_object().field("code", how.error_code).field("message", how.error_message).end_object();
}

}  // namespace

std::string_view item_status(const std::vector<output_item>& items, std::size_t index, const ending& how) noexcept {
  if (items[index].open) return "in_progress";
  return how.status == "incomplete" && index + 1 == items.size() ? "incomplete" : "completed";
}

ending ending_of(finish_reason reason) noexcept {
  if (reason == finish_reason::length) return {.status = "incomplete", .incomplete_reason = "max_output_tokens"};
  if (reason == finish_reason::content_filter) return {.status = "incomplete", .incomplete_reason = "content_filter"};
  return {};
}

std::string_view failure_code(const error& e) noexcept {
  for (const std::string_view known : {"context_length_exceeded", "insufficient_quota", "rate_limit_exceeded"}) {
    if (e.reason == known) return known;
  }
  switch (e.code) {
    case error_code::context_too_long: return "context_length_exceeded";
    case error_code::payment_required: return "insufficient_quota";
    case error_code::rate_limited:
    case error_code::upstream_limited: return "rate_limit_exceeded";
    default: return http_status(e.code) < 500 ? "invalid_prompt" : "server_error";
  }
}

response_head::response_head(const chat_request& asked, std::string_view fallback_id, std::uint64_t created)
    : id_(fallback_id), model_(asked.model), created_(created), echo_(echo_of(asked)) {}

/// Clients tell a response by the front of its id.
void response_head::take(const answer_start& e) {
  if (!e.id.empty()) id_ = e.id.starts_with("resp_") ? e.id : "resp_" + e.id;
  if (!e.model.empty()) model_ = e.model;
  if (e.created != 0) created_ = e.created;
}

void response_head::write(std::string& out, const ending& how, const std::vector<output_item>& items, const usage* used) const {
  writer w{out};
  w.begin_object().field("id", id_).field("object", "response").field("created_at", created_).field("status", how.status);
  write_error(w, how);
  w.key("incomplete_details");
  if (how.incomplete_reason.empty())
    w.null();
  else
    w.begin_object().field("reason", how.incomplete_reason).end_object();
  w.field("model", model_).key("output").begin_array();
  for (std::size_t i = 0; i < items.size(); ++i) write_item(w, items[i], item_status(items, i, how));
  w.end_array().key("usage");
  if (used == nullptr)
    w.null();
  else
    write_usage(w, *used);
  w.field("service_tier", used == nullptr || used->tier.empty() ? std::string_view{"default"} : std::string_view{used->tier});
  out += ',';
  out += echo_;
  out += '}';
}

void write_usage(writer& w, const usage& u) {
  w.begin_object().field("input_tokens", u.input.value);
  w.key("input_tokens_details").begin_object().field("cached_tokens", u.cached.value);
  w.field("cache_write_tokens", u.cache_write.value + u.cache_write_long.value).end_object();
  w.field("output_tokens", u.output.value);
  w.key("output_tokens_details").begin_object().field("reasoning_tokens", u.reasoning.value).end_object();
  w.field("total_tokens", u.input.value + u.output.value).end_object();
}

std::string write_answer(const chat_request& asked, const std::vector<event>& events, std::string_view fallback_id, std::uint64_t created) {
  response_head head{asked, fallback_id, created};
  output items{nullptr};
  items.set_answer_id(head.id());
  ending how;
  usage used;  // zeros where the vendor gave none: clients of this form read the counts unasked
  for (const event& e : events) {
    if (const auto* start = std::get_if<answer_start>(&e)) {
      head.take(*start);
      items.set_answer_id(head.id());
    } else if (const auto* end = std::get_if<finished>(&e); end != nullptr && end->choice == 0) {
      how = ending_of(end->reason);
    } else if (const auto* report = std::get_if<usage_report>(&e)) {
      used = report->usage;
    } else {
      items.take(e);
    }
  }
  items.close();
  std::string out;
  head.write(out, how, items.items(), &used);
  return out;
}

}  // namespace naru::dialects::openai_responses
