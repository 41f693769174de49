#include "providers/dialects/foreign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/json/writer.hpp"

namespace naru::dialects {
namespace {

constexpr std::string_view base64_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool is_text_only_modality(const json::value& v) noexcept {
  if (!v.is_array()) return false;
  for (const json::value item : v.get_array().value_unsafe()) {
    if (!item.is_string() || item.get_string().value_unsafe() != "text") return false;
  }
  return true;
}

/// OpenAI's and Codex's words for those who bill, trace and cache: no answer depends on them.
bool is_hint(std::string_view name) noexcept {
  constexpr std::array hints{std::string_view{"metadata"}, std::string_view{"client_metadata"}, std::string_view{"prompt_cache_key"},
                             std::string_view{"prompt_cache_options"}, std::string_view{"prompt_cache_retention"}};
  return std::ranges::find(hints, name) != hints.end();
}

bool given(const std::optional<double>& v, double neutral) noexcept { return v && *v != neutral; }

std::optional<error> refused_sampling(const chat_request& r, const target& t) {
  if (!constrained(t, "no_sampling_params") && !constrained(t, "sampling_params_deprecated")) return std::nullopt;
  constexpr std::string_view why = "this model takes no sampling parameters; leave it out or ask for another model";
  // 1 is what such a model uses: the value is met by leaving it out (Anthropic's API accepts exactly that value, Google ignores it).
  if (given(r.temperature, 1)) return cannot("temperature", std::string{why});
  if (given(r.top_p, 1)) return cannot("top_p", std::string{why});
  if (r.top_k) return cannot("top_k", std::string{why});
  return std::nullopt;
}

std::optional<error> without_place(const chat_request& r, std::string_view form) {
  const auto none = [&](std::string field) { return cannot(std::move(field), fmt::format("{} has no such field", form)); };
  if (!r.previous_response.empty()) return none("previous_response_id");
  if (given(r.min_p, 0)) return none("min_p");
  if (given(r.repeat_penalty, 1)) return none("repeat_penalty");
  if (!r.verbosity.empty() && r.verbosity != "medium") return none("verbosity");  // medium is the default of those who have it
  for (std::size_t i = 0; i < r.messages.size(); ++i) {
    // A tool message's name repeats that of the call it answers.
    if (!r.messages[i].name.empty() && r.messages[i].role != role::tool) return none(message_path(i) + ".name");
  }
  for (const auto& e : r.extra) {
    if (!asks_for_nothing(e)) return none(std::string{e.name});
  }
  return std::nullopt;
}

}  // namespace

bool constrained(const target& t, std::string_view word) noexcept { return std::ranges::find(t.constraints, word) != t.constraints.end(); }

error cannot(std::string field, std::string why) {
  std::string message = fmt::format("{}: {}", field, why);
  return {error_code::unsupported_field, std::move(message), std::move(field), {}, std::nullopt};
}

std::string message_path(std::size_t message) { return fmt::format("messages[{}]", message); }
std::string part_path(std::size_t message, std::size_t part) { return fmt::format("messages[{}].content[{}]", message, part); }
std::string arguments_path(std::size_t message, std::size_t call) {
  return fmt::format("messages[{}].tool_calls[{}].function.arguments", message, call);
}
std::string tool_path(std::size_t tool) { return fmt::format("tools[{}]", tool); }

std::optional<error> refused_by_model(const chat_request& r, const target& t) {
  if (auto e = refused_sampling(r, t)) return e;
  if (const auto at = prefill(r); at && constrained(t, "no_prefill")) {
    return cannot(message_path(*at) + ".role", "this model does not continue an assistant message: the last message must be another's");
  }
  if (!r.stop.empty() && constrained(t, "no_stop")) return cannot("stop", "this model takes no stop sequences");
  if (constrained(t, "no_penalties")) {
    if (given(r.frequency_penalty, 0)) return cannot("frequency_penalty", "this model takes no penalties");
    if (given(r.presence_penalty, 0)) return cannot("presence_penalty", "this model takes no penalties");
  }
  if (r.logprobs.value_or(false) && constrained(t, "no_logprobs")) return cannot("logprobs", "this model gives no log probabilities");
  if (r.n.value_or(1) != 1 && (constrained(t, "n_1_only") || constrained(t, "no_candidate_count"))) {
    return cannot("n", "this model gives one answer a request");
  }
  if (asks_for_calls(r.tool_choice) && constrained(t, "tool_choice_auto_only")) {
    return cannot("tool_choice", "this model decides by itself whether it calls a tool");
  }
  return std::nullopt;
}

std::optional<error> first_refused(const chat_request& r, const target& t, std::string_view form) {
  if (auto e = refused_by_model(r, t)) return e;
  return without_place(r, form);
}

bool says_something(const message& m) noexcept {
  const auto empty_text = [](const part& p) {
    const auto* t = std::get_if<text_part>(&p);
    return t != nullptr && trim_blank(t->text).empty();
  };
  return !m.calls.empty() || m.role == role::tool || !std::ranges::all_of(m.parts, empty_text);
}

bool asks_for_nothing(const extra_field& e) noexcept {
  const json::value v = e.value;
  if (v.is_null() || is_hint(e.name)) return true;
  if (v.is_object() && v.get_object().value_unsafe().size() == 0) return true;
  if (v.is_array() && v.get_array().value_unsafe().size() == 0) return true;
  if (e.name == "modalities") return is_text_only_modality(v);
  if (e.name == "labels") return true;  // of a bill at Google
  // OpenAI's `store: false` asks that nothing be kept for later retrieval: vendors without such a store never do.
  return e.name == "store" && v.is_bool() && !v.get_bool().value_unsafe();
}

std::optional<std::size_t> prefill(const chat_request& r) noexcept {
  for (std::size_t i = r.messages.size(); i > 0; --i) {
    const message& m = r.messages[i - 1];
    if (is_system(m) || !says_something(m)) continue;
    return m.role == role::assistant ? std::optional{i - 1} : std::nullopt;
  }
  return std::nullopt;
}

result<std::string_view> arguments_object(const message& m, std::size_t message, std::size_t call) {
  const std::string_view text = trim_blank(m.calls[call].arguments);
  if (text.empty()) return std::string_view{"{}"};
  const auto doc = json::document::parse(text);
  if (!doc) {
    return fail(error_code::bad_request, "want the JSON text of an object: " + doc.error().message, arguments_path(message, call));
  }
  if (!doc->root().is_object()) {
    return fail(error_code::bad_request, fmt::format("want the JSON text of an object, got {}", json::type_name(doc->root())),
                arguments_path(message, call));
  }
  return text;
}

result<std::string> answer_schema(const response_format& f) {
  if (!f.schema || !f.schema->is_object()) {
    return fail(error_code::bad_request, "want a JSON Schema object", "response_format.json_schema.schema");
  }
  std::string text = json::to_text(*f.schema);
  if (f.description.empty() || json::find(f.schema->get_object().value_unsafe(), "description")) return text;
  return json::splice(text, {{"description", json::quoted(f.description)}});
}

std::string_view trim_blank(std::string_view s) noexcept {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = s.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return s.substr(first, s.find_last_not_of(blank) - first + 1);
}

bool asks_for_calls(const tool_choice& c) noexcept { return c.how == tool_choice::mode::required || c.how == tool_choice::mode::named; }
bool is_system(const message& m) noexcept { return m.role == role::system || m.role == role::developer; }

std::optional<std::string> decode_base64(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out;
  out.reserve(text.size() * 3 / 4);
  unsigned bits = 0;
  int held = 0;
  for (const char c : text) {
    const auto digit = base64_alphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = (bits << 6) | static_cast<unsigned>(digit);
    held += 6;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>((bits >> held) & 0xFF);
    }
  }
  return out;
}

