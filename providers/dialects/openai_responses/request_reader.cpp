#include <algorithm>
#include <array>

#include "providers/dialects/openai_responses/openai_responses.hpp"
#include "providers/dialects/openai_responses/request.hpp"

namespace naru::dialects::openai_responses {
namespace {

constexpr std::uint64_t most_output_tokens = std::uint64_t{1} << 32;  // three orders above what any model writes

void read_reasoning(strict& s, const path& at, json::value v, chat_request& r) {
  const auto o = s.object(at, v);
  if (!o) return;
  if (const auto effort = member(*o, "effort")) r.reasoning_effort = s.word(path{at, "effort"}, *effort);
  // `generate_summary` is the older name. How long the summary is to be is the vendor's own word.
  for (const std::string_view key : {"generate_summary", "summary"}) {
    const auto asked = member(*o, key);
    if (asked && !s.word(path{at, key}, *asked).empty()) r.thinking.shown = true;
  }
  keep_unknown(at, *o, {"effort", "summary", "generate_summary"}, r);
}

void read_include(strict& s, const path& at, json::value v, chat_request& r) {
  const auto list = s.array(at, v, "an array of strings");
  if (!list) return;
  std::size_t index = 0;
  for (const json::value item : *list) {
    const path here{at, index++};
    const auto word = s.string(here, item);
    if (!s.ok()) return;
    if (word == "message.output_text.logprobs") {
      r.logprobs = true;
    } else if (word != "reasoning.encrypted_content") {  // every vendor's proof of its reasoning is in the answer, asked for or not
      keep_whole(here, item, r);
    }
  }
}

void read_stream_options(strict& s, const path& at, json::value v, chat_request& r) {
  const auto o = s.object(at, v);
  if (!o) return;
  // The chat form's option, which Cursor sends with bodies of this one.
  if (const auto asked = member(*o, "include_usage")) r.include_usage = s.boolean(path{at, "include_usage"}, *asked).value_or(false);
  keep_unknown(at, *o, {"include_usage", "include_obfuscation"}, r);
}

/// Handlers of the top-level fields, which are never null here.
struct field {
  std::string_view name;
  void (*read)(strict&, const path&, json::value, chat_request&);
};

constexpr std::array fields{
    field{"model",
          [](strict& s, const path& at, json::value v, chat_request& r) { r.model = s.word(at, v, "the name of a model, a string"); }},
    // Read apart, in this order: instructions stand before the first item, wherever they stand in the body.
    field{"instructions", [](strict&, const path&, json::value, chat_request&) {}},
    field{"input", [](strict&, const path&, json::value, chat_request&) {}},
    field{"previous_response_id",
          [](strict& s, const path& at, json::value v, chat_request& r) { r.previous_response = s.word(at, v, "the id of a response"); }},
    field{"store", [](strict& s, const path& at, json::value v, chat_request& r) { r.store = s.boolean(at, v); }},
    field{"stream", [](strict& s, const path& at, json::value v, chat_request& r) { r.stream = s.boolean(at, v).value_or(false); }},
    field{"stream_options", read_stream_options},
    field{"tools", read_tools},
    field{"tool_choice", read_tool_choice},
    field{"parallel_tool_calls",
          [](strict& s, const path& at, json::value v, chat_request& r) { r.parallel_tool_calls = s.boolean(at, v); }},
    field{"text", read_text},
    field{"reasoning", read_reasoning},
    field{"include", read_include},
    field{"max_output_tokens",
          [](strict& s, const path& at, json::value v, chat_request& r) { r.max_output_tokens = s.whole(at, v, 1, most_output_tokens); }},
    field{"temperature", [](strict& s, const path& at, json::value v, chat_request& r) { r.temperature = s.number(at, v, 0, 2); }},
    field{"top_p", [](strict& s, const path& at, json::value v, chat_request& r) { r.top_p = s.number(at, v, 0, 1); }},
    field{"top_logprobs", [](strict& s, const path& at, json::value v, chat_request& r) { r.top_logprobs = s.whole(at, v, 0, 20); }},
    field{"truncation",
          [](strict& s, const path& at, json::value v, chat_request& r) {
            if (s.word(at, v) != "disabled") keep_whole(at, v, r);  // disabled is what happens anyway
          }},
    field{"background",
          [](strict& s, const path& at, json::value v, chat_request& r) {
            if (s.boolean(at, v).value_or(false)) keep_whole(at, v, r);
          }},
    field{"service_tier", [](strict& s, const path& at, json::value v, chat_request& r) { r.service_tier = s.word(at, v); }},
    field{"user",
          [](strict& s, const path& at, json::value v, chat_request& r) {
            const auto user = s.string(at, v);
            if (r.user.empty()) r.user = user;
          }},
    field{"safety_identifier",  // the newer name of `user`
          [](strict& s, const path& at, json::value v, chat_request& r) {
            if (const auto user = s.string(at, v); !user.empty()) r.user = user;
          }},
};

void read_conversation(strict& s, json::object root, chat_request& r) {
  if (const auto v = member(root, "instructions")) read_instructions(s, path{"instructions"}, *v, r);
  if (!s.ok()) return;
  if (const auto v = member(root, "input")) {
    read_input(s, path{"input"}, *v, r);
  } else if (!member(root, "prompt") && !member(root, "conversation") && r.previous_response.empty()) {
    s.missing(path{"input"}, "a string or an array of items");
  }
}

void check_whole(strict& s, json::object root, chat_request& r) {
  if (!member(root, "model") && !member(root, "prompt")) s.missing(path{"model"}, "the name of a model, a string");
  if (r.top_logprobs.value_or(0) > 0) r.logprobs = true;
  // Every request of this form has them, so that a form knows whom it is asked by.
  if (r.origins.empty()) r.origins.push_back(origin_text);
}

}  // namespace

bool looks_like_responses(json::object body) noexcept { return !json::find(body, "messages") && member(body, "input").has_value(); }

void keep_whole(const path& at, json::value v, chat_request& r) { r.extra.push_back({naru::keep(r, at.text()), v}); }

void keep_unknown(const path& at, json::object o, std::initializer_list<std::string_view> known, chat_request& r) {
  for (const auto& each : o) {
    if (json::is_null(each.value) || std::ranges::find(known, each.key) != known.end()) continue;
    keep_whole(path{at, each.key}, each.value, r);
  }
}

result<chat_request> read_request(const json::document& doc) {
  chat_request r;
  json::object root;
  if (doc.root().get(root) != simdjson::SUCCESS) {
    return fail(error_code::bad_request,
                "want a JSON object with \"model\" and \"input\", got " + std::string{json::type_name(doc.root())});
  }
  strict s;
  for (const auto& each : root) {
    if (json::is_null(each.value)) continue;  // the same as absent, everywhere in this form
    const auto* known = std::ranges::find(fields, each.key, &field::name);
    if (known == fields.end()) {
      r.extra.push_back({each.key, each.value});
    } else {
      known->read(s, path{each.key}, each.value, r);
    }
    if (!s.ok()) return fail(s.take());
  }
  read_conversation(s, root, r);
  if (!s.ok()) return fail(s.take());
  check_whole(s, root, r);
  if (!s.ok()) return fail(s.take());
  return r;
}

}  // namespace naru::dialects::openai_responses
