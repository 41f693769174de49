#include <algorithm>
#include <array>

#include "providers/dialects/anthropic_messages/anthropic_messages.hpp"
#include "providers/dialects/anthropic_messages/client_request.hpp"

// Source: types of @anthropic-ai/sdk 0.137.0 (version 2023-06-01) and 1.12.0; Messages API reference, 2026-11.
namespace naru::dialects::anthropic_messages {
namespace {

constexpr std::uint64_t most_output_tokens = std::uint64_t{1} << 32;  // three orders above what any model writes

void read_stops(strict& s, const place& at, json::value v, chat_request& r) {
  const auto list = s.array(at, v, "an array of strings");
  if (!list) return;
  std::size_t index = 0;
  for (const json::value item : *list) {
    const place here{at, index++};
    r.stop.push_back(s.string(here, item));
    if (!s.ok()) return;
  }
}

void read_metadata(strict& s, const place& at, json::value v, chat_request& r) {
  const auto o = s.object(at, v);
  if (!o) return;
  r.user = optional_text(s, at, *o, "user_id");
  keep_unknown(at, *o, {"user_id"}, r);
}

void read_output_config(strict& s, const place& at, json::value v, chat_request& r) {
  const auto o = s.object(at, v);
  if (!o) return;
  // An open list of words: a vendor's next one must not need a release here.
  if (const auto effort = member(*o, "effort")) r.reasoning_effort = s.word(place{at, "effort"}, *effort);
  if (const auto format = member(*o, "format")) read_format(s, place{at, "format"}, *format, r);
  keep_unknown(at, *o, {"effort", "format"}, r);
}

/// Handlers of the top-level fields, which are never null here.
struct field {
  std::string_view name;
  void (*read)(strict&, const place&, json::value, chat_request&);
};

constexpr std::array fields{
    field{"model",
          [](strict& s, const place& at, json::value v, chat_request& r) { r.model = s.word(at, v, "the name of a model, a string"); }},
    field{"messages", read_messages},
    field{"system", read_system},
    // 0 warms the cache of a prompt and answers nothing.
    field{"max_tokens",
          [](strict& s, const place& at, json::value v, chat_request& r) { r.max_output_tokens = s.whole(at, v, 0, most_output_tokens); }},
    field{"stream",
          [](strict& s, const place& at, json::value v, chat_request& r) {
            r.stream = s.boolean(at, v).value_or(false);
            r.include_usage = r.stream;  // this form's streams always tell it
          }},
    field{"stop_sequences", read_stops},
    field{"temperature", [](strict& s, const place& at, json::value v, chat_request& r) { r.temperature = s.number(at, v, 0, 1); }},
    field{"top_p", [](strict& s, const place& at, json::value v, chat_request& r) { r.top_p = s.number(at, v, 0, 1); }},
    field{"top_k", [](strict& s, const place& at, json::value v, chat_request& r) { r.top_k = s.whole(at, v, 0); }},
    field{"tools", read_tools},
    field{"tool_choice", read_tool_choice},
    field{"thinking", read_thinking},
    field{"output_config", read_output_config},
    field{"output_format", read_format},  // its name before it moved into output_config
    field{"metadata", read_metadata},
    field{"service_tier",
          [](strict& s, const place& at, json::value v, chat_request& r) {
            const auto tier = s.word(at, v);
            r.service_tier = tier == "standard_only" ? std::string_view{"default"} : tier;  // the same in OpenAI's word
          }},
};

/// cache_control of the whole request: the vendor marks the last block by itself, and so does this.
void mark_the_end(cache_mark mark, chat_request& r) {
  if (mark.empty() || r.messages.empty()) return;
  message& last = r.messages.back();
  if (last.role == role::tool) {
    last.cache = mark;
  } else if (!last.calls.empty()) {
    last.calls.back().cache = mark;
  } else if (!last.parts.empty()) {
    std::visit(
        [&](auto& part) {
          if constexpr (requires { part.cache; }) part.cache = mark;
        },
        last.parts.back());
  }
}

void check_whole(strict& s, json::object root, const chat_request& r) {
  if (!member(root, "model")) s.missing(place{"model"}, "the name of a model, a string");
  if (!member(root, "messages")) s.missing(place{"messages"}, "an array of messages");
  if (r.kind == request_kind::chat && !member(root, "max_tokens")) s.missing(place{"max_tokens"}, "a whole number of tokens");
}

}  // namespace

void keep_extra(const place& at, json::value v, chat_request& r) { r.extra.push_back({keep(r, at.text()), v}); }

void keep_unknown(const place& at, json::object o, std::initializer_list<std::string_view> known, chat_request& r) {
  for (const auto& one : o) {
    if (json::is_null(one.value) || std::ranges::find(known, one.key) != known.end()) continue;
    keep_extra(place{at, one.key}, one.value, r);
  }
}

std::string_view text_member(strict& s, const place& at, json::object o, std::string_view key) {
  const auto v = s.required(at, o, key, "a string");
  return v ? s.string(place{at, key}, *v) : std::string_view{};
}

std::string_view optional_text(strict& s, const place& at, json::object o, std::string_view key) {
  const auto v = member(o, key);
  return v ? s.string(place{at, key}, *v) : std::string_view{};
}

std::string_view type_of(strict& s, const place& at, json::object o, std::string_view wanted) {
  const auto v = s.required(at, o, "type", wanted);
  return v ? s.word(place{at, "type"}, *v, wanted) : std::string_view{};
}

result<chat_request> read_request(const json::document& doc, const addressed& to, request_kind kind) {
  chat_request r;
  r.kind = kind;
  r.form = dialect_name;
  json::object root;
  if (doc.root().get(root) != simdjson::SUCCESS) {
    return fail(error_code::bad_request,
                "want a JSON object with \"model\", \"max_tokens\" and \"messages\", got " + std::string{json::type_name(doc.root())});
  }
  strict s;
  cache_mark whole;
  for (const auto& one : root) {
    if (json::is_null(one.value)) continue;  // the same as absent
    const auto* known = std::ranges::find(fields, one.key, &field::name);
    if (known != fields.end()) {
      known->read(s, place{one.key}, one.value, r);
    } else if (one.key == "cache_control") {
      whole = read_cache_mark(s, place{one.key}, one.value);
    } else {
      r.extra.push_back({one.key, one.value});
    }
    if (!s.ok()) return fail(s.take());
  }
  check_whole(s, root, r);
  if (!s.ok()) return fail(s.take());
  mark_the_end(whole, r);
  for (const auto& h : to.headers) {
    if (h.name.starts_with(header_prefix)) r.headers.push_back(h);
  }
  return r;
}

}  // namespace naru::dialects::anthropic_messages