std::string encode_base64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    unsigned bits = 0;
    for (std::size_t j = 0; j < 3; ++j) bits = (bits << 8) | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j) out += j <= count ? base64_alphabet[(bits >> (18 - 6 * j)) & 0x3F] : '=';
  }
  return out;
}

answer_failed unreadable(std::string why) {
  failure f;
  f.cls = failure_class::transient;
  f.type = "unreadable";
  f.message = std::move(why);
  return {std::move(f)};
}

std::optional<json::object> error_object(const json::document& doc) noexcept {
  json::value root = doc.root();
  if (root.is_array()) {
    const json::array all = root.get_array().value_unsafe();
    if (all.size() == 0) return std::nullopt;
    root = all.at(0).value_unsafe();
  }
  if (!root.is_object()) return std::nullopt;
  return json::get_object(root.get_object().value_unsafe(), "error");
}

failure begin_failure(int status, const std::vector<header>& headers, std::string_view body, void (*read_words)(json::object, failure&)) {
  failure f;
  f.status = status;
  f.not_here_again = forbids_retry(headers);
  if (const auto doc = json::document::parse(body)) {
    if (const auto error = error_object(*doc)) read_words(*error, f);
  }
  if (f.message.empty()) f.message = fmt::format("HTTP {} without a readable error", status);
  return f;
}

int status_named(std::span<const named_status> all, std::string_view name) noexcept {
  const auto found = std::ranges::find(all, name, &named_status::name);
  return found == all.end() ? 0 : found->status;
}

}  // namespace naru::dialects
