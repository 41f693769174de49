#include "providers/dialects/openai_chat/request_reader.hpp"

#include <algorithm>
#include <array>

#include "providers/dialects/openai_chat/extras.hpp"
#include "providers/dialects/openai_responses/openai_responses.hpp"
#include "providers/dialects/openai_responses/request.hpp"

namespace naru::dialects::openai_chat {
namespace {

constexpr std::uint64_t most_output_tokens = std::uint64_t{1} << 32;  // three orders above what any model writes

void read_stop(strict& s, const place& at, json::value v, chat_request& r) {
  constexpr std::string_view wanted = "a string or an array of strings";
  if (v.is_string()) {
    r.stop.push_back(s.string(at, v));
    return;
  }
  const auto list = s.array(at, v, wanted);
  if (!list) return;
  std::size_t index = 0;
  for (const json::value item : *list) {
    const place here{at, index++};
    r.stop.push_back(s.string(here, item));
    if (!s.ok()) return;
  }
}

void read_stream_options(strict& s, const place& at, json::value v, chat_request& r) {
  const auto o = s.object(at, v);
  if (!o) return;
  if (const auto asked = member(*o, "include_usage")) {
    r.include_usage = s.boolean(place{at, "include_usage"}, *asked).value_or(false);
  }
  keep_unknown(*o, {"include_usage"}, extras::stream_option, r);
}

/// Handlers of the top-level fields, which are never null here.
struct field {
  std::string_view name;
  void (*read)(strict&, const place&, json::value, chat_request&);
};

constexpr std::array fields{
    field{"messages", read_messages},
    field{"model",
          [](strict& s, const place& at, json::value v, chat_request& r) { r.model = s.word(at, v, "the name of a model, a string"); }},
    field{"stream", [](strict& s, const place& at, json::value v, chat_request& r) { r.stream = s.boolean(at, v).value_or(false); }},
    field{"stream_options", read_stream_options},
    field{"tools", read_tools},
    field{"tool_choice", read_tool_choice},
    field{"functions", read_legacy_functions},
    field{"function_call", read_legacy_function_call},
    field{"response_format", read_response_format},
    field{"stop", read_stop},
    field{"parallel_tool_calls",
          [](strict& s, const place& at, json::value v, chat_request& r) { r.parallel_tool_calls = s.boolean(at, v); }},
    // Deprecated name of max_completion_tokens, which wins wherever it stands in the body.
    field{"max_tokens",
          [](strict& s, const place& at, json::value v, chat_request& r) {
            const auto n = s.whole(at, v, 1, most_output_tokens);
            if (!r.max_output_tokens) r.max_output_tokens = n;
          }},
    field{"max_completion_tokens",
          [](strict& s, const place& at, json::value v, chat_request& r) { r.max_output_tokens = s.whole(at, v, 1, most_output_tokens); }},
    field{"temperature", [](strict& s, const place& at, json::value v, chat_request& r) { r.temperature = s.number(at, v, 0, 2); }},
    field{"top_p", [](strict& s, const place& at, json::value v, chat_request& r) { r.top_p = s.number(at, v, 0, 1); }},
    field{"top_k",
          [](strict& s, const place& at, json::value v, chat_request& r) {
            // vLLM's older way to say "all": the same as leaving it out.
            if (std::int64_t n = 0; v.get(n) == simdjson::SUCCESS && n == -1) return;
            r.top_k = s.whole(at, v, 0);
          }},
    field{"min_p", [](strict& s, const place& at, json::value v, chat_request& r) { r.min_p = s.number(at, v, 0, 1); }},
    field{"frequency_penalty",
          [](strict& s, const place& at, json::value v, chat_request& r) { r.frequency_penalty = s.number(at, v, -2, 2); }},
    field{"presence_penalty",
          [](strict& s, const place& at, json::value v, chat_request& r) { r.presence_penalty = s.number(at, v, -2, 2); }},
    field{"repetition_penalty",
          [](strict& s, const place& at, json::value v, chat_request& r) { r.repeat_penalty = s.number(at, v, 0, 100); }},
    field{"repeat_penalty", [](strict& s, const place& at, json::value v, chat_request& r) { r.repeat_penalty = s.number(at, v, 0, 100); }},
    field{"seed", [](strict& s, const place& at, json::value v, chat_request& r) { r.seed = s.integer(at, v); }},
    field{"n", [](strict& s, const place& at, json::value v, chat_request& r) { r.n = s.whole(at, v, 1, 128); }},
    field{"logprobs", [](strict& s, const place& at, json::value v, chat_request& r) { r.logprobs = s.boolean(at, v); }},
    field{"top_logprobs", [](strict& s, const place& at, json::value v, chat_request& r) { r.top_logprobs = s.whole(at, v, 0, 20); }},
    // Open lists: a vendor's next word must not need a release here. Other dialects refuse what they cannot map.
    field{"reasoning_effort", [](strict& s, const place& at, json::value v, chat_request& r) { r.reasoning_effort = s.word(at, v); }},
    field{"verbosity", [](strict& s, const place& at, json::value v, chat_request& r) { r.verbosity = s.word(at, v); }},
    field{"service_tier", [](strict& s, const place& at, json::value v, chat_request& r) { r.service_tier = s.word(at, v); }},
    field{"user",
          [](strict& s, const place& at, json::value v, chat_request& r) {
            const auto user = s.string(at, v);
            if (r.user.empty()) r.user = user;
          }},
    field{"safety_identifier",  // the newer name of `user`
          [](strict& s, const place& at, json::value v, chat_request& r) {
            if (const auto user = s.string(at, v); !user.empty()) r.user = user;
          }},
};

void check_whole(strict& s, json::object root, const chat_request& r) {
  if (!member(root, "model")) s.missing(place{"model"}, "the name of a model, a string");
  if (!member(root, "messages")) s.missing(place{"messages"}, "an array of messages");
  if (!r.stream && member(root, "stream_options")) s.refuse_rule(place{"stream_options"}, "only allowed with \"stream\": true");
  if (r.top_logprobs.value_or(0) > 0 && !r.logprobs.value_or(false))
    s.refuse_rule(place{"top_logprobs"}, "only allowed with \"logprobs\": true");
}

}  // namespace

void keep_unknown(json::object o, std::initializer_list<std::string_view> known, std::string_view name, chat_request& r) {
  for (const auto& member : o) {
    if (json::is_null(member.value) || std::ranges::find(known, member.key) != known.end()) continue;
    r.extra.push_back({name, member.value});
  }
}

bool read_field(strict& s, std::string_view name, json::value v, chat_request& r) {
  const auto* known = std::ranges::find(fields, name, &field::name);
  if (known == fields.end()) return false;
  known->read(s, place{name}, v, r);
  return true;
}

result<chat_request> read_request(const json::document& doc) {
  chat_request r;
  json::object root;
  if (doc.root().get(root) != simdjson::SUCCESS) {
    return fail(error_code::bad_request,
                "want a JSON object with \"model\" and \"messages\", got " + std::string{json::type_name(doc.root())});
  }
  if (openai_responses::looks_like_responses(root)) return openai_responses::read_request(doc);  // Cursor's way
  strict s;
  for (const auto& member : root) {
    if (json::is_null(member.value)) continue;  // the same as absent, everywhere in this form
    if (!read_field(s, member.key, member.value, r)) r.extra.push_back({member.key, member.value});
    if (!s.ok()) return fail(s.take());
  }
  check_whole(s, root, r);
  if (!s.ok()) return fail(s.take());
  return r;
}

}  // namespace naru::dialects::openai_chat
